import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import { aSeason, FAILED, giveToResting, type Season } from "./a-season.ts";

let season: Season;
beforeAll(async () => {
  season = await aSeason();
});
afterAll(() => season.harness.stop());

/** By the clock of the tests it is noon of the 24th of November, 2026. */
const as = async (who: string, line: string) => {
  const answer = await season.harness.command(line, { id: who });
  return { ok: answer.ok, text: renderBlocks(answer.say, { width: 300, now: 0, zone: "UTC" }) };
};

describe("a shift that is lived by its commands", () => {
  test.each<[line: string, ok: boolean, says: string | RegExp]>([
    [
      "alerts",
      true,
      /warning +firing +t0\/calibrate +1 +\S+ +ERROR: no pulser +nobody\nIt fails for the first time in 30 days\. ack 1 takes it\.$/,
    ],
    ["oncall", true, /^- shift: (ann|jun) until .*, then (ann|jun)$/],
    ["oncall shift --at 2026-10-01", true, /^At .*:\n- shift: nobody until .*, then ann$/],
    ["oncall night", false, "There is no rota night; write shift."],
    ["ack 7", false, "There is no alert 7. The command alerts lists those that are not resolved."],
    ["ack 1 --for 0s", false, "That is no time at all. Write for example: ack 1 --for 4h"],
    [
      "ack 1 --for soon",
      false,
      '"soon" is not a length of time: write for example 30m, 4h or 2d (ack ALERT [REASON...] [--for TIME]).',
    ],
    ["unack 1", false, "Nobody has alert 1 (calibrate of t0). ack 1 takes it."],
    [
      "ack 1 I look at the pulser",
      true,
      /^Alert 1 \(calibrate of t0\) is in hand of ann until .*: I look at the pulser\. It is anybody's again when another task fails the same way, or by: unack 1$/,
    ],
    ["alerts --free", true, "Somebody takes care of all that is failed, or it is silenced: alerts lists it."],
    ["ack 1 --for 2h", true, /in hand of ann until/],
    ["unack 1", true, "Alert 1 (calibrate of t0) is nobody's now. ack 1 takes it."],
    [
      "silence workflw=t0 look",
      false,
      '"workflw=t0" is not something that an alert has: write workflow (silence MATCHER REASON... [--for TIME]).',
    ],
    [
      "silence workflow=t0 --for 31d look",
      false,
      "A silence lasts 30d at most. What is to be quiet for longer is for a route in alerts.yaml.",
    ],
    [
      "silence workflow=t0,text~pulser --for 4h new cables",
      true,
      /^Silence 1: nobody is told of alerts with workflow=t0,text~pulser until .*: new cables\. 1 alert that fires now is among them\. It ends sooner with: unsilence 1$/,
    ],
    ["silence workflow=reco nobody looks", true, /Nothing that fires now is among them/],
    [
      "silences",
      true,
      /^silence +alerts with[\s\S]*\n1 +workflow=t0,text~pulser +ann [\s\S]*\nunsilence NUMBER ends one\.$/,
    ],
    ["alerts", true, /warning +silenced +t0\/calibrate/],
    ["env production", true, /alerts silenced where workflow=t0,text~pulser/],
    ["unsilence 9", false, "There is no silence 9. The command silences lists those that last."],
    ["unsilence 1", true, "Silence 1 of workflow=t0,text~pulser is over. What still fires is told now."],
    ["unsilence 1", false, "Silence 1 is over already: ann ended it."],
    ["subscribe 4", true, "You are told when run 4 has ended. Not any more: unsubscribe 4"],
    ["subscribe 4", false, "You are told already when run 4 has ended. Not any more: unsubscribe 4"],
    ["subscribe 99", false, "Run 99 is not known. The command runs lists those that are."],
    ["subscribe nope", false, /^There is no workflow nope; write one of/],
    [
      "subscribe clock",
      false,
      "Nothing of workflow clock waits or runs: tasks --workflow clock shows what became of it.",
    ],
    ["unsubscribe 4", true, "You are not told when run 4 has ended."],
    [
      "unsubscribe 4",
      false,
      "You are not to be told when run 4 has ended, or were told already. subscribe 4 asks for it.",
    ],
    [
      "handover",
      true,
      /^Hand-over of shift: (ann|jun) takes over from (ann|jun)\.[\s\S]*Failed, and not well again:\n- alert 1 \(warning\): t0\/calibrate of 1 task since .*: ERROR: no pulser\nWaits:[\s\S]*- silence 2 of workflow=reco[\s\S]*Was deployed:/,
    ],
    ["handover night", false, "There is no rota night; write shift."],
    [`skip ${FAILED} not needed`, true, /skipped/],
    [
      "ack 1",
      false,
      /^Alert 1 \(calibrate of t0\) was resolved at .* \(ann did something about it\): there is nothing to take care of\.$/,
    ],
    ["unack 1", false, /^Alert 1 \(calibrate of t0\) was resolved/],
    ["alerts", true, "Nothing is failed."],
  ])("%s", async (line, ok, says) => {
    const given = await season.give(line);
    // How far a screen sets a list in is none of a command's business.
    expect(given.text.replace(/^ +/gm, "")).toEqual(typeof says === "string" ? says : expect.stringMatching(says));
    expect(given.ok).toBe(ok);
  });
});

test("what somebody has is not taken from them, and who has it since when is told", async () => {
  await season.harness.take({ run: 6, type: "physics", fill: 8 });
  season.harness.executor.perform(() => ({ exit: 3, log: "ERROR: no pulser\n" }));
  await season.harness.take({ run: 7, type: "physics", fill: 8 });
  await season.harness.pass(60_000);
  await season.harness.pass(60_000);
  const [alert] = (await season.give("alerts --json")).data as { id: number }[];
  await as("jun", `ack ${alert?.id} cable`);
  const { ok, text } = await as("ann", `ack ${alert?.id}`);
  expect(ok).toBe(false);
  expect(text).toMatch(/was acknowledged by .*jun.* at .*, until .*: cable/);
  expect(text).toContain(`unack ${alert?.id}`);
});

test("where no bot runs, what stands in the store is shown, and nothing is changed", async () => {
  for (const line of [
    "ack 1",
    "unack 1",
    "silence workflow=t0 x",
    "unsilence 1",
    "subscribe 4",
    "unsubscribe 4",
    "handover",
  ])
    expect((await giveToResting(season.harness, line)).text, line).toMatch(/^The bot is not running, so/);
  expect((await giveToResting(season.harness, "silences")).ok).toBe(true);
  expect((await giveToResting(season.harness, "alerts")).ok).toBe(true);
});
