/** The process that starts jobs is killed at random moments under a bot that goes on. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { starterIn } from "../adapters/executors/local-ground.ts";
import { startBot, temporary } from "../whole/calops.ts";
import { expectExactlyOnce, lookAt, writeGround } from "./ground.ts";

const JOBS = 25;
const RUNS = 10;
const KILLS = 20;

test(`a starter that is killed ${KILLS} times is replaced, and no job is lost or started twice`, async () => {
  const { directory, remove } = temporary();
  const data = join(directory, "data");
  const ground = writeGround(directory, { jobs: JOBS, slots: 4, sleep: "0.3" });
  for (let run = 1; run <= RUNS; run++) appendFileSync(ground.runs, `${JSON.stringify({ run })}\n`);
  const bot = await startBot(["--config", ground.config, "--data", data]);
  for (let kill = 0; kill < KILLS; kill++) {
    await wait(1_100 + ((kill * 7919) % 1_000));
    process.kill(await starterIn(data), "SIGKILL");
  }
  expect(await bot.stop(), bot.errors()).toBe(0);
  const last = await startBot(["--config", ground.config, "--data", data, "--until-idle"]);
  expect(await last.ended, last.errors()).toBe(0);
  expectExactlyOnce(await lookAt(data, ground.starts), RUNS, JOBS);
  remove();
});
