/** A night shift, lived from a phone: the alert, its log, why, acknowledge, retry, resolved, and the hand-over. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { APP_TOKEN, BOT_TOKEN, FakeSlack } from "../fakes/fake-slack.ts";
import type { Shown } from "../fakes/slack/shown.ts";
import { startBot, temporary } from "./calops.ts";

const PATIENCE_MS = 60_000;

test("a failure at three in the morning is found, understood, mended and handed over without leaving the chat", async () => {
  const { directory, remove } = temporary();
  const slack = await FakeSlack.open({ clock: systemClock() });
  slack.workspace.makeChannel("timing");
  const [jun, mira] = [slack.workspace.user("jun"), slack.workspace.user("mira")];
  const mended = join(directory, "mended");
  const runs = join(directory, "runs.jsonl");
  const config = join(directory, "config");
  writeFileSync(runs, "");
  write(config, {
    "calops.yaml": `experiment: Night
chats: { slack: { bot-token: { secret: BOT }, app-token: { secret: APP }, api: "${slack.api}" } }
sources: { list: { watch: { path: ${runs}, settle: 0s }, every: 1s } }
`,
    "people.yaml": `people:
  jun: { name: Jun, roles: [shifter], accounts: { slack: ${jun} } }
  mira: { name: Mira, roles: [expert], accounts: { slack: ${mira} } }
oncall:
  shift: { timezone: UTC, start: 2026-01-01T08:00, every: 1d, people: [jun, mira] }
`,
    "workflows/t0/workflow.yaml": `description: Time zero
owner: mira
channel: "#timing"
severity: critical
tasks: { calibrate: { run: [./fit.sh], retries: 0 } }
`,
    "workflows/t0/fit.sh": `#!/bin/sh\n[ -e ${mended} ] || { echo "ERROR: no pulser data"; exit 1; }\n`,
  });
  const bot = await startBot(["--config", config, "--data", join(directory, "data")], {
    BOT: BOT_TOKEN,
    APP: APP_TOKEN,
  });
  await slack.connected();
  const where = { channel: "#timing", user: "jun" };
  const sees = async (text: RegExp, by = "jun"): Promise<Shown> => {
    for (const end = Date.now() + PATIENCE_MS; ; await wait(50)) {
      const all = [...slack.shown("#timing", by), ...slack.shown(`@${by}`, by)];
      const found = all.findLast((one) => text.test(one.text.replace(/\s+/g, " ")));
      if (found) return found;
      if (Date.now() > end) throw new Error(`${text} is not to be seen: ${JSON.stringify(all, null, 1)}`);
    }
  };

  writeFileSync(runs, `${JSON.stringify({ run: 8215 })}\n`);
  const alert = await sees(/Workflow t0 for run 8215 permanently marked as failed.*no pulser data/);
  expect(alert.buttons).toEqual(["Retry", "Why", "Acknowledge", "Silence"]);
  expect(alert.text).toMatch(/critical/);

  const [log = ""] = /http:\/\/127\S+\/logs\/[^\s\]>|]+/.exec(alert.text) ?? [];
  expect(await (await fetch(log)).text()).toContain("ERROR: no pulser data");

  await slack.presses(alert.id, "Why", "jun");
  await sees(/Task 1, t0\/calibrate of 8215.*failed/i);

  await slack.presses(alert.id, "Acknowledge", "jun");
  await sees(/in hand jun since/);
  const taken = await sees(/permanently marked as failed/, "mira");
  expect(taken.buttons).toContain("Leave it to others");
  await slack.presses(alert.id, "Leave it to others", "mira");
  await sees(/in hand of jun|was acknowledged by jun|is anybody's/, "mira");

  writeFileSync(mended, "");
  await slack.presses(alert.id, "Retry", "jun");
  await sees(/jun: retry 1 .*1 job runs again/);
  await sees(/Workflow t0 for run 8215: resolved after/);

  // Whoever comes late is told who did it.
  const stale = slack.shown("#timing", "mira").find(({ id }) => id === alert.id);
  expect(stale?.buttons).toEqual([]);

  await slack.types("/cal handover", where);
  await sees(/t0\/calibrate|t0/);
  await slack.types("/cal oncall", where);
  await sees(/shift.*(jun|mira)/);
  expect(await bot.stop(), bot.errors()).toBe(0);
  await slack.close();
  remove();
  expect(slack.complaints).toEqual([]);
}, 180_000);

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), text, { mode: path.endsWith(".sh") ? 0o755 : 0o644 });
  }
}
