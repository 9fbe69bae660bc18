import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/index.ts";
import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import type { Actor } from "../../src/core/command/command.ts";
import type { Iov } from "../../src/core/conditions/iov.ts";
import { rightsOf } from "../../src/core/permission/rights.ts";
import { type Harness, startHarness } from "../engine/harness.ts";
import { MemoryConditions } from "../fakes/memory-conditions.ts";
import { differences, shapeOf } from "./json-doc.ts";

const TYPES = "types: { t0: { description: Time zero }, spot: { description: Beam spot, one-run: true } }\n";
const FILES = {
  "calops.yaml": "experiment: Test\nruns: { attributes: { quality: string } }\n",
  "tags/prompt.yaml": `description: For reconstruction\nstate: RUNNING\n${TYPES}first-run: 3\n`,
  "tags/staging.yaml": `description: On its way\nupstream: prompt\n${TYPES}`,
  "tags/proc.yaml": `description: Once more\n${TYPES}`,
};

let harness: Harness;
const hashes: Record<string, string> = {};
beforeEach(async () => {
  harness = await startHarness({ files: FILES });
  await harness.settle();
  for (const name of ["a", "b", "c", "s"]) {
    const file = join(harness.root, name);
    writeFileSync(file, name);
    hashes[name] = (await harness.conditions.keep(name === "s" ? "spot" : "t0", file)).hash;
  }
});
afterEach(() => harness.stop());

const OWNER: Partial<Actor> = { via: "command-line", owner: true };
const PERSON: Partial<Actor> = { via: "slack", owner: false, roles: ["expert"], id: "ann" };

async function give(line: string, by: Partial<Actor> = OWNER) {
  const answer = await harness.command(line, by);
  return {
    ok: answer.ok,
    text: renderBlocks(answer.say, { width: 70, now: harness.clock.now(), zone: "UTC" }),
    data: answer.data as Record<string, never>,
  };
}
const textOf = async (line: string, by?: Partial<Actor>) => (await give(line, by)).text;

function iov(payload: string, from: number, until: number | null = null): Iov {
  const at = (major: number) => ({ major, minor: 0 });
  return {
    type: payload === "s" ? "spot" : "t0",
    payload: hashes[payload] ?? "",
    from: at(from),
    until: until === null ? null : at(until),
  };
}

async function put(tag: string, ...iovs: Iov[]): Promise<void> {
  const change = { kind: "put", iovs } as const;
  const key = `${tag} ${JSON.stringify(iovs)}`;
  const put = await harness.conditions.change({
    tag: { environment: "production", name: tag },
    change,
    key,
    by: "x",
    why: null,
  });
  expect(put).toMatchObject({ ok: true });
}

describe("global tags that git declares", () => {
  test("are there after the deployment, in their first state, and told as such", async () => {
    const { text, data } = await give("gt list");
    expect(data).toMatchObject([
      { tag: "proc", state: "OPEN", upstream: null },
      { tag: "prompt", state: "RUNNING", description: "For reconstruction" },
      { tag: "staging", state: "OPEN", upstream: "prompt" },
    ]);
    expect(text).not.toContain("not as in git");
    expect(await give("gt drift")).toMatchObject({ ok: true, data: [] });
    expect((await give("history tag")).data).toHaveLength(4);
  });

  test("are not made again by the next deployment or start, and follow what git says of description and upstream", async () => {
    await put("staging", iov("a", 5));
    const files = { ...FILES, "tags/staging.yaml": FILES["tags/staging.yaml"].replace("On its way", "Nearly there") };
    harness.repository.push(files, "words");
    await harness.follow();
    expect(await textOf("gt show staging")).toMatch(/staging is OPEN: Nearly there[\s\S]*t0 from 5/);
    harness = await harness.restart();
    await harness.settle();
    expect(await textOf("gt show staging")).toContain("t0 from 5");
    expect(await give("gt drift")).toMatchObject({ data: [] });
  });

  test("stay when they are not declared any more, and a state that differs is for people: both are drift", async () => {
    const { "tags/proc.yaml": _, ...files } = FILES;
    const now = { ...files, "tags/staging.yaml": `state: TESTING\n${FILES["tags/staging.yaml"]}` };
    harness.repository.push(now, "less");
    await harness.follow();
    const drift = await give("gt drift");
    expect(drift.data).toEqual([
      {
        tag: "staging",
        what: "state",
        git: "TESTING",
        store: "OPEN",
        instead: "gt state staging TESTING, or write state: OPEN into tags/staging.yaml",
      },
      expect.objectContaining({ tag: "proc", what: "undeclared", git: null, store: "OPEN" }),
    ]);
    expect(drift.text).toContain("proc (OPEN) is not declared");
    expect(await textOf("gt list")).toContain("not as in git");
    expect(await textOf("env production")).toMatch(
      /Not as git declares it:[\s\S]*staging is OPEN, and git says TESTING/,
    );
    expect(await textOf("env")).toContain("gt drift");
    harness.repository.push({ ...now, "README.md": "x" }, "words");
    expect((await textOf("plan")).replace(/\s+/g, " ")).toContain(
      "Global tags that are not as this declares them: - staging is OPEN, and git says TESTING",
    );
    expect(await give("gt state staging TESTING")).toMatchObject({ ok: true });
    expect((await give("gt drift")).data).toHaveLength(1);
  });

  test("are made later where the conditions do not answer at first", async () => {
    await harness.stop();
    const conditions = new MemoryConditions(() => 0);
    harness = await startHarness({ files: FILES, conditions });
    conditions.away = true;
    harness.repository.push({ ...FILES, "tags/new.yaml": `description: x\n${TYPES}` }, "new");
    await harness.follow();
    expect((await give("gt list")).text).toMatch(/conditions do not answer.*ask again later/s);
    await harness.pass(61_000);
    expect(harness.faults).toEqual([]);
    conditions.away = false;
    await harness.pass(61_000);
    expect(await textOf("gt list")).toContain("new ");
  });
});

