/** F1: the bot is killed with SIGKILL at random moments and started again, at least two hundred times. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { startBot, temporary } from "../whole/calops.ts";
import { expectExactlyOnce, lookAt, writeGround } from "./ground.ts";

const KILLS = Number(process.env["CALOPS_TEST_KILLS"] ?? 200);
const JOBS = 25;
/** Runs are added as the kills go on, so that there is always something under way. */
const KILLS_PER_RUN = 8;

test(`a bot that is killed ${KILLS} times runs every job to its outcome, none twice, and tells every failure once`, async () => {
  const { directory, remove } = temporary();
  const data = join(directory, "data");
  const ground = writeGround(directory, { jobs: JOBS, slots: 4, sleep: "0.3" });
  let runs = 0;
  let seed = 20261124;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  for (let kills = 0; kills < KILLS; kills++) {
    if (kills % KILLS_PER_RUN === 0) appendFileSync(ground.runs, `${JSON.stringify({ run: ++runs })}\n`);
    const bot = await startBot(["--config", ground.config, "--data", data]);
    await wait(random() ** 2 * 2_000);
    bot.child.kill("SIGKILL");
    expect(await bot.ended).toBeNull();
  }
  const last = await startBot(["--config", ground.config, "--data", data, "--until-idle"]);
  expect(await last.ended, last.errors()).toBe(0);
  expectExactlyOnce(await lookAt(data, ground.starts), runs, JOBS);
  remove();
});
