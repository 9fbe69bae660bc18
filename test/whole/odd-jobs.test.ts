/** Jobs as they should not be, and what becomes of each: a flood of log, a process that will not end, noise, nonsense. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ask, startBot, temporary } from "./calops.ts";

const SCRIPTS = {
  flood: 'head -c 1000000000 /dev/zero | tr "\\0" "x" | fold -w 100; echo done',
  stubborn: `trap "" TERM; setsid sh -c 'trap "" TERM; sleep 60' & sleep 60`,
  noise: "head -c 100000 /dev/urandom; printf '\\n\\033[31mERROR: red alert\\033[0m\\007\\n'; exit 4",
  nonsense: 'echo "{shift: three" > "$CALOPS_OUT/metrics.json"',
};
type Name = keyof typeof SCRIPTS;

type TaskAnswer = { workflow: string; state: string; reason: string | null; jobs: { failedAttempts: number } };

test("odd jobs end as they should, and the bot stays as small as it was", async () => {
  const { directory, remove } = temporary();
  const data = join(directory, "data");
  const config = join(directory, "config");
  mkdirSync(config);
  writeFileSync(
    join(config, "calops.yaml"),
    `experiment: Odd
sources: { list: { replay: { file: ../runs.jsonl } } }
executors: { local: { local: { slots: 4, grace: 1s } } }
defaults: { retries: 0 }
`,
  );
  writeFileSync(join(directory, "runs.jsonl"), '{"run": 1}\n');
  for (const [name, script] of Object.entries(SCRIPTS)) {
    mkdirSync(join(config, "workflows", name), { recursive: true });
    writeFileSync(
      join(config, "workflows", name, "workflow.yaml"),
      `description: ${name}\nowner: nobody\ntasks: { job: { run: [./job.sh], walltime: ${name === "stubborn" ? "2s" : "10m"} } }\n`,
    );
    writeFileSync(join(config, "workflows", name, "job.sh"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const bot = await startBot(["--config", config, "--data", data]);
  let megabytes = 0;
  let tasks = new Map<Name, TaskAnswer>();
  while (tasks.size < 4 || [...tasks.values()].some((task) => !["done", "failed"].includes(task.state))) {
    await wait(200);
    const all = await ask<TaskAnswer[]>(data, "tasks");
    tasks = new Map(all.map((task) => [task.workflow as Name, task]));
    megabytes = Math.max(megabytes, residentMegabytes(bot.child.pid));
  }

  expect(tasks.get("flood")?.state).toBe("done");
  expect(megabytes).toBeLessThan(300);
  const lines = await ask<string[]>(data, "logs", "flood/job@1", "--lines", "2");
  expect(JSON.stringify(lines)).toContain("done");

  expect(tasks.get("stubborn")).toMatchObject({ state: "failed", reason: expect.stringContaining("walltime") });
  expect(tasks.get("nonsense")).toMatchObject({ state: "failed", reason: expect.stringContaining("metrics.json") });
  expect(tasks.get("noise")).toMatchObject({ state: "failed", reason: expect.stringContaining("ERROR: red alert") });
  // What a job wrote reaches no terminal but as letters.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const unreadable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
  expect(readFileSync(join(data, "channel.jsonl"), "utf8").replace(/\\u00[01]./g, "\u0007")).not.toMatch(unreadable);
  expect(await bot.stop()).toBe(0);
  remove();
});

function residentMegabytes(pid = 0): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_000;
}