describe("what holds", () => {
  beforeEach(async () => {
    await put("staging", iov("a", 5, 8), iov("b", 8), iov("s", 6, 7));
  });

  test("is told for a run, with what is missing and whether that is an error", async () => {
    expect(await textOf("iov staging at 6")).toMatch(
      /staging at 6:[\s\S]*spot 6 to before 7: [0-9a-f]{12}[\s\S]*t0 5 to before 8/,
    );
    const { text: eight, data } = await give("iov staging 9");
    expect(eight).toMatch(/t0 from 8[\s\S]*Missing, and needed for each run: spot/);
    expect(data).toMatchObject({ at: { major: 9, minor: 0 }, missing: ["spot"] });
    expect(await textOf("iov staging at 9 t0")).not.toContain("spot");
    expect(await textOf("iov staging at 2")).toMatch(/holds nothing at 2[\s\S]*Nothing of: t0/);
    expect(await textOf("gt show staging --at 5.3")).toContain("staging at 5.3:");
  });

  test("is told of one payload type, newest first, and for runs to come", async () => {
    expect(await textOf("gt show staging --type t0")).toMatch(
      /2 intervals of t0, newest first:\s*- t0 from 8.*\s*- t0 5 to/,
    );
    expect(await textOf("gt show staging")).toMatch(/For runs to come:\s*- t0 from 8/);
    expect(await textOf("gt show prompt")).toMatch(/fed by +staging[\s\S]*It holds nothing for runs to come/);
  });

  test.each([
    ["iov staging at x", /"x" is no run.*26\.3/],
    ["iov stagin at 5", /There is no global tag stagin; write staging/],
    ["gt show staging --type t1", /holds nothing of t1; write t0/],
    ["gt show prompt --type t0", /prompt holds nothing of t0 yet/],
    ["gt diff staging nothing", /There is no global tag nothing/],
    ["gt diff staging proc --runs 9-3", /is no run or range of runs/],
    ["gt", /"gt" alone is no command: write gt list/i],
    ["payload xyz", /is no payload/],
    ["payload 000000", /There is no payload 000000/],
  ])("is not told of what there is not: %s", async (line, expected) => {
    const { ok, text } = await give(line);
    expect(ok).toBe(false);
    expect(text.replace(/\s+/g, " ")).toMatch(expected);
  });

  test("differs between tags, in lines that a merge request colours", async () => {
    await put("proc", iov("a", 5, 9), iov("c", 9));
    const { text, data } = await give("gt diff staging proc");
    expect(text.split("\n").map((line) => line.trimEnd())).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/\| {3}staging -> proc$/),
        expect.stringMatching(/spot \(only in the first\)$/),
        expect.stringMatching(new RegExp(`- {3}8 to before 9 {2}${hashes["b"]?.slice(0, 12)}`)),
        expect.stringMatching(new RegExp(`\\+ {3}8 to before 9 {2}${hashes["a"]?.slice(0, 12)}`)),
        expect.stringMatching(new RegExp(`\\+ {3}from 9 {2}${hashes["c"]?.slice(0, 12)}`)),
      ]),
    );
    expect(data).toMatchObject({ same: false, typesRemoved: ["spot"], sameTypes: 0 });
    expect(await textOf("gt diff staging proc --type t0 --runs 5-7")).toContain("hold the same for 5-7");
  });

  test("is told by payload: what it is, and where it holds", async () => {
    const short = hashes["a"]?.slice(0, 8) ?? "";
    expect(await textOf(`payload ${short}`)).toMatch(/^t0 [0-9a-f]{12}[\s\S]*1 B[\s\S]*staging, 5 to before 8/);
    expect(await textOf(`payload ${hashes["c"]}`)).toContain("It is in no global tag");
  });
});

