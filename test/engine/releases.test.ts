import { afterEach, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

const HOUR = 3_600_000;
const PEOPLE = {
  "people.yaml": `people:
  ann: { name: Ann, email: ann@x.org, roles: [expert] }
  mia: { name: Mia, email: mia@x.org, roles: [shifter, manager] }
  max: { name: Max, email: max@x.org, roles: [shifter, manager] }
`,
};
const T0 = 'tasks: { calibrate: { run: ["true"] } }\n';
const held = (released: string) => `tasks: { reconstruct: { run: ["true"], locks: [{ released: ${released} }] } }\n`;

let harness: Harness | undefined;
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const manager = (id: string) => ({ id, roles: ["shifter", "manager"], owner: false });
const why = async (h: Harness, task: string) =>
  ((await h.command(`why ${task}`)).data as { waitingFor: { lock: string; detail: string; owner: string }[] })
    .waitingFor;
const begin = async (released: string, calibrate = T0) =>
  await startHarness({
    files: configOf({ t0: calibrate, reco: held(released) }, PEOPLE),
    script: ({ facts }) => ({ exit: facts.task.name === "calibrate" ? "never" : 0 }),
  });
const sign = async (h: Harness, run: number) => {
  h.executor.end(h.executor.orders.find((order) => order.facts.run?.number === run)?.key ?? "", 0);
  await h.settle();
};
const events = async (h: Harness) =>
  (await h.store.queries.history({ limit: 100, kind: "group" }))
    .map(({ event, by }) => `${event} ${by}`)
    .filter((event) => event.startsWith("release"))
    .reverse();
/** Of the run whose records came at noon. */
const NOON = "2026-11-24T12:00:00Z";

describe("a hold for release", () => {
  test("is announced before it ends, with what is not signed and by whom, and ends at the announced moment", async () => {
    harness = await begin("{ after: 48h, early: [t0], announce: 1h }");
    await harness.take({ run: 1, end: NOON });
    expect(await why(harness, "reco/reconstruct@1")).toMatchObject([
      {
        lock: "released",
        owner: "ann",
        detail:
          "the hold for release: until 2026-11-26T12:00:00.000Z (2d after the end of the newest run); sooner once t0/calibrate of 1 (task 2) is signed",
      },
    ]);
    await harness.pass(46 * HOUR);
    expect(harness.chat.texts).toEqual([]);
    await harness.pass(HOUR);
    expect(harness.chat.texts.join("\n")).toMatch(
      /reco of run 1, prompt is released at 2026-11-26 12:00.*Not signed yet, 1 of 1:.*t0\/calibrate of 1 \(task 2\), processing: ann/s,
    );
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("held");
    await harness.pass(HOUR);
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
    expect(harness.chat.texts.at(-1)).toContain(
      "reco of run 1, prompt is released: 2d after the end of the newest run.",
    );
    expect(await events(harness)).toEqual(["release-announced calops", "released calops"]);
  });

  test("ends early once everything is signed", async () => {
    harness = await begin("{ after: 48h, early: [t0/calibrate] }");
    await harness.take({ run: 1, end: NOON }, { run: 2, end: NOON });
    await sign(harness, 1);
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
    expect((await harness.task("reco", "reconstruct", "2")).state).toBe("held");
    expect(await events(harness)).toEqual(["released calops"]);
  });

  test("ends early once all that declares a sign-off is signed, and names who is to sign", async () => {
    const people = "people: { ann: { name: Ann }, tim: { name: Timo, roles: [timing] } }\n";
    const t0 = `tasks:
  fit: { run: ["true"], signoff: { role: timing } }
  plot: { run: ["true"] }
`;
    const reco = `tasks:
  reconstruct: { run: ["true"], locks: [{ released: { after: 48h, early: true, extend: { role: timing } } }] }
  check: { run: ["true"], needs: [reconstruct], signoff: { role: timing } }
`;
    harness = await startHarness({
      files: configOf({ t0, reco }, { "people.yaml": people }),
      script: ({ facts }) => ({ exit: facts.task.name === "plot" ? "never" : 0 }),
    });
    await harness.take({ run: 1, end: NOON });
    expect(await why(harness, "reco/reconstruct@1")).toMatchObject([{ lock: "released", owner: "timing" }]);
    expect((await harness.command("release-hold show 1")).data).toMatchObject([
      { toSign: 1, unsigned: [{ standing: "waits to be signed", by: "timing" }] },
    ]);
    const tim = { id: "tim", roles: ["timing"], owner: false };
    expect(await harness.command("approve t0/fit@1", tim)).toMatchObject({ ok: true });
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
  });

  test("of a run that had ended long before is no hold, and one whose bot was away is announced in full", async () => {
    harness = await begin("{ after: 48h, announce: 1h }");
    await harness.take({ run: 1, end: "2026-11-01T12:00:00Z" }, { run: 2, end: NOON });
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
    expect(harness.chat.texts).toEqual([]);
    await harness.pass(72 * HOUR);
    expect((await harness.task("reco", "reconstruct", "2")).state).toBe("held");
    expect(harness.chat.texts.at(-1)).toContain("is released at 2026-11-27 13:00");
    await harness.pass(HOUR);
    expect((await harness.task("reco", "reconstruct", "2")).state).toBe("done");
  });

  test("waits while the end of its run is not known", async () => {
    harness = await begin("{ after: 48h }");
    await harness.take({ run: 1 });
    await harness.pass(1_000 * HOUR);
    expect((await why(harness, "reco/reconstruct@1"))[0]?.detail).toContain("which is not known yet");
    await harness.take({ run: 1, end: NOON });
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("held");
    await harness.pass(HOUR);
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
  });

  test("is put off by somebody with the role, and announced anew", async () => {
    harness = await begin("{ after: 48h, announce: 1h, extend: { role: manager } }");
    await harness.take({ run: 1, end: NOON });
    await harness.pass(47 * HOUR);
    const refused = await harness.command("release-hold extend 1 6h no reason", {
      ...manager("ann"),
      roles: ["expert"],
    });
    expect(refused).toMatchObject({ ok: false, data: [{ outcome: "wrong-role", state: "announced" }] });
    const extended = await harness.command("release-hold extend 1 6h the alignment is looked at", manager("mia"));
    expect(extended).toMatchObject({
      ok: true,
      data: [{ outcome: "extended", endsAt: "2026-11-26T18:00:00.000Z", extra: "6h", state: "waiting" }],
    });
    await harness.pass(5 * HOUR);
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("held");
    await harness.pass(HOUR);
    await harness.pass(HOUR);
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
    expect(await events(harness)).toEqual([
      "release-announced calops",
      "release-extended mia",
      "release-announced calops",
      "released calops",
    ]);
  });

  test("takes two people to force where it says so, also over a restart", async () => {
    harness = await begin("{ after: 48h, extend: { role: manager, persons: 2 } }");
    await harness.take({ run: 1, end: NOON });
    const force = async (h: Harness, id: string) => {
      const shown = await h.command("release-hold force 1 the conference is tomorrow", {
        ...manager(id),
        via: "slack",
      });
      const { confirm: asked } = shown.data as { confirm: string };
      return await h.command(`confirm ${asked}`, { ...manager(id), via: "slack" });
    };
    expect(await force(harness, "mia")).toMatchObject({ ok: true, data: [{ outcome: "asked", state: "waiting" }] });
    expect(await force(harness, "mia")).toMatchObject({ ok: false, data: [{ outcome: "already-said" }] });
    harness = await harness.restart();
    expect((await harness.command("release-hold show 1")).data).toMatchObject([
      { asked: [{ want: "force", by: "mia", why: "the conference is tomorrow" }], persons: 2 },
    ]);
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("held");
    expect(await force(harness, "max")).toMatchObject({ ok: true, data: [{ outcome: "forced", state: "released" }] });
    expect((await harness.task("reco", "reconstruct", "1")).state).toBe("done");
    expect(harness.chat.texts.at(-1)).toContain("released: forced by mia and max: the conference is tomorrow");
    expect(await events(harness)).toEqual(["release-asked mia", "released max"]);
    expect(await harness.command("release-hold extend 1 6h late", manager("mia"))).toMatchObject({
      ok: false,
      data: [{ outcome: "already-released" }],
    });
  });

  test("of a run that has none, or of no run, is told", async () => {
    harness = await startHarness({ files: configOf({ t0: T0 }) });
    await harness.take({ run: 1 });
    expect(JSON.stringify((await harness.command("release-hold show 1")).say)).toMatch(/Nothing of run .*1.* is held/);
    expect(JSON.stringify((await harness.command("release-hold extend 7 6h x")).say)).toMatch(/Run .*7.* is not known/);
  });
});
