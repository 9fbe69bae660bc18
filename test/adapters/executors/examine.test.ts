import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localOptions } from "../../../src/adapters/executors/local/config.ts";
import { StarterExecutor } from "../../../src/adapters/executors/local/starter.ts";
import { nodeFinding } from "../../../src/adapters/machine/node.ts";
import { starterIn } from "./local-ground.ts";

let root: string;
const open: StarterExecutor[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-executor-"));
});
afterEach(async () => {
  for (const executor of open.splice(0)) await executor.close();
  rmSync(root, { recursive: true, force: true });
});

function executor(options: object): StarterExecutor {
  const made = new StarterExecutor({
    name: "local",
    options: localOptions.parse(options),
    root,
    env: process.env,
    logLimit: 1e6,
  });
  open.push(made);
  return made;
}

describe("a local executor that is looked at", () => {
  test("is good where the process that starts jobs answers", async () => {
    mkdirSync(join(root, "jobs"));
    expect(await executor({ slots: 3 }).examine()).toEqual([
      {
        about: "executor local",
        state: "good",
        found: expect.stringMatching(/^it runs 3 jobs at once on \d+ cores?$/),
        fix: null,
      },
    ]);
  });

  test("with many more places than cores is doubtful, and says how many to write", async () => {
    const [finding] = await executor({ slots: 1000 }).examine();
    expect(finding).toMatchObject({
      state: "doubtful",
      fix: `write executors.local.local.slots: ${availableParallelism()} into calops.yaml, unless jobs mostly wait`,
    });
  });

  test("is bad where the process that starts jobs is gone", async () => {
    const dead = executor({});
    await dead.close();
    expect(await dead.examine()).toMatchObject([{ state: "bad", found: expect.stringContaining("has died") }]);
  });
});

test("what is asked of a process that starts jobs at the moment of its death is refused, and harms nothing else", async () => {
  const dying = executor({});
  await dying.survey([]);
  const pid = await starterIn(root);
  process.kill(pid, "SIGKILL");
  // It is dead before this turn of the loop is over, and its end is told in a later one.
  while (!readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z")) {}
  await expect(dying.survey([])).rejects.toThrow("has died");
  await dying.close();
});

test.each([
  ["24.21.0", "good"],
  ["20.19.1", "doubtful"],
  ["26.0.0", "doubtful"],
])("Node %s is %s", (node, state) => {
  expect(nodeFinding({ node }, "1.2.3")).toMatchObject({
    state,
    found: expect.stringContaining(`calops 1.2.3 on Node ${node}`),
  });
});