describe("changing a tag", () => {
  beforeEach(async () => {
    await put("staging", iov("a", 5, 8), iov("b", 8), iov("s", 6, 7));
  });

  test("clones it as it is now, under a name that git could have", async () => {
    expect(await textOf('gt clone staging bucket-9 --why "ninth bucket"')).toContain("tags/bucket-9.yaml declares it");
    await put("staging", iov("c", 20));
    expect(await give("gt show bucket-9")).toMatchObject({
      data: { tag: { state: "OPEN", description: "ninth bucket" } },
    });
    expect(await textOf("gt show bucket-9")).not.toContain("from 20");
    expect(await give("gt clone staging bucket-9")).toMatchObject({ ok: false });
    expect(await textOf("gt clone staging Bucket_9")).toContain("is not a name");
    expect((await give("gt history bucket-9")).data).toMatchObject([{ kind: "clone", by: "ann", why: "ninth bucket" }]);
  });

  test("merges by priority, for some runs", async () => {
    await put("proc", iov("c", 7));
    await harness.command("gt clone staging first", OWNER);
    expect(await textOf("gt merge first staging proc --runs 5-7")).toMatch(/Added:[\s\S]*t0 5 to before 8/);
    expect(await textOf("iov proc at 7")).toContain(hashes["a"]?.slice(0, 12));
    expect(await textOf("iov proc at 8")).toContain(hashes["c"]?.slice(0, 12));
    expect(await textOf("gt merge proc proc")).toContain("cannot be merged into itself");
    expect(await textOf("gt merge proc")).toContain("What into what?");
    expect(await textOf("gt merge proc nothing staging")).toContain("There is no global tag nothing");
    expect(await textOf("gt merge staging prompt")).toMatch(/prompt is RUNNING.*append to it instead/s);
  });

  test("appends to a running tag: what is closed, added and next is told, and nothing earlier is taken", async () => {
    await put("proc", iov("a", 5));
    expect(await give("gt append prompt proc --from 5")).toMatchObject({ ok: true });
    await put("proc", iov("b", 9));
    const told = await textOf("gt append prompt proc --from 9");
    expect(told).toMatch(
      /Closed:\s*- t0 from 5: [0-9a-f]{12} ends at 9\s*Added:\s*- t0 from 9[\s\S]*Next that can be appended:\s*- t0 10/,
    );
    expect(await textOf("gt append prompt proc --from 9")).toContain("holds already what proc has");
    await put("proc", iov("c", 7));
    const early = await give("gt append prompt proc --from 7");
    expect(early).toMatchObject({ ok: false });
    expect(early.text.replace(/\s+/g, " ")).toMatch(/too early.*9\.1.*gt clone/);
    expect(await textOf("gt append prompt proc")).toContain("Add --from RUN");
    expect(await textOf("gt append proc staging --from 5")).toContain("only a RUNNING tag is appended to");
  });

  test("keeps to what git declares: first run, payload types, one run", async () => {
    await put("proc", iov("a", 1));
    expect(await textOf("gt append prompt proc --from 2")).toMatch(/begins before\s+3/);
    expect(await textOf(`gt put staging ${hashes["s"]} --from 9`)).toMatch(/holds for one\s+run only/);
    expect(await give(`gt put staging ${hashes["s"]} --runs 9`)).toMatchObject({ ok: true });
    const file = join(harness.root, "gains");
    writeFileSync(file, "g");
    const { hash } = await harness.conditions.keep("gains", file);
    expect(await textOf(`gt put staging ${hash} --from 9`)).toMatch(/has no\s+payload\s+type\s+gains/);
  });

  test("takes out of an open tag what is to hold no more", async () => {
    expect(await textOf("gt remove staging t0 --runs 6-8")).toMatch(
      /holds nothing of t0 6 to before 9 now[\s\S]*Cut:\s*- t0 5 to before 8: [0-9a-f]{12} -> 5 to before 6/,
    );
    expect(await textOf("iov staging at 8")).not.toContain("t0 ");
    expect(await textOf("iov staging at 9")).toContain("t0 from 9");
    expect(await textOf("gt remove staging t0 --runs 7")).toContain("there is nothing to take out");
    expect(await textOf("gt remove staging t0")).toContain("For which runs?");
    await harness.command("gt state staging TESTING", OWNER);
    expect(await textOf("gt remove staging t0 --from 5")).toContain("make it OPEN again first");
  });

  test("shows it first, and does it once somebody says yes", async () => {
    const asked = await give(`gt put staging ${hashes["c"]} --from 12`, PERSON);
    expect(asked.text).toMatch(
      /This lets t0 [0-9a-f]{12} from 12 hold in staging[\s\S]*Closed:[\s\S]*Nothing is done yet/,
    );
    expect(await textOf("iov staging at 12")).not.toContain(hashes["c"]?.slice(0, 12));
    expect(await textOf(`confirm ${asked.data["confirm"]}`, PERSON)).toContain("In staging now");
    expect(await textOf("iov staging at 12")).toContain(hashes["c"]?.slice(0, 12));
  });

  test("asks anew where the tag is another by then", async () => {
    const asked = await give(`gt put staging ${hashes["c"]} --from 12`, PERSON);
    await put("staging", iov("a", 15));
    expect(await textOf(`confirm ${asked.data["confirm"]}`, PERSON)).toContain("changed since you were asked");
  });

  test("asks anew where another tag that it takes from is another by then", async () => {
    const lines = ["gt append prompt staging --from 8", "gt merge staging proc", "gt clone staging third"];
    for (const [index, line] of lines.entries()) {
      const asked = await give(line, PERSON);
      await put("staging", iov(index === 1 ? "a" : "c", 20 + index));
      expect(await textOf(`confirm ${asked.data["confirm"]}`, PERSON), line).toContain("changed since you were asked");
    }
  });

  test("only tells with --dry-run", async () => {
    const { text, data } = await give(`gt put staging ${hashes["c"]} --from 12 --dry-run`);
    expect(text).toContain("Nothing was done.");
    expect(data).toMatchObject({ dryRun: true, added: [{ type: "t0" }] });
    expect((await give("gt history staging")).data).toHaveLength(2);
  });

  test("is for experts, there where they are", async () => {
    expect(await textOf("gt clone staging x", { ...PERSON, roles: ["shifter"] })).toMatch(/role expert/);
  });
});

