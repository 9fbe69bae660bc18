import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aSeason, giveToResting, type Season } from "./a-season.ts";

let season: Season;
beforeAll(async () => {
  season = await aSeason();
  await season.give("hold t0/fit@4 look at it");
  await season.give("hold run:3 look at it");
  await season.give("pause reco the disk is full");
  await season.give("close sum fill-7 the fill was dumped");
  await season.give("inject rereco 1-2");
});
afterAll(() => season.harness.stop());

const NO_TASK = "There is no task 999. The command tasks lists them; tasks --run RUN those of a run.";

const NO_ENVIRONMENT = "There is no environment nope. The command env lists them.";
const NO_REF =
  "v7 is no tag, branch or commit of the config repository, as it was last seen. A commit needs its first seven digits or more.";
const WHEN =
  "Until when, and why? Write for example: freeze production until 2026-12-01T08:00: heavy-ion run, or freeze production 8h: new people on shift";

/** Nothing was done; the answer tells why, and what to do instead. */
const REFUSALS: readonly (readonly [line: string, text: string])[] = [
  ["run 99", "Run 99 is not known. The command runs lists those that are; status shows whether its source answers."],
  [
    "run 31748",
    "Run 31748 is in quarantine: run number 31748 is out of range (1-9999) (source test). Mend the record at its source, or the rules in calops.yaml.",
  ],
  ["task 999", NO_TASK],
  ["task t0/nope@1", "There is no task t0/nope@1. The command tasks lists them; tasks --run RUN those of a run."],
  ["jobs 999", NO_TASK],
  ["logs 999", NO_TASK],
  ["logs 1 9", "Task 1, t0/calibrate of 1, has no job 9. jobs 1 lists those that it has."],
  ["logs 1 0 --attempt 7", "Job 0 of task 1 has no attempt 7: it had 1 attempt. logs 1 0 shows the last."],
  ["logs 3", "Task 3, reco/make of 1, has no jobs yet: it is held. why 3 tells what it waits for."],
  ["why 999", NO_TASK],
  ["retry 999", NO_TASK],
  ["retry 1", "Task 1, t0/calibrate of 1, has not failed: it is done. To make it anew: reprocess 1"],
  ["retry 10", "Task 10, t0/calibrate of 4, has not failed: it is processing. What it waits for: why 10"],
  ["skip 999 x", NO_TASK],
  [
    "skip 1 x",
    "Task 1, t0/calibrate of 1, is done already; there is nothing to go on without. To make it anew: reprocess 1",
  ],
  ["hold 999 x", NO_TASK],
  [
    "hold 1 x",
    "Task 1, t0/calibrate of 1, has ended already: it is done. What comes after it can be held: tasks --group 1 lists that.",
  ],
  ["hold 11 x", "Task 11, t0/fit of 4, is held already, by ann. It goes on with: release 11"],
  ["hold run:3 x", "Run 3 is held already, by ann. It goes on with: release run:3"],
  ["hold run:99 x", "Run 99 is not known. The command runs lists those that are."],
  ["hold what x", '"what" is neither a task nor a run; write a task\'s number, WORKFLOW/TASK@GROUP, or run:8215.'],
  ["release 999", NO_TASK],
  ["release 1", "Task 1, t0/calibrate of 1, is not held. What it waits for: why 1"],
  [
    "release run:2",
    "Run 2 is not held, and its records do not contradict each other. What its tasks wait for: tasks --run 2",
  ],
  ["release run:99", "Run 99 is not known. The command runs lists those that are."],
  ["pause nope x", "There is no workflow nope; write one of clock, t0, reco, sum."],
  ["pause reco x", "Workflow reco is paused already, by ann. It goes on with: resume reco"],
  ["resume t0", "Workflow t0 is not paused. What its tasks wait for: tasks --workflow t0"],
  ["resume recco", "There is no workflow recco; write reco."],
  ["close nope fill-7 x", "There is no workflow nope; write one of clock, t0, reco, sum."],
  [
    "close sum fill-9 x",
    "Workflow sum has no open group fill-9, nor any other. What its tasks wait for: tasks --workflow sum",
  ],
  ["inject rereko 1", "There is no campaign rereko; write rereco."],
  [
    "inject rereco 1-2",
    "No run was injected into rereco.\n2 runs were in it already: tasks --campaign rereco shows what became of them.",
  ],
  [
    "inject rereco 77",
    "No run was injected into rereco.\nNot known, and so left out: run 77. The command runs lists those that are.",
  ],
  [
    "inject rereco 500-600",
    "No run was injected into rereco.\nNo run of these ranges is known. The command runs lists those that are.",
  ],
  [
    "reprocess",
    "Which tasks? Name them, or write --run RUN, --workflow WORKFLOW or --stale. --dry-run only tells what would be done.",
  ],
  ["reprocess 999", NO_TASK],
  [
    "reprocess 3",
    "Nothing is reprocessed.\n  - task 3 has not ended; it can be reprocessed once it has (why 3 tells what it waits for)",
  ],
  [
    "reprocess --run 5 --task fit",
    "Nothing to reprocess: 1 task fits, but it has not ended. The command tasks lists them, stale those that are stale.",
  ],
  [
    "reprocess --workflow reco --task make",
    "Nothing to reprocess: 6 tasks fit, but none has ended. The command tasks lists them, stale those that are stale.",
  ],
  [
    "reprocess --run 99",
    "Nothing to reprocess: no task fits. The command tasks lists them, stale those that are stale.",
  ],
  ["reprocess --workflow nope", "There is no workflow nope; write one of clock, t0, reco, sum."],
  ["tasks --workflow nope", "There is no workflow nope; write one of clock, t0, reco, sum."],
  ["stale --workflow recco", "There is no workflow recco; write reco."],
  ["pause constructor x", "There is no workflow constructor; write one of clock, t0, reco, sum."],
  ["inject constructor 1", "There is no campaign constructor; write one of prompt, rereco."],
  ["workflows nope", "There is no workflow nope; write one of clock, t0, reco, sum."],
  ["help taks", "There is no command taks; write tasks."],
  ["env nope", NO_ENVIRONMENT],
  ["diff nope", NO_ENVIRONMENT],
  ["diff production mirror/nope", "There is no environment mirror/nope. The command env lists them."],
  ["deploy nope", NO_ENVIRONMENT],
  ["deploy production", "production runs that already. env production shows it."],
  ["deploy production v7", NO_REF],
  ["plan v7", NO_REF],
  ["which v7", NO_REF],
  ["which 999", NO_TASK],
  [
    "which jobs/mirror_2ffit/prompt/t0/1/calibrate.1/0.1-1f2e3d4c/out/t0.json",
    "No task is known whose job wrote jobs/mirror_2ffit/prompt/t0/1/calibrate.1/0.1-1f2e3d4c/out/t0.json. tasks --workflow t0 --task calibrate lists those of its kind.",
  ],
  [
    "rollback production it is bad",
    "Nothing good has run in production before what runs now. deployments production lists what has; deploy production REF takes any commit.",
  ],
  ["rollback nope it is bad", NO_ENVIRONMENT],
  ["rollback production --to v7 it is bad", NO_REF],
  ["freeze nope 8h: quiet", NO_ENVIRONMENT],
  ["freeze production soon: quiet", WHEN],
  ["freeze production until 2026-12-01T08:00", WHEN],
  ["freeze production until 2020-01-01: quiet", "2020-01-01 00:00 is past. Moments without a zone are in UTC."],
  [
    "unfreeze production",
    "Nobody froze production. A window that stands in environments.yaml ends there; a single deployment goes through it with: deploy production REF --through-freeze",
  ],
  ["lock nope mine", NO_ENVIRONMENT],
  ["unlock production", "Environment production is not locked."],
];

