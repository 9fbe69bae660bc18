/** F2 and F28: the bot dies just before and just after each thing that it does to the world. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { startBot, temporary } from "../whole/calops.ts";
import { expectExactlyOnce, lookAt, writeGround } from "./ground.ts";

const JOBS = 12;
const CRASH_AT = pathToFileURL(join(import.meta.dirname, "crash-at.ts"));

/** Five starts a round. In every fifth run a task fails, and that is when there is something to post. */
const ROUNDS = [1, 2, 3, 4].flatMap((times) => [
  `before-commit:${4 * times}`,
  `after-commit:${3 * times}`,
  `before-submit:${times}`,
  `after-submit:${times}`,
  "before-post:1",
  `before-spawn:${4 * times}`,
  `after-spawn:${3 * times}`,
  `before-commit:${times}`,
  `after-commit:${times}`,
  "after-post:1",
]);

test("a bot that dies at a named point loses nothing and does nothing twice", async () => {
  const { directory, remove } = temporary();
  const data = join(directory, "data");
  const ground = writeGround(directory, { jobs: JOBS, slots: 4, sleep: "0.05" });
  for (const [index, crash] of ROUNDS.entries()) {
    appendFileSync(ground.runs, `${JSON.stringify({ run: index + 1 })}\n`);
    const bot = await startBot(["--config", ground.config, "--data", data], {
      NODE_OPTIONS: `--import=${CRASH_AT}?${crash}`,
    }).catch((error: Error) => error);
    // Some points are reached before it even listens.
    if (bot instanceof Error) expect(bot.message, crash).toContain("the bot ended with null");
    else expect(await Promise.race([bot.ended, wait(60_000, "still running")]), crash).toBeNull();
  }
  const last = await startBot(["--config", ground.config, "--data", data, "--until-idle"]);
  expect(await last.ended, last.errors()).toBe(0);
  expectExactlyOnce(await lookAt(data, ground.starts), ROUNDS.length, JOBS);
  remove();
});
