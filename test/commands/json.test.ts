import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/index.ts";
import { aSeason, DONE, FAILED, FILES, HELD_JOBS, type Season } from "./a-season.ts";
import { differences, rawMoments, shapeOf } from "./json-doc.ts";

let season: Season;
beforeAll(async () => {
  season = await aSeason();
  await season.give("hold run:3 beam was unstable");
  await season.give("pause reco the disk is full");
  await season.harness.take({ run: 1, luminosity: 2 }, { run: 3, type: "physics" });
});
afterAll(() => season.harness.stop());

const docOf = (name: string) => COMMANDS.find((command) => command.name === name)?.json ?? "";

describe("the data of an answer has just the fields that its command describes", () => {
  const lists = docOf("runs").split("; with --quarantined ");
  const closes = /^without arguments (.*), otherwise (.*)$/.exec(docOf("close")) ?? [];
  const charts = /^for overview (.*), otherwise (.*)$/.exec(docOf("chart")) ?? [];
  const tasks = docOf("tasks");

  test.each<[string, string]>([
    ["status", docOf("status")],
    ["mine", docOf("mine")],
    ["runs", lists[0] ?? ""],
    ["runs --quarantined", lists[1] ?? ""],
    ["run 1", docOf("run")],
    ["run 3", docOf("run")],
    ["tasks", tasks],
    ["stale", tasks],
    [`task ${DONE}`, docOf("task").replace("the fields of tasks, and {", `${tasks.slice(1, -2)}, `)],
    [`jobs ${FAILED}`, docOf("jobs")],
    [`logs ${FAILED}`, docOf("logs")],
    [`why ${HELD_JOBS}`, docOf("why")],
    [`evidence ${DONE}`, docOf("evidence")],
    ["workflows", docOf("workflows")],
    ["campaigns", docOf("campaigns")],
    ["campaign show rereco", docOf("campaign show")],
    ["campaign progress prompt", docOf("campaign progress")],
    ["campaign request proc9 reprocessing 1-3", docOf("campaign request")],
    ["campaign pause rereco look", docOf("campaign pause")],
    ["campaign resume rereco", docOf("campaign resume")],
    ["chart overview", charts[1] ?? ""],
    ["chart t0 shift --task calibrate", charts[2] ?? ""],
    ["history", docOf("history")],
    ["doctor", docOf("doctor")],
    ["help", docOf("help")],
    ["whoami", docOf("whoami")],
    ["validate", docOf("validate")],
    ["alerts", docOf("alerts")],
    ["silence task=nothing --for 1h look", docOf("silence")],
    ["silences", docOf("silences")],
    ["unsilence 1", docOf("unsilence")],
    ["ack 1 look", docOf("ack")],
    ["unack 1", docOf("unack")],
    ["oncall", docOf("oncall")],
    [
      "handover",
      docOf("handover").replace("the fields of alerts", docOf("alerts")).replace("the same", docOf("alerts")),
    ],
    ["subscribe 4", docOf("subscribe")],
    ["unsubscribe 4", docOf("unsubscribe")],
    ["close", closes[1] ?? ""],
    ["reprocess --stale --dry-run", docOf("reprocess")],
    [`reprocess ${DONE}`, docOf("reprocess")],
    ["inject rereco 1-3 99", docOf("inject")],
    ["pause t0 look", docOf("pause")],
    ["resume t0", docOf("resume")],
    ["close sum fill-7 dumped", closes[2] ?? ""],
  ])("%s", async (line, doc) => {
    const { data } = await season.give(line);
    expect(data).not.toEqual([]);
    expect(differences(shapeOf(doc), data)).toEqual([]);
  });

  test.each([
    ["hold 14 look", "task"],
    ["release 14", "task"],
    ["hold run:2 look", "run"],
    ["release run:2", "run"],
    ["skip 14 not needed", "task"],
  ])("%s, which is about one of two kinds of things", async (line, kind) => {
    const { data } = await season.give(line);
    const doc = docOf(line.split(" ")[0] ?? "").replace("task | run", kind);
    expect(differences(shapeOf(doc), data)).toEqual([]);
  });

  test("retry, which tells of each task what was done or why not", async () => {
    const { data } = await season.give(`retry ${FAILED} ${DONE} 999`);
    expect(docOf("retry")).toBe("[{task, ok, reason, jobs}]");
    expect(data).toEqual([
      { task: FAILED, ok: true, jobs: 1 },
      { task: DONE, ok: false, reason: "not-failed" },
      { task: "999", ok: false, reason: "unknown-task" },
    ]);
  });

  test("of everything about environments, too", async () => {
    const { harness, give } = season;
    const next = harness.repository.push(FILES, "again");
    const [ofTask = "", ofCommit = ""] = docOf("which").split(" | ");
    const lines: readonly [line: string, doc: string][] = [
      ["deploy production", docOf("deploy")],
      ["plan", docOf("plan")],
      ["rollback production look", docOf("rollback")],
      ["env", docOf("env")],
      ["diff production", docOf("diff")],
      ["deployments", docOf("deployments")],
      [`which ${DONE}`, ofTask],
      [`which ${next}`, ofCommit],
      ["freeze production 1h: look", docOf("freeze")],
      ["lock production look", docOf("lock")],
      ["env production", docOf("env")],
      ["unfreeze production", docOf("unfreeze")],
      ["unlock production", docOf("unlock")],
    ];
    for (const [line, doc] of lines) {
      const { data } = await give(line);
      expect(data, line).not.toBeNull();
      expect(differences(shapeOf(doc), data), line).toEqual([]);
      expect(rawMoments(data), line).toEqual([]);
    }
  });

  test("and every command was looked at", () => {
    const ofTags =
      "gt_list gt_show gt_diff gt_history gt_drift gt_clone gt_merge gt_append gt_put gt_remove gt_state gt_export iov payload payload_put publish";
    const looked =
      "plan deploy rollback env diff deployments which freeze lock unfreeze unlock status runs run tasks stale task jobs logs why workflows campaigns history help validate close reprocess inject pause resume hold release skip retry confirm cancel link unlink whoami mine chart doctor alerts ack unack silence silences unsilence oncall handover subscribe unsubscribe signoffs approve reject revoke evidence release-hold_show release-hold_extend release-hold_force campaign_show campaign_progress campaign_start campaign_pause campaign_resume campaign_request campaign_finish campaign_publish campaign_archive";
    expect(`${looked} ${ofTags}`.split(" ").sort()).toEqual(
      COMMANDS.map((command) => command.name.replace(" ", "_")).sort(),
    );
  });
});

