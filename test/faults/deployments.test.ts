/** A bot that dies at any persistence point of a deployment: afterwards one consistent commit runs, and it is the newest. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { readSqlite } from "../../src/adapters/store/sqlite.ts";
import { aRepository } from "../adapters/git/a-repository.ts";
import { startBot, temporary } from "../whole/calops.ts";

const CRASH_AT = pathToFileURL(join(import.meta.dirname, "crash-at.ts"));
const COMMITS = 14;

/** The clone is filled, the checkout is put in its place, and the store is written several times: request, outcome, messages. */
const POINTS = [
  ...["before-rename:1", "after-rename:1"],
  ...Array.from({ length: COMMITS }, (_, index) => [`before-commit:${index + 1}`, `after-commit:${index + 1}`]).flat(),
];

test("a deployment that is killed half-way is whole or absent after the next start", async () => {
  const { directory, remove } = temporary();
  const data = join(directory, "data");
  const repository = aRepository(join(directory, "config"));
  const push = (edition: number) =>
    repository.commit({
      "calops.yaml": "experiment: Faults\n",
      "workflows/t0/workflow.yaml": `description: edition ${edition}\nowner: nobody\ntasks: { fit: { run: [./fit.sh] } }\n`,
      "workflows/t0/fit.sh": `#!/bin/sh\necho ${edition}\n`,
    });
  const start = (env: NodeJS.ProcessEnv = {}) =>
    startBot(["--config", `file://${repository.path}`, "--data", data, "--until-idle"], env);

  let edition = 0;
  let killed = 0;
  for (const point of POINTS) {
    const commit = push(++edition);
    const dying = await start({ NODE_OPTIONS: `--import=${CRASH_AT}?${point}` }).catch((error: Error) => error);
    const code = dying instanceof Error ? null : await Promise.race([dying.ended, wait(60_000, "still running")]);
    expect([null, 0], point).toContain(code);
    if (code === null) killed++;
    // Whatever stands there now, it is one of both, whole.
    expect(await standing(data), point).toMatchObject({
      open: expect.any(Number),
      deployed: expect.toSatisfy((n) => n <= 1),
    });

    const bot = await start();
    expect(await bot.ended, bot.errors()).toBe(0);
    expect(await standing(data), point).toEqual({ commit, deployed: 1, open: 0 });
    const checkouts = readdirSync(join(data, "checkouts"));
    expect(checkouts, point).toEqual([commit]);
  }
  expect(killed).toBeGreaterThan(POINTS.length / 2);
  remove();
});

async function standing(data: string): Promise<{ commit: string | null; deployed: number; open: number }> {
  const file = join(data, "calops.sqlite");
  if (!existsSync(file)) return { commit: null, deployed: 0, open: 0 };
  const { queries, close } = readSqlite(file);
  try {
    const [production] = await queries.environmentsNamed(["production"]).catch(() => []);
    const all = await queries.deploymentPage({ limit: 1_000 }).catch(() => []);
    const running = all.filter((one) => one.state === "deployed");
    if (running.length > 0) expect(running[0]?.commit).toBe(production?.commit);
    return {
      commit: production?.commit ?? null,
      deployed: running.length,
      open: all.filter((one) => one.state === "requested" || one.state === "waiting").length,
    };
  } finally {
    close();
  }
}