describe("a refusal says why, and what to do instead", () => {
  test.each(REFUSALS)("%s", async (line, text) => {
    expect(await season.give(line)).toMatchObject({ ok: false, text });
  });

  test("of a directory is for whoever runs the bot alone", async () => {
    const actor = { id: "ben", roles: ["expert"], owner: false, via: "chat" };
    expect(await giveToResting(season.harness, "validate /etc", { actor })).toMatchObject({
      ok: false,
      text: "Only whoever runs the bot can have a directory of its machine checked. Without DIR, the newest commit is checked.",
    });
  });
});

describe("where no bot runs", () => {
  const NOT_RUNNING =
    "The bot is not running, so nothing can be changed. Start it with calops start (or npm start in a checkout), then try again.";

  test.each([
    "retry 5",
    "skip 10 x",
    "hold 11 x",
    "hold run:1 x",
    "release 11",
    "pause t0 x",
    "resume t0",
    "close sum fill-7 x",
    "inject rereco 1",
    "reprocess 1",
    "deploy production",
    "rollback production x",
    "freeze production 8h: x",
    "unfreeze production",
    "lock production x",
    "unlock production",
  ])("nothing is changed by: %s", async (line) => {
    expect(await giveToResting(season.harness, line)).toEqual({ ok: false, text: NOT_RUNNING, data: null });
  });

  test.each([
    "status",
    "runs",
    "run 1",
    "tasks",
    "task 1",
    "jobs 1",
    "logs 1",
    "why 3",
    "stale",
    "campaigns",
    "history",
    "close",
    "help",
    "validate",
    "deployments",
    "which 1",
  ])("everything is still read: %s", async (line) => {
    expect((await giveToResting(season.harness, line)).ok).toBe(true);
  });

  test.each([
    ["env", "it is not known what environments should run; what was deployed is told by: deployments"],
    ["diff production", "environments cannot be compared"],
    ["plan", "nothing is planned; in the repository itself, calops plan --from REF --to REF compares two commits"],
  ])("%s says what cannot be told", async (line, so) => {
    const text = `The bot is not running, so ${so}. Start it with calops start (or npm start in a checkout), then try again.`;
    expect(await giveToResting(season.harness, line)).toEqual({ ok: false, text, data: null });
  });

  test("status says so", async () => {
    expect((await giveToResting(season.harness, "status")).text).toMatch(
      /^calops: the bot is not running; this is how it stood when it stopped\./,
    );
  });

  test("workflows says how a configuration is checked", async () => {
    expect(await giveToResting(season.harness, "workflows")).toMatchObject({
      ok: false,
      text: "The configuration cannot be read, since the bot is not running. calops validate DIR checks one.",
    });
  });
});
