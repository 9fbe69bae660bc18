import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { MemoryRepository } from "../fakes/memory-repository.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const FILES = configOf({ t0: 'tasks: { fit: { run: ["true"] } }\n' });

test.each(["read", "isWithin"] as const)(
  "a checkout that a deployment works on is left where it is by what is tidied up meanwhile (%s)",
  async (step) => {
    harness = await startHarness({ files: FILES });
    const { bot, clock, repository, store } = harness;
    const second = repository.push({ ...FILES, "workflows/t0/fit.sh": "#!/bin/sh\n" }, "second");
    let tidied = false;
    during(repository, step, async () => {
      const over = new Promise<void>((resolve) => {
        const { keepOnly } = repository;
        repository.keepOnly = async (commits) => {
          await keepOnly.call(repository, commits);
          resolve();
        };
      });
      clock.pass(3_600_000);
      bot.nudge();
      await over;
      tidied = true;
    });
    await harness.follow();
    expect(tidied).toBe(true);
    expect((await store.queries.environmentsNamed(["production"]))[0]?.commit).toBe(second);
    expect(existsSync(join(harness.root, "checkouts", second, "workflows/t0/fit.sh"))).toBe(true);
  },
);

/** The next time that the repository is asked for this, something else happens before it answers. */
function during(repository: MemoryRepository, step: "read" | "isWithin", happens: () => Promise<void>): void {
  const answer = repository[step] as (...asked: string[]) => Promise<never>;
  repository[step] = async (...asked: string[]) => {
    repository[step] = answer;
    await happens();
    return await answer.call(repository, ...asked);
  };
}
