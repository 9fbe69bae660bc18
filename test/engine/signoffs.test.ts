import { afterEach, describe, expect, test } from "vitest";
import type { Answer } from "../../src/core/command/command.ts";
import { textOf } from "../fakes/memory-chat.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness;
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
});

/** As much of one as somebody looks at who wants to know whether it is one. */
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from("and so on")]);
const HOUR = 3_600_000;
const PEOPLE = `people:
  ann: { name: Anna, email: anna@x.org, roles: [timing] }
  ben: { name: Ben, email: ben@x.org, roles: [timing] }
  joe: { name: Joe, email: joe@x.org, roles: [manager] }
  zoe: { name: Zoe, email: zoe@x.org, roles: [shifter, expert] }
oncall: { shift: { start: 2026-11-01, every: 1d, people: [ann, joe] } }
`;
const ANN = { id: "ann", roles: ["timing"], owner: false };
const BEN = { id: "ben", roles: ["timing"], owner: false };
const JOE = { id: "joe", roles: ["manager"], owner: false };
const ZOE = { id: "zoe", roles: ["shifter", "expert"], owner: false };

type Options = { readonly more?: string; readonly people?: null };

const filesFor = (signoff: string, { more = "", people }: Options = {}) =>
  configOf(
    {
      t0: `${more}channel: "#timing"\ntasks: { fit: { run: [fit], signoff: ${signoff} }, use: { run: [use], needs: [fit] } }\n`,
      late: "tasks: { sum: { run: [sum], needs: [t0/use] } }\n",
    },
    people === null ? {} : { "people.yaml": PEOPLE },
  );

async function start(signoff: string, options: Options = {}) {
  harness = await startHarness({
    files: filesFor(signoff, options),
    script: ({ facts }) =>
      facts.task.name === "fit"
        ? {
            outputs: {
              "metrics.json": '{ "max": 5 }',
              "plots/shift.png": PNG,
              "plots/no.png": "<svg/>",
              "t0.db": "constants",
            },
          }
        : {},
  });
}

const state = async (name: string, workflow = "t0") => (await harness.task(workflow, name, "1")).state;
const signoffs = async () => await harness.store.queries.signoffPage({ limit: 100 });
const newest = async () => {
  const [one] = await signoffs();
  if (!one) throw new Error("there is no sign-off");
  return one;
};
const id = async (name = "fit") => (await harness.task("t0", name, "1")).id;
const said = ({ say }: Answer) => textOf({ blocks: say });
/** But for the pictures. */
const rooms = () =>
  harness.chat.texts.map((text) => text.split("\n")[0] ?? "").filter((line) => !/of \d+:$/.test(line));
const events = async (kind: "signoff" | "task", ref: number) =>
  (await harness.store.queries.history({ limit: 50, kind, ref: String(ref) }))
    .reverse()
    .map(({ event, by }) => `${event} ${by}`);

