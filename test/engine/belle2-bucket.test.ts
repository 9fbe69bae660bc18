import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Answer } from "../../src/core/command/command.ts";
import { textOf } from "../fakes/memory-chat.ts";
import type { Files } from "../fakes/memory-repository.ts";
import type { Script } from "../fakes/scripted-executor.ts";
import { type Harness, startHarness } from "./harness.ts";

const FIXTURE = join(import.meta.dirname, "../fixtures/belle2");
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  umberto: ["calibration-manager", "expert"],
  francis: ["calibration-admin", "expert"],
  luka: ["local-expert"],
  makoto: ["tracking-expert"],
  martin: ["production-expert"],
  ezio: ["calibration-expert"],
};
const LOCAL = ["svd", "pxd", "top-local", "klm-local"];
const OTHERS = ["ecl", "klm", "arich", "top", "beam-energy"];

let h: Harness;
afterEach(async () => {
  expect(h.faults).toEqual([]);
  await h.stop();
});

/** The fixture as a repository; its runs are taken by the test, and its jobs by the one executor that is there. */
function fixture(): Files {
  const paths = readdirSync(FIXTURE, { recursive: true, encoding: "utf8" }).map((path) => join(FIXTURE, path));
  const files = paths.filter((path) => statSync(path).isFile() && !path.endsWith("README.md"));
  const texts = files.map((path) => [relative(FIXTURE, path), readFileSync(path, "utf8")] as const);
  const { "calops.yaml": calops = "", ...rest } = Object.fromEntries(texts);
  return { ...rest, "calops.yaml": calops.replace(/^sources:\n.*\n/m, "").replace("  bnl:", "  local:") };
}

/** Runs the script of the fixture for real. */
const script: Script = ({ command, env }) => {
  const out = mkdtempSync(join(tmpdir(), "calops-belle2-"));
  try {
    const [program = "", ...args] = command;
    const ran = spawnSync(program, args, {
      env: { PATH: process.env["PATH"], ...env, CALOPS_OUT: out },
      encoding: "utf8",
    });
    const outputs = Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), "utf8")]));
    return { exit: ran.status ?? 1, log: ran.stdout + ran.stderr, outputs };
  } finally {
    rmSync(out, { recursive: true });
  }
};

async function by(person: string, line: string): Promise<Answer> {
  return await h.command(line, { id: person, roles: PEOPLE[person] ?? [], owner: false, via: "room" });
}
/** Says yes to what it would do. */
async function confirmed(person: string, line: string): Promise<Answer> {
  const shown = await by(person, line);
  const { confirm } = shown.data as { confirm: string };
  const done = await by(person, `confirm ${confirm}`);
  expect([line, done.ok, textOf({ blocks: done.say })]).toEqual([line, true, expect.any(String)]);
  return done;
}
const said = ({ say }: Answer) => textOf({ blocks: say });
const states = async () =>
  Object.fromEntries((await h.tasks()).map(({ workflow, name, state }) => [`${workflow}/${name}`, state]));
const sign = async (person: string, ...tasks: string[]) => {
  for (const task of tasks) {
    const answer = await by(person, `approve ${task}@bucket19 looks as it should`);
    expect([task, answer.ok, said(answer)]).toEqual([task, true, expect.any(String)]);
  }
};
const holds = async (tag: string) =>
  (await h.conditions.iovs({ environment: "production", name: tag })).map(({ type, from, until }) => [
    type,
    `${from.major}.${from.minor}`,
    until,
  ]);

test("a bucket goes from a request to the prompt tag, signed by its experts and its manager, without anybody editing a tag", async () => {
  const files = fixture();
  h = await startHarness({ files, script });
  const runs = readFileSync(join(FIXTURE, "runs.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  await h.take(...runs);
  expect(await h.tasks()).toEqual([]);

  const line =
    "campaign request bucket19 prompt 180001-180012 --release release-05-02-06 --executor local --target prompt --manager calibration-manager --staging local:local-staging,tracking:calibration-staging,cdst:calibration-staging,calibration:calibration-staging";
  const requested = await confirmed("umberto", line);
  const { file, yaml, tasks } = requested.data as { file: string; yaml: string; tasks: number };
  expect(tasks).toBe(13);
  h.repository.push({ ...files, [file]: yaml }, "Merge: campaign bucket19", { author: "Francis" });
  await h.follow();

  expect(said(await by("umberto", "campaign start bucket19"))).toContain(
    "local-staging is emptied: it holds 0 intervals",
  );
  await confirmed("umberto", "campaign start bucket19");
  expect(await states()).toMatchObject({
    "local/svd": "awaiting-signoff",
    "tracking/cdc": "held",
    "calibration/ecl": "held",
  });
  expect(
    h.executor.orders.every(({ facts }) => facts.label === "bucket19" && facts.release === "release-05-02-06"),
  ).toBe(true);
  expect(said(await by("francis", "campaign progress bucket19"))).toMatch(/local-expert +1 +local\/svd/);

  // Nobody signs what is not theirs, and what is not signed is in no tag.
  expect((await by("makoto", "approve local/svd@bucket19")).ok).toBe(false);
  expect(await holds("local-staging")).toEqual([]);
  await sign("luka", ...LOCAL.slice(1).map((name) => `local/${name}`));
  // One is rejected once, and made anew.
  await by("luka", "reject local/svd@bucket19 two bad ladders");
  expect((await states())["local/svd"]).toBe("failed");
  await by("francis", `reprocess ${(await h.task("local", "svd", "bucket19")).id} --why "masked the ladders"`).then(
    async (shown) => await by("francis", `confirm ${(shown.data as { confirm: string }).confirm}`),
  );
  expect((await states())["tracking/cdc"]).toBe("held");
  await sign("luka", "local/svd");
  expect((await holds("local-staging")).map(([type, from]) => [type, from])).toEqual(
    LOCAL.sort().map((type) => [type, "18.1"]),
  );

  await sign("makoto", "tracking/cdc");
  await sign("makoto", "tracking/alignment");
  // cDSTs without a bad event are signed by the rule, and read the alignment of this bucket.
  expect((await states())["cdst/produce"]).toBe("done");
  expect(
    h.executor.orders.find(({ facts }) => facts.workflow === "cdst")?.facts.conditions["alignment"]?.[0]?.tag,
  ).toBe("calibration-staging");
  await sign("ezio", ...OTHERS.map((name) => `calibration/${name}`));
  expect(said(await by("umberto", "campaign finish bucket19"))).toContain("1 task waiting for a sign-off");
  await sign("ezio", "calibration/final-validation");
  expect((await states())["calibration/final-validation"]).toBe("awaiting-signoff");
  expect(said(await by("francis", "campaign progress bucket19"))).toMatch(
    /calibration-manager +1 +calibration\/final-validation/,
  );
  await sign("umberto", "calibration/final-validation");
  expect(new Set(Object.values(await states()))).toEqual(new Set(["done"]));

  expect(await holds("prompt")).toEqual([]);
  expect((await by("umberto", "campaign finish bucket19")).ok).toBe(true);
  expect(said(await by("francis", "campaign publish bucket19"))).toContain("by its manager, calibration-manager");
  const published = await confirmed("umberto", "campaign publish bucket19");
  expect(published.data).toMatchObject({ target: "prompt", added: 11, removed: 0 });
  expect(await holds("prompt")).toEqual(
    [...LOCAL, "cdc", "alignment", ...OTHERS].sort().map((type) => [type, "18.1", null]),
  );
});
