/** F5: the machine's clock is set back and forth by an hour under a bot that is killed now and then. */
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { startBot, temporary } from "../whole/calops.ts";
import { expectExactlyOnce, lookAt, writeGround } from "./ground.ts";

const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
const JOBS = 12;
const HOURS = ["+0", "-1h", "+1h", "-2h", "+0", "+30m", "-1h", "+0"];

if (!existsSync(LIBRARY)) console.warn(`${LIBRARY} is missing (apt-get install libfaketime), so no clock is set here`);

test.skipIf(!existsSync(LIBRARY))(
  "a clock that is set back and forth makes no job run twice, and none wait for the hour to pass",
  async () => {
    const { directory, remove } = temporary();
    const data = join(directory, "data");
    const clock = join(directory, "clock");
    const ground = writeGround(directory, { jobs: JOBS, slots: 4, sleep: "0.1" });
    const faked = {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: "1",
      // A clock that only counts cannot be set; and what the disk says is what the kernel wrote.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    };
    let run = 0;
    for (const before of HOURS) {
      for (const after of HOURS.slice(0, 4)) {
        writeFileSync(clock, before);
        if (run < 10) appendFileSync(ground.runs, `${JSON.stringify({ run: ++run })}\n`);
        const bot = await startBot(["--config", ground.config, "--data", data], faked);
        await wait(300);
        writeFileSync(clock, after);
        await wait(700);
        bot.child.kill("SIGKILL");
        await bot.ended;
      }
    }
    const began = performance.now();
    const last = await startBot(["--config", ground.config, "--data", data, "--until-idle"]);
    expect(await last.ended, last.errors()).toBe(0);
    expect(performance.now() - began).toBeLessThan(10 * 60_000);
    expectExactlyOnce(await lookAt(data, ground.starts), run, JOBS);
    remove();
  },
);