describe("the state of a tag", () => {
  test("goes its way, and the end asks for the name once more", async () => {
    expect(await give("gt state proc TESTING")).toMatchObject({ ok: true });
    expect(await textOf("gt state proc PUBLISHED --name proc")).toMatch(/becomes VALIDATED or\s+OPEN/);
    expect(await give("gt state proc VALIDATED")).toMatchObject({ ok: true });
    expect(await textOf("gt state proc PUBLISHED")).toMatch(/gt state proc PUBLISHED --name\s+proc/);
    expect(await textOf("gt state proc PUBLISHED --name prok")).toContain("not the same");
    const asked = await give("gt state proc PUBLISHED --name proc", PERSON);
    expect(asked.text).toMatch(/never changes again/);
    expect(await textOf(`confirm ${asked.data["confirm"]}`, PERSON)).toMatch(
      /proc is PUBLISHED now[\s\S]*tags\/proc\.yaml/,
    );
    expect(await textOf(`gt put proc ${hashes["a"]} --from 5`)).toMatch(/proc is PUBLISHED and keeps what it has/);
    expect((await give("history tag production/proc")).data[0]).toMatchObject({
      event: "state",
      by: "ann",
      detail: { to: "PUBLISHED" },
    });
  });
});

describe("rights", () => {
  const ROLES = {
    t0: { commands: { upTo: "expert" }, workflows: ["t0"], environments: undefined, channels: undefined },
    mirrors: { commands: { upTo: "expert" }, workflows: undefined, environments: ["mirror/**"], channels: undefined },
    publisher: { commands: ["gt state"], workflows: undefined, environments: undefined, channels: undefined },
  } as const;
  const withRole = (role: keyof typeof ROLES) => ({
    ...PERSON,
    roles: [role],
    rights: rightsOf({ roles: ROLES, unknown: undefined, people: {} }),
  });

  test("for one workflow, or for mirrors, are none for tags that every workflow uses", async () => {
    await put("staging", iov("a", 5));
    for (const line of [
      "gt clone staging mine",
      "gt state proc TESTING",
      "gt merge staging proc",
      "gt append prompt staging --from 5",
      `gt put proc ${hashes["a"]} --from 5`,
    ]) {
      expect(await textOf(line, withRole("t0")), line).toMatch(/only for workflows t0/);
      expect(await textOf(line, withRole("mirrors")), line).toMatch(/only in environments mirror/);
    }
    expect((await give("gt list")).data).toHaveLength(3);
  });

  test("can be for one command of tags alone", async () => {
    expect(await textOf("gt state proc TESTING", withRole("publisher"))).toContain("Nothing is done yet");
    expect(await textOf("gt clone proc mine", withRole("publisher"))).toMatch(/role expert/);
  });
});

