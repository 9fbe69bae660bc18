import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  aSeason,
  DELAYED,
  DONE,
  FAILED,
  giveToResting,
  HELD_JOBS,
  OPEN_FILL,
  RUNNING,
  type Season,
} from "./a-season.ts";

let season: Season;
beforeAll(async () => {
  season = await aSeason();
});
afterAll(() => season.harness.stop());

const lines = async (line: string) => (await season.give(line)).text.split("\n");

describe("what is read", () => {
  test("status: how everything stands", async () => {
    expect(await lines("status")).toEqual([
      "Test: running for 1m on configuration b6589fc6, listening at http://bot.",
      "  workflow  waiting  processing  done  failed  skipped  outputs",
      "  clock           0           0     0       0        0",
      "  reco            4           0     0       0        0",
      "  sum             1           0     0       0        0",
      "  t0              3           2     4       1        0  196 B",
      "5 runs, 0 with contradictory records, 1 record in quarantine (runs --quarantined shows them).",
      "1 alert:",
      "  - t0/calibrate of 2: ERROR: no pulser (1 failure since 12:01:00)",
      "  executor local  2 of at most 1000 jobs in flight",
    ]);
  });

  test("runs: with how each workflow stands on them", async () => {
    expect(await lines("runs")).toEqual([
      "  run  type     fill  taken     luminosity  reco  sum   t0",
      "  5    physics  7     -                     held  held  processing",
      "  4    physics  7     -                     held  held  processing",
      "  3    cosmics        -                                 done",
      "  2    physics  7     -                     held  held  failed",
      "  1    physics  7     11:00:00  1           held  held  done",
    ]);
    expect((await season.give("runs 1-2")).data).toMatchObject([{ run: 2 }, { run: 1 }]);
    expect((await season.give("runs --limit 1")).data).toMatchObject([{ run: 5 }]);
  });

  test("runs --quarantined: the records that were not believed, and why", async () => {
    const [, titles, record] = await lines("runs --quarantined");
    expect(titles).toMatch(/^ {2}run +source +seen +why +record$/);
    expect(record).toMatch(/^ {2}31748 +test +12:00:00 +run number 31748 is out of range \(1-9999\) +\{"run":31748\}$/);
  });

  test("run: what became of it, and why a workflow has not taken it", async () => {
    expect(await lines("run 3")).toEqual([
      "Run 3, from source test, first seen 12:00:00.",
      "  type  cosmics",
      expect.stringMatching(/^ {2}id +task +group/),
      expect.stringMatching(/^ +8 +t0\/calibrate +3 +done/),
      expect.stringMatching(/^ +9 +t0\/fit +3 +done/),
      "Not taken by:",
      '  - reco: select: run.type == "physics"',
      "  - sum: not yet: its fill is not known yet",
    ]);
  });

  test("tasks: the newest first, in pages", async () => {
    const [titles, first, second, more] = await lines("tasks --limit 2");
    expect(titles).toBe("  id  task       group  state  total  done  run  queued  to do  failed  modified  why");
    expect(first).toBe(
      "  15  reco/make  5      held       0     0    0       0      0       0  12:00:00  t0/fit of 5, which is waiting itself (task 14)",
    );
    expect(second).toMatch(/^ {2}14 /);
    expect(more).toBe("There are more: tasks --before 14 goes on, --limit N shows more at once.");
    expect((await season.give("tasks --limit 2 --before 14")).data).toMatchObject([{ id: 13 }, { id: 12 }]);
    expect((await season.give("tasks --workflow t0 --state processing,failed")).data).toMatchObject([
      { id: HELD_JOBS },
      { id: RUNNING },
      { id: FAILED },
    ]);
  });

  test("task: what it made, and what happened", async () => {
    expect(await lines(`task ${DONE}`)).toEqual([
      "Task 1, t0/calibrate of 1: done",
      "  campaign       prompt",
      "  attempt        1",
      "  config commit  b6589fc6ab0d",
      "  jobs           2: 2 done, 0 running, 0 queued, 0 to do, 0 failed, 0 aborted; 0 failed attempts",
      "  created        12:00:00",
      "  began          12:00:00",
      "  ended          12:00:00 after 0ms",
      "  metric    value",
      "  shift   3.12346",
      "Files:",
      "  - plot.svg http://bot/outputs/plot.svg",
      "  - plot.svg http://bot/outputs/plot.svg",
      "What happened:",
      "  - 12:00:00 new",
      "  - 12:00:00 began",
      "  - 12:00:00 done",
    ]);
    expect((await season.give(`task ${DONE}`)).data).toMatchObject({ metrics: { shift: 3.123456789 } });
  });

  test("jobs: with what their last attempt failed of", async () => {
    expect(await lines("jobs t0/calibrate@2 --state failed")).toEqual([
      "Task 5, t0/calibrate of 2:",
      "  job  iteration  state   attempts  host  started   took  last failure",
      "    1          1  failed         2  fake  12:01:00   0ms  exit code 3: ERROR: no pulser",
      "logs 5 JOB shows the log of one.",
    ]);
    expect(await lines(`jobs ${DELAYED}`)).toEqual(["Task 3, reco/make of 1, has no such jobs yet: it has not begun."]);
  });

  test("logs: of the job that failed, or of one by its index, and of an earlier attempt", async () => {
    expect(await lines(`logs ${FAILED}`)).toEqual([
      "Job 1 of t0/calibrate of 2, attempt 2: failed, ERROR: no pulser",
      "  | start",
      "  | ERROR: no pulser",
      "The whole log: http://bot/logs/4/2",
    ]);
    expect((await season.give(`logs ${FAILED} --attempt 1 --lines 1`)).data).toMatchObject({
      attempt: 1,
      lines: ["ERROR: no pulser"],
    });
    expect((await season.give(`logs ${FAILED} 0`)).data).toMatchObject({ index: 0, lines: ["one", "two"] });
  });

  test("logs: without secrets and colours", async () => {
    const { queries } = season.harness.store;
    const answer = await giveToResting(season.harness, `logs ${FAILED}`, {
      queries,
      redact: (text) => text.replaceAll("no pulser", "***"),
    });
    expect(answer.text).toContain("  | ERROR: ***");
    expect(answer.data).toMatchObject({ lines: ["start", "ERROR: ***"] });
  });

  test.each<[number, RegExp[]]>([
    [DONE, [/^Task 1, t0\/calibrate of 1, is done/, /^It is done\.$/]],
    [
      FAILED,
      [
        /^Task 5, .* is failed/,
        /^Job 1 failed 2 times: exit code 3: ERROR: no pulser$/,
        /^Next: logs 5 \| retry 5 \(once it is mended\) \| skip 5 REASON/,
      ],
    ],
    [RUNNING, [/is processing/, /^2 jobs of 2 running, 0 done\.$/]],
    [HELD_JOBS, [/is processing/, /^It waits for:$/, /2 jobs held after exit code 9: release 13/]],
    [DELAYED, [/is held/, /^It waits for:$/, /2d after the end of the run, until .* \(delay; ann; since 12:00:00\)$/]],
    [
      OPEN_FILL,
      [
        /is held/,
        /^It waits for:$/,
        /the group is still open.* the next fill after 7 \(group; data taking; since/,
        /^What can be done: close sum fill-7 /,
      ],
    ],
    [
      6,
      [
        /is held/,
        /^It waits for:$/,
        /calibrate of 2, which is failed \(task 5\) \(need; ann; since 12:01:00\)$/,
        /^What can be done: .*\b5\b/,
      ],
    ],
  ])("why %i: which lock, whose, since when, and what can be done", async (task, expected) => {
    const text = await lines(`why ${task}`);
    expect(text).toHaveLength(expected.length);
    for (const [index, line] of expected.entries()) expect(text[index]).toMatch(line);
  });

  test("why: never says that something lasts for 0ms", async () => {
    expect((await lines(`why ${FAILED}`))[0]).not.toContain("0ms");
  });

  test("stale: what changed since, and how it is made anew", async () => {
    expect(await lines("stale")).toEqual(["Nothing is stale: every result was made from what is known now."]);
    await season.harness.take({ run: 1, luminosity: 2 });
    const [, first, second, next] = await lines("stale");
    expect(first).toMatch(/^ +2 +t0\/fit +1 +done +12:01:00 +run 1: luminosity 1 -> 2$/);
    expect(second).toMatch(/^ +1 +t0\/calibrate +1 +done +12:01:00 +run 1: luminosity 1 -> 2$/);
    expect(next).toBe("reprocess --stale makes just these anew; with --dry-run it only tells what that would be.");
    expect((await season.give(`task ${DONE}`)).text).toContain(
      "Stale since 12:01:00: run 1: luminosity 1 -> 2. reprocess 1 makes it anew.",
    );
    expect((await season.give("tasks --stale")).data).toMatchObject([{ id: 2 }, { id: 1 }]);
  });

  test("workflows: all of them, or one in full", async () => {
    expect(await lines("workflows")).toEqual([
      "  workflow  by                        tasks           owner",
      "  clock     the clock: 0 6 * * * UTC  tick            ann    Workflow clock",
      "  t0        run                       calibrate, fit  ann    Workflow t0",
      "  reco      run                       make            ann    Workflow reco",
      "  sum       fill                      add             ann    Workflow sum",
      "workflows WORKFLOW shows one in full.",
    ]);
    const text = await lines("workflows reco");
    expect(text).toContain('  takes          runs of any type where run.type == "physics"');
    expect(text.at(-1)).toMatch(/^ {2}make +t0\/fit +1 +2d after the run +2 +24h +local$/);
  });

  test("campaigns: how far they are", async () => {
    const [titles, prompt, rereco, next] = await lines("campaigns");
    expect(titles).toMatch(/^ {2}campaign +kind +state +runs +tasks +done +failed +release +tag$/);
    expect(prompt).toMatch(/^ {2}prompt +prompt +running +as they come +15 +26 % +1 +v1 +prompt/);
    expect(rereco).toMatch(/^ {2}rereco +reprocessing +draft +0 +0 +0 +v2 +none +once more$/);
    expect(next).toBe(
      "campaign progress CAMPAIGN tells more of one; inject CAMPAIGN RUNS gives runs to a reprocessing.",
    );
  });

  test("history: of one thing, newest first", async () => {
    const entries = (await season.give(`history task ${FAILED}`)).data as { event: string }[];
    expect(entries.map((entry) => entry.event)).toEqual(["failed", "began", "new"]);
    expect((await lines(`history task ${FAILED}`))[1]).toMatch(
      /^ {2}12:01:00 +task 5 +failed +calibrate|^ {2}12:01:00 +task 5 +failed +calops +1 job of 2 failed for good; the first: exit code 3: ERROR: no pulser +b6589fc6$/,
    );
    expect(await lines("history task 999")).toEqual(["Nothing is written down of task 999."]);
  });

  test("history: of everything is not drowned by the commands that only read", async () => {
    for (let time = 0; time < 40; time++) await season.give("help hold");
    const entries = (await season.give("history")).data as { kind: string }[];
    expect(entries.some((entry) => entry.kind !== "command")).toBe(true);
  });

  test("validate: a mistake in each line", async () => {
    const issue = {
      file: "calops.yaml",
      line: 2,
      column: 1,
      code: "unknown-key",
      what: 'unknown key "sorces"',
      instead: "write sources",
    };
    const wrong = await giveToResting(season.harness, "validate ./config", {
      check: async () => ({ what: "./config", issues: [issue], workflows: 0 }),
    });
    expect(wrong).toMatchObject({ ok: false, data: { ok: false, issues: [issue] } });
    expect(wrong.text.split("\n")).toEqual([
      "./config: 1 mistake.",
      '  | calops.yaml:2:1: unknown key "sorces"; write sources',
    ]);
    expect((await giveToResting(season.harness, "validate")).text).toBe("commit c0ffee: no mistakes in 4 workflows.");
  });

  test.each([
    ["runs 500", "There is no such run. Runs come from the sources in calops.yaml; status shows how they do."],
    ["runs --conflicts", "No run has contradictory records."],
    [
      "tasks --run 99",
      "There is no such task. Tasks come with runs: runs shows those, and run RUN why a run has none.",
    ],
    ["history alert 7", "Nothing is written down of alert 7."],
  ])("nothing is said in words: %s", async (line, text) => {
    expect(await season.give(line)).toEqual({ ok: true, text, data: [] });
  });
});

test("people whom nobody knows see how tasks stand, and no address of what their jobs have written", async () => {
  const asStranger = async (line: string) =>
    JSON.stringify(await season.harness.command(line, { id: "slack:U9", owner: false, unknown: true, via: "slack" }));
  for (const line of [`jobs ${FAILED}`, `task ${DONE}`, `jobs ${FAILED} --json`, "mine", "status"]) {
    const answer = await asStranger(line);
    expect(answer).toContain('"ok":true');
    expect(answer).not.toMatch(/http:\/\/bot\/(logs|outputs)/);
  }
  expect(JSON.stringify(await season.give(`jobs ${FAILED}`))).toMatch(/http:\/\/bot\/logs/);
  expect(JSON.stringify(await season.give(`task ${DONE}`))).toMatch(/http:\/\/bot\/outputs/);
});
