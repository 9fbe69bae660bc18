/** F7: the store of an hour ago is put back. What ran since is adopted from what the executors know, not run again. */
import { appendFileSync, copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { calops, startBot, temporary } from "../whole/calops.ts";
import { expectExactlyOnce, lookAt, writeGround } from "./ground.ts";

const JOBS = 20;
const RUNS = 5;

test("a store that is put back from a backup adopts the jobs that it does not know of, while they run and when they are done", async () => {
  const { directory, remove } = temporary();
  const data = join(directory, "data");
  const ground = writeGround(directory, { jobs: JOBS, slots: 4, sleep: "0.3" });
  const store = join(data, "calops.sqlite");
  const backups: string[] = [];
  for (let run = 1; run <= RUNS; run++) {
    appendFileSync(ground.runs, `${JSON.stringify({ run })}\n`);
    const bot = await startBot(["--config", ground.config, "--data", data]);
    await wait(1_500);
    const backup = join(directory, `backup-${run}.sqlite`);
    const { code, stderr } = await calops(["--data", data, "backup", backup]);
    expect(code, stderr).toBe(0);
    backups.push(backup);
    await wait(1_500);
    bot.child.kill("SIGKILL");
    await bot.ended;
    // The last backup, and now and then the one before it: an older store knows less.
    const from = backups.at(run % 2 === 0 ? -2 : -1) ?? backup;
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${store}${suffix}`, { force: true });
    copyFileSync(from, store);
  }
  const last = await startBot(["--config", ground.config, "--data", data, "--until-idle"]);
  expect(await last.ended, last.errors()).toBe(0);
  expectExactlyOnce(await lookAt(data, ground.starts), RUNS, JOBS);
  remove();
});