describe("a task that is to be signed", () => {
  test("asks, and what needs it waits, until those who may have signed it in their order", async () => {
    await start("{ steps: [{ role: timing }, { role: manager }] }");
    await harness.take({ number: 1 });
    expect([await state("fit"), await state("use")]).toEqual(["awaiting-signoff", "held"]);
    expect(said(await harness.command(`why ${await id("use")}`))).toContain("fit of 1, which is not signed yet");

    expect(said(await harness.command(`approve ${await id()}`, JOE))).toContain(
      "is not yours to sign: it is for timing, then manager",
    );
    expect((await harness.command(`approve ${await id()} looks flat`, ANN)).ok).toBe(true);
    expect(await state("fit")).toBe("awaiting-signoff");
    expect(rooms().at(-1)).toContain("t0/fit of 1 (task 1) is signed so far; now it is for manager.");
    expect((await harness.command(`approve ${await id()}`, JOE)).ok).toBe(true);
    expect([await state("fit"), await state("use")]).toEqual(["done", "done"]);
    expect((await harness.task("t0", "fit", "1")).reason).toBe("signed by ann and joe");
    expect(await events("signoff", (await newest()).id)).toEqual(["asked calops", "signed ann", "approved joe"]);
    const [result] = await harness.store.queries.results(await id());
    expect(result).toMatchObject({ state: "done", metrics: { max: 5 } });
  });

  test("within the declared limits is signed by the rule, with the numbers, and nobody is asked", async () => {
    await start("{ role: timing, auto: metrics.max < 10 }");
    await harness.take({ number: 1 });
    expect([await state("fit"), await state("use")]).toEqual(["done", "done"]);
    expect(await newest()).toMatchObject({
      state: "approved",
      reason: "metrics.max < 10 holds (max 5)",
      votes: [{ by: "calops", vote: "approve" }],
    });
    expect(harness.chat.texts).toEqual([]);
  });

  test("that is rejected has failed with the reason, raises no alert, and can be made anew", async () => {
    await start("{ role: timing }");
    await harness.take({ number: 1 });
    expect((await harness.command(`reject ${await id()} outliers in sector 3`, BEN)).ok).toBe(true);
    expect(await harness.task("t0", "fit", "1")).toMatchObject({
      state: "failed",
      reason: "rejected by ben: outliers in sector 3",
    });
    expect(await state("use")).toBe("held");
    expect(await harness.store.queries.firingAlerts()).toEqual([]);
    expect(said(await harness.command(`approve ${await id()}`, ANN))).toContain("is rejected since");

    await harness.command(`reprocess ${await id()}`, ZOE);
    expect(await harness.task("t0", "fit", "1")).toMatchObject({ state: "awaiting-signoff", attempt: 2 });
    expect((await signoffs()).map(({ attempt, state: now }) => [attempt, now])).toEqual([
      [2, "asked"],
      [1, "rejected"],
    ]);
  });

  test("that is made anew takes its sign-off with it, and whoever asked for that does not sign the next", async () => {
    await start("{ role: timing }");
    await harness.take({ number: 1 });
    await harness.command(`reprocess ${await id()} --why better`, { ...ANN, roles: ["timing", "expert"] });
    expect((await signoffs()).map(({ state: now, reason }) => [now, reason])).toEqual([
      ["asked", "it is declared to be signed by people"],
      ["lapsed", "its task is made anew, attempt 2: better"],
    ]);
    expect(said(await harness.command(`approve ${await id()}`, ANN))).toContain("is your own work");
    expect((await harness.command(`approve ${await id()}`, BEN)).ok).toBe(true);
    expect(await state("use")).toBe("done");
  });

  test("is not signed by whoever wrote its config commit", async () => {
    await start("{ role: timing }");
    harness.repository.push(filesFor("{ role: timing }"), "mine", { author: "Benjamin", email: "BEN@x.org" });
    await harness.follow();
    await harness.take({ number: 1 });
    expect((await newest()).authors).toEqual(["ben"]);
    expect(said(await harness.command(`approve ${await id()}`, BEN))).toContain("is your own work");
  });

  test.each(["skip", "skip after a vote"])("that is gone on without has nothing to sign any more: %s", async (how) => {
    await start("{ role: timing, approvals: 2 }");
    await harness.take({ number: 1 });
    if (how !== "skip") await harness.command(`approve ${await id()}`, ANN);
    await harness.command(`skip ${await id()} the chamber was off`, ZOE);
    expect(await newest()).toMatchObject({ state: "lapsed", reason: "its task is skipped: the chamber was off" });
    expect(await state("use")).toBe("done");
  });

  test("asks anew once it is stale: who signed it had not seen that", async () => {
    await start("{ role: timing, approvals: 2 }", { more: "uses: [quality]\n" });
    await harness.take({ number: 1, quality: "good" });
    await harness.command(`approve ${await id()}`, ANN);
    const { shown } = await newest();
    await harness.take({ number: 1, quality: "bad" });
    expect(await newest()).toMatchObject({ state: "asked", votes: [] });
    expect(said(await harness.command(`approve ${await id()} --shown ${shown}`, BEN))).toContain(
      "is not what you looked at any more",
    );
    expect(harness.chat.shows(`signoff ${(await newest()).id}`)).toContain("quality good -> bad");
  });
});