describe("in a mirror", () => {
  const MIRRORS = 'mirrors: { branches: ["*"], runs: { last: 2 }, channel: "#dev", isolation: none }\n';

  test("tags of production are seen until one is changed there, and what its branch declares is made there", async () => {
    const files = { ...FILES, "environments.yaml": MIRRORS };
    harness.repository.push(files, "mirrors");
    await harness.follow();
    await put("staging", iov("a", 5));
    const branch = { ...files, "tags/new.yaml": `description: x\n${TYPES}` };
    harness.repository.push({ ...branch, "tags/proc.yaml": `description: y\n${TYPES}` }, "try", { branch: "try" });
    await harness.follow();
    expect(await give(`gt put staging ${hashes["b"]} --from 7 --env mirror/try`)).toMatchObject({ ok: true });
    expect(await textOf("gt show staging --env mirror/try")).toContain("t0 from 7");
    expect(await textOf("gt show staging")).toContain("t0 from 5");
    expect(await textOf("gt show prompt --env mirror/try")).toMatch(/production's,\s+until it is changed here/);
    expect(await textOf("gt show new --env mirror/try")).toContain("new is OPEN");
    expect(await textOf("gt show new")).toContain("There is no global tag new");
    expect((await give("gt drift --env mirror/try")).data).toMatchObject([
      { tag: "proc", what: "description", instead: "it is production's, and changes there" },
    ]);
    expect((await give("gt drift")).data).toEqual([]);
  });
});

test("an export says where it stands, and that nothing was written where nothing changed", async () => {
  await put("staging", iov("a", 5));
  const { text, data } = await give("gt export staging");
  expect(text).toMatch(/staging is exported: 1 interval of 1 payload, 1 of them\s+new/);
  expect(readFileSync(join(data["place"] as never, "t0/Run5/payload"), "utf8")).toBe("a");
  expect(await textOf("gt export staging")).toContain("was exported like this already");
  expect(await give("gt export staging --sqlite")).toMatchObject({ ok: true, data: { form: "sqlite", changed: true } });
  expect(await textOf("gt export stagin")).toContain("write staging");
  expect((await give("history tag production/staging")).data).toMatchObject([
    { event: "exported" },
    { event: "exported" },
    {},
  ]);
});

describe("payload put", () => {
  test("keeps a file of the bot's machine, for whoever is there", async () => {
    const file = join(harness.root, "new");
    writeFileSync(file, "new");
    expect(await give(`payload put ${file} --type t0`)).toMatchObject({ ok: true, data: { type: "t0", bytes: 3 } });
    expect(await textOf(`payload put ${file} --type t1`)).toContain("write t0");
    expect(await textOf(`payload put ${file}`)).toContain("Of which payload type?");
    expect(await textOf("payload put new --type t0")).toContain("not a whole path");
    expect(await textOf(`payload put ${file}.gone --type t0`)).toMatch(/cannot be read/);
    expect(await textOf("payload put /etc/passwd --type t0", PERSON)).toContain("only for its command line there");
  });
});

test("the data of each has the fields that it describes", async () => {
  await put("staging", iov("a", 5, 8), iov("b", 8), iov("s", 6, 7));
  await put("proc", iov("c", 7));
  const lines = [
    "gt list",
    "gt show staging",
    "gt show staging --at 6",
    "gt diff staging proc",
    "gt history staging",
    "gt clone staging other",
    "gt drift",
    "gt merge staging proc",
    `gt put proc ${hashes["c"]} --from 30`,
    "gt append prompt proc --from 30",
    "gt remove proc t0 --runs 10",
    "gt state other TESTING",
    "gt export staging",
    "iov staging at 6",
    `payload ${hashes["a"]}`,
    `payload put ${join(harness.root, "a")} --type t0`,
  ];
  for (const line of lines) {
    const { ok, data, text } = await give(line);
    const name = COMMANDS.map((one) => one.name)
      .filter((one) => line.startsWith(one))
      .sort((a, b) => b.length - a.length)[0];
    const doc = COMMANDS.find((one) => one.name === name)?.json ?? "";
    expect([line, ok, text]).toEqual([line, true, text]);
    expect(differences(shapeOf(doc), data), line).toEqual([]);
  }
});
