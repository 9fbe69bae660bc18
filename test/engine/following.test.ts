/** A remote that cannot be reached for an hour, at the rate at which it is asked: nothing changes, and two messages are all that is said. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Files } from "../fakes/memory-repository.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const POLL = 30 * SECOND;
const LOOKS = (60 * MINUTE) / POLL;

let harness: Harness | undefined;
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const files = (more: Files = {}): Files =>
  configOf(
    { t0: 'tasks: { fit: { run: ["true"] } }\n' },
    {
      "environments.yaml":
        'mirrors: { branches: ["*"], runs: { last: 1 }, channel: "#dev", grace: 20m, isolation: none }\n',
      ...more,
    },
  );

/** Everything about environments that is stored, in the chat or on the disk. */
async function standing({ store: { queries }, bot, root }: Harness) {
  const environments = await queries.environments();
  return {
    environments,
    deployments: await queries.deploymentPage({ limit: 100 }),
    inForce: environments.map(({ name }) => `${name} ${bot.engine.scene.revisions.current(name).commit}`),
    mirrored: (await queries.taskPage({ limit: 1_000 })).filter((task) => task.environment !== "production"),
    checkouts: readdirSync(join(root, "checkouts")).sort(),
  };
}

const keysOf = (of: Harness) => of.chat.calls.map(({ key, edition }) => `${key.replace(/\d+$/, "AT")} ${edition}`);

describe("a remote that does not answer for an hour", () => {
  test.each([
    { while: "the bot goes on", restarts: [] as number[] },
    { while: "the bot is restarted now and then", restarts: [1, LOOKS / 2] },
  ])("changes nothing and is told once, and once more when it is back, while $while", async ({ restarts }) => {
    harness = await startHarness({ files: files() });
    const { repository } = harness;
    await harness.take({ run: 1 });
    repository.push(files(), "try", { branch: "try" });
    repository.push(files(), "leaving", { branch: "leaving" });
    await harness.follow();
    // Its time of grace ends while nobody can see whether the branch is there.
    repository.deleteBranch("leaving");
    await harness.follow();
    await harness.pass(MINUTE);
    const before = await standing(harness);
    expect(before.environments.map(({ name, goneSince }) => `${name} ${goneSince === null}`).sort()).toEqual([
      "mirror/leaving false",
      "mirror/try true",
      "production true",
    ]);
    harness.chat.forget();

    repository.away = true;
    const pushed = repository.push(files({ "workflows/t0/fit.sh": "#!/bin/sh\n" }), "meanwhile");
    repository.push(files({ "workflows/t0/fit.sh": "#!/bin/sh\n" }), "also meanwhile", { branch: "try" });
    for (let look = 0; look < LOOKS; look++) {
      if (restarts.includes(look)) harness = await harness.restart();
      await harness.pass(POLL);
      await harness.follow();
      if (look % 20 === 0) await harness.take({ run: 2 + look / 20 });
    }
    expect(await standing(harness)).toEqual(before);
    expect(keysOf(harness)).toEqual(["remote away AT 1"]);
    expect(harness.chat.texts).toEqual([expect.stringContaining("The config repository does not answer since")]);
    expect((await harness.tasks()).filter((task) => task.environment === "production").map(stateOf)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((run) => `${run} done`),
    );
    expect((await harness.command("env")).data).toEqual(
      expect.arrayContaining([expect.objectContaining({ environment: "production", sync: "unknown" })]),
    );

    repository.away = false;
    for (let look = 0; look < 3; look++) {
      await harness.pass(POLL);
      await harness.follow();
    }
    expect(keysOf(harness).filter((key) => key.startsWith("remote"))).toEqual(["remote away AT 1", "remote back AT 1"]);
    expect(harness.chat.texts).toContainEqual(expect.stringMatching(/The config repository answers again, after 1h/));
    expect((await standing(harness)).inForce).toContain(`production ${pushed}`);
  });
});

const stateOf = (task: { readonly groupKey: string; readonly state: string }) => `${task.groupKey} ${task.state}`;