test("pictures that its jobs have painted stand in the thread of its card, and are not kept once they are there", async () => {
  await start("{ role: timing }");
  await harness.take({ number: 1 });
  const { id: number } = await newest();
  const key = `signoff ${number} plots`;
  const sent = harness.chat.calls.find((call) => call.key === key);
  expect(sent?.thread).toBe(`signoff ${number}`);
  expect(sent?.blocks).toEqual([
    { kind: "text", parts: ["t0/fit of 1", ":"] },
    { kind: "picture", png: PNG.toString("base64"), title: "plots/shift.png" },
  ]);
  const [kept] = await harness.store.queries.messages(key);
  expect(JSON.stringify(kept?.blocks)).toContain("Picture: ");
  expect(JSON.stringify(kept?.blocks)).not.toContain("base64");
  expect(kept?.blocks.some(({ kind }) => kind === "picture")).toBe(false);
});

describe("a sign-off that nobody gives", () => {
  test("is asked for again, brought to somebody else, and told to be late", async () => {
    await start('{ role: timing, remind: 4h, escalate: { after: 10h, to: { channel: "#managers" } }, due: 12h }');
    await harness.take({ number: 1 });
    expect(rooms()).toEqual([`#timing: Please sign t0/fit of 1 (task ${await id()})`]);
    await harness.pass(4 * HOUR);
    await harness.pass(4 * HOUR);
    await harness.pass(2 * HOUR);
    await harness.pass(2 * HOUR);
    expect(rooms().slice(1)).toEqual([
      "#timing: t0/fit of 1 has waited 4h to be signed.",
      "#timing: t0/fit of 1 has waited 8h to be signed.",
      "#managers: t0/fit of 1 has waited 10h to be signed.",
      expect.stringContaining("#timing: It is late"),
      "#timing: t0/fit of 1 has waited 12h to be signed.",
    ]);
    expect(await newest()).toMatchObject({ state: "asked", reminders: 3 });
    expect((await harness.command(`approve ${await id()}`, ANN)).ok).toBe(true);
    const count = rooms().length;
    await harness.pass(48 * HOUR);
    expect(rooms()).toHaveLength(count);
  });

  test("lapses at its deadline where that is declared, counted from the end of the run", async () => {
    await start("{ role: timing, due: { release: 48h }, when-due: fail }");
    const end = new Date(harness.clock.now() - 40 * HOUR).toISOString();
    await harness.take({ number: 1, start: end, end });
    await harness.pass(7 * HOUR);
    expect(await state("fit")).toBe("awaiting-signoff");
    await harness.pass(1 * HOUR);
    expect(await newest()).toMatchObject({ state: "lapsed", reason: "nobody signed it in time" });
    expect(await harness.task("t0", "fit", "1")).toMatchObject({ state: "failed", reason: "nobody signed it in time" });
  });
});

describe("a sign-off that is taken back", () => {
  test("makes stale what was made from it, and nothing more is made of it until it is made anew", async () => {
    await start("{ role: timing }");
    await harness.take({ number: 1 });
    await harness.command(`approve ${await id()}`, ANN);
    expect(await state("sum", "late")).toBe("done");

    expect((await harness.command(`revoke ${await id()} wrong reference`, ZOE)).ok).toBe(false);
    const preview = await harness.command(`revoke ${await id()} wrong reference`, { ...BEN, via: "slack" });
    expect(said(preview)).toContain("2 results made from it would be stale");
    const confirm = /confirm ([a-z0-9-]+)/.exec(said(preview))?.[1];
    expect(said(await harness.command(`confirm ${confirm}`, { ...BEN, via: "slack" }))).toContain(
      "2 results made from it are stale",
    );

    const why = "its sign-off was revoked by ben: wrong reference";
    expect(await harness.task("t0", "fit", "1")).toMatchObject({ state: "failed", reason: why });
    for (const [workflow, name] of [
      ["t0", "use"],
      ["late", "sum"],
    ] as const)
      expect((await harness.task(workflow, name, "1")).stale?.why).toBe(`t0/fit of 1: ${why}`);
    expect(await events("signoff", (await newest()).id)).toEqual(["asked calops", "approved ann", "revoked ben"]);

    const all = await harness.command(`reprocess ${await id()} --downstream`, ZOE);
    expect(said(all)).toContain("3 tasks start anew");
    expect([await state("fit"), await state("use")]).toEqual(["awaiting-signoff", "held"]);
    await harness.command(`approve ${await id()}`, ANN);
    expect(await harness.task("late", "sum", "1")).toMatchObject({ state: "done", stale: null, attempt: 2 });
  });
});

