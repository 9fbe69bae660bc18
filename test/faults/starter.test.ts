/** The process that starts jobs is killed at random moments under a bot that goes on. */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
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
    process.kill(await starterOf(data), "SIGKILL");
  }
  expect(await bot.stop()).toBe(0);
  const last = await startBot(["--config", ground.config, "--data", data, "--until-idle"]);
  expect(await last.ended, last.errors()).toBe(0);
  expectExactlyOnce(await lookAt(data, ground.starts), RUNS, JOBS);
  remove();
});

/** The one that works in this data directory; a dead one is replaced within a second or so. */
async function starterOf(data: string): Promise<number> {
  for (let look = 0; look < 100; look++) {
    const found = readdirSync("/proc").find((name) => /^\d+$/.test(name) && isStarter(name, data));
    if (found) return Number(found);
    await wait(50);
  }
  throw new Error("no process that starts jobs");
}

function isStarter(pid: string, data: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes("starter-main") && command.includes(data);
  } catch {
    return false;
  }
}
