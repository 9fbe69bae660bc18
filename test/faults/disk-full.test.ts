/** F6: the disk is full at random moments, for the store, the jobs and the messages alike. */
import { execFileSync } from "node:child_process";
import { appendFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { startBot, temporary } from "../whole/calops.ts";
import { expectExactlyOnce, lookAt, writeGround } from "./ground.ts";

const JOBS = 12;
const TIMES = 30;
const RUNS = 20;
/** A store whose files have grown before can be written for a while on a full disk: only this shows that it was not. */
const RESUMED = "the store can be written again";

const disk = smallDisk(48);
if (!disk) console.warn("no disk can be mounted here (only root may), so none is filled");

test.skipIf(!disk)(
  `a disk that is full ${TIMES} times stops the bot from deciding, and nothing is lost or done twice`,
  async () => {
    if (!disk) return;
    onTestFinished(disk.unmount);
    const { directory, remove } = temporary();
    const data = join(disk.path, "data");
    // Jobs fail for want of disk too, and as often as that they are tried again; what is wrong with them fails them at once.
    const ground = writeGround(directory, { jobs: JOBS, slots: 4, sleep: "0.1", retries: 100 });
    const ballast = join(disk.path, "ballast");
    let said = "";
    let bot = await startBot(["--config", ground.config, "--data", data]);
    for (let time = 1; time <= TIMES || (!said.includes(RESUMED) && time <= 5 * TIMES); time++) {
      await wait(100 + ((time * 7919) % 500));
      fill(disk.path, ballast);
      // There is something to write just then, too.
      if (time <= RUNS) appendFileSync(ground.runs, `${JSON.stringify({ run: time })}\n`);
      await wait(500 + ((time * 104729) % 1_000));
      if (time % 5 === 0) {
        bot.child.kill("SIGKILL");
        await bot.ended;
        said += bot.errors();
      }
      rmSync(ballast, { force: true });
      if (time % 5 === 0) bot = await startBot(["--config", ground.config, "--data", data]);
    }
    expect(said).toContain(RESUMED);
    expect(await bot.stop()).toBe(0);
    const last = await startBot(["--config", ground.config, "--data", data, "--until-idle"]);
    expect(await last.ended, last.errors()).toBe(0);
    expectExactlyOnce(await lookAt(data, ground.starts), RUNS, JOBS);
    remove();
  },
);

/** Every byte that is left, so that the next write of anybody fails. */
function fill(path: string, ballast: string): void {
  for (let bytes = statfsSync(path).bavail * statfsSync(path).bsize; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      appendFileSync(ballast, Buffer.alloc(bytes));
    } catch {
      // What fitted was written; the rest is tried in smaller parts.
    }
  }
}

function smallDisk(megabytes: number): { path: string; unmount: () => void } | undefined {
  const { directory, remove } = temporary();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", directory], { stdio: "ignore" });
  } catch {
    remove();
    return undefined;
  }
  return {
    path: directory,
    unmount() {
      execFileSync("umount", [directory]);
      remove();
    },
  };
}