describe("who may say what, whatever their commands", () => {
  const unknown = { id: "slack:U1", roles: [], owner: false, unknown: true as const };
  const joe = { ...JOE, roles: ["manager", "expert"] };
  const root = { id: "root", roles: [], owner: true };
  const YES = true;
  const NO = false;

  // The first step is for timing, the second for a manager; zoe is an expert and a shifter, and nothing of these.
  test.each([
    ["approve", "the first step", { ann: YES, ben: YES, joe: NO, zoe: NO, unknown: NO, root: YES }],
    ["approve", "the second step", { ann: NO, ben: NO, joe: YES, zoe: NO, unknown: NO, root: YES }],
    ["reject", "the first step", { ann: YES, ben: YES, joe: YES, zoe: NO, unknown: NO, root: YES }],
    ["reject", "the second step", { ann: YES, ben: YES, joe: YES, zoe: NO, unknown: NO, root: YES }],
    ["revoke", "signed", { ann: YES, ben: YES, joe: YES, zoe: NO, unknown: NO, root: YES }],
  ] as const)("%s in %s", async (command, when, may) => {
    await start("{ steps: [{ role: timing }, { role: manager }] }");
    const actors = { ann: ANN, ben: BEN, joe, zoe: ZOE, unknown, root };
    const found: Record<string, boolean> = {};
    for (const [index, who] of (Object.keys(may) as (keyof typeof actors)[]).entries()) {
      const run = index + 1;
      await harness.take({ number: run });
      const name = `t0/fit@${run}`;
      if (when !== "the first step") await harness.command(`approve ${name}`, ANN);
      if (when === "signed") await harness.command(`approve ${name}`, JOE);
      found[who] = (await harness.command(`${command} ${name} because`, actors[who])).ok;
      const moved = {
        approve: when === "the first step" ? "asked" : "approved",
        reject: "rejected",
        revoke: "revoked",
      };
      const stays = when === "signed" ? "approved" : "asked";
      expect((await newest()).state, who).toBe(found[who] ? moved[command] : stays);
    }
    expect(found).toEqual(may);
  });
});

describe("where nobody but the owner is known", () => {
  test("they sign alone, step after step, also what they had made anew", async () => {
    await start("{ steps: [{ role: timing, approvals: 2 }, { role: manager }] }", { people: null });
    await harness.take({ number: 1 });
    await harness.command(`reprocess ${await id()}`);
    expect((await harness.command(`approve ${await id()}`)).ok).toBe(true);
    expect((await harness.command(`approve ${await id()}`)).ok).toBe(true);
    expect(await harness.task("t0", "fit", "1")).toMatchObject({ state: "done", attempt: 2 });
  });
});

describe("of several tasks", () => {
  test("each is signed or refused by itself, and none that was not named", async () => {
    await start("{ role: timing }");
    await harness.take({ number: 1 }, { number: 2 }, { number: 3 });
    const answer = await harness.command("approve t0/fit@1,t0/fit@2,t0/fit@9", ANN);
    expect(answer.ok).toBe(false);
    expect(answer.data).toMatchObject([{ ok: true }, { ok: true }, { ok: false, refused: "unknown-signoff" }]);
    expect((await harness.command("signoffs --mine", BEN)).data).toMatchObject([{ group: "3", state: "asked" }]);
    expect((await harness.command("mine", BEN)).data).toMatchObject({ signoffs: [{ group: "3", workflow: "t0" }] });
    expect((await harness.command("mine", JOE)).data).toMatchObject({ signoffs: [] });
    expect((await harness.command("signoffs --all")).data).toHaveLength(3);
    expect(said(await harness.command("handover"))).toContain("t0/fit of 3, to be signed by timing");
  });
});