describe("a moment in the data is a text in ISO 8601 and UTC, never a number", () => {
  test.each([
    "status",
    "runs",
    "runs --quarantined",
    "run 3",
    "tasks",
    "task 1",
    `jobs ${FAILED}`,
    `why ${HELD_JOBS}`,
    "history",
    "stale",
    "close",
    "campaigns",
    "chart overview",
    "chart t0 shift --task calibrate",
  ])("of %s", async (line) => {
    expect(rawMoments((await season.give(line)).data)).toEqual([]);
  });
});

test("the task lister has the fields that the design promises, and why too", async () => {
  const [task] = (await season.give("tasks --run 2")).data as Record<string, object>[];
  expect(Object.keys(task ?? {})).toEqual(
    expect.arrayContaining([
      "id",
      "environment",
      "campaign",
      "workflow",
      "task",
      "group",
      "runs",
      "state",
      "reason",
      "attempt",
      "commit",
      "jobs",
      "createdAt",
      "modifiedAt",
    ]),
  );
  expect(Object.keys(task?.["jobs"] ?? {})).toEqual(
    expect.arrayContaining(["total", "done", "running", "queued", "idle", "failedAttempts", "aborted"]),
  );
  const why = (await season.give("why 3")).data;
  expect(why).toMatchObject({
    id: 3,
    state: "held",
    waitingFor: [
      {
        lock: "delay",
        detail: expect.stringContaining("after the end of the run"),
        owner: "ann",
        since: expect.stringMatching(/^2026-11-24T12:\d\d:00\.000Z$/),
      },
    ],
  });
});
