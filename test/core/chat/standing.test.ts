import { describe, expect, test } from "vitest";
import { type Now, type Stands, stillStands } from "../../../src/core/chat/standing.ts";
import { staleWords } from "../../../src/core/chat/words.ts";
import type { Standing } from "../../../src/core/say.ts";
import { AT, aDeployment, aTask } from "../../contracts/things.ts";

const failed = (id: number, endedAt = AT) => aTask(id, { state: "failed", endedAt });
const ONE: Standing = { task: 1, state: "failed", since: AT };
const BOTH: Standing = { tasks: [1, 2], state: "failed", since: AT + 5 };
const DEPLOYMENT: Standing = { deployment: 7, state: "waiting" };
const moved = (kind: "task" | "deployment", id: number, state: string): Stands => ({ ok: false, kind, id, state });
const STANDS: Stands = { ok: true };

describe("a button", () => {
  test.each<[string, Standing, Now, Stands]>([
    ["stands while its task is as it was", ONE, { tasks: [failed(1)] }, STANDS],
    [
      "is stale once its task is in another state",
      ONE,
      { tasks: [aTask(1, { state: "processing" })] },
      moved("task", 1, "processing"),
    ],
    ["is stale once its task failed anew", ONE, { tasks: [failed(1, AT + 1)] }, moved("task", 1, "failed")],
    ["is stale once its task is gone", ONE, { tasks: [] }, moved("task", 1, "gone")],
    [
      "for several tasks stands while all of them are as they were",
      BOTH,
      { tasks: [failed(2, AT + 5), failed(1)] },
      STANDS,
    ],
    [
      "for several tasks is stale once one of them goes on",
      BOTH,
      { tasks: [failed(1), aTask(2, { state: "done" })] },
      moved("task", 2, "done"),
    ],
    [
      "for several tasks is stale once one of them failed anew",
      BOTH,
      { tasks: [failed(1, AT + 9), failed(2, AT + 5)] },
      moved("task", 1, "failed"),
    ],
    ["for several tasks is stale once one of them is gone", BOTH, { tasks: [failed(1)] }, moved("task", 2, "gone")],
    ["stands while its deployment waits", DEPLOYMENT, { deployment: aDeployment(7, { state: "waiting" }) }, STANDS],
    [
      "is stale once its deployment is done",
      DEPLOYMENT,
      { deployment: aDeployment(7, { state: "deployed" }) },
      moved("deployment", 7, "deployed"),
    ],
    ["is stale once its deployment is gone", DEPLOYMENT, {}, moved("deployment", 7, "gone")],
    [
      "is stale once its alert is gone",
      { alert: 3, state: "firing" },
      {},
      { ok: false, kind: "alert", id: 3, state: "gone" },
    ],
  ])("%s", (_name, then, now, expected) => {
    expect(stillStands(then, now)).toEqual(expected);
  });

  test("that is stale says who did what, when", () => {
    const entry = {
      at: AT,
      kind: "task",
      ref: "1",
      event: "retried",
      by: "ben",
      why: null,
      commit: null,
      detail: null,
    } as const;
    const [words] = staleWords({ ok: false, kind: "task", id: 1, state: "processing" }, entry);
    expect(words).toMatchObject({ kind: "text" });
    expect(JSON.stringify(words)).toMatch(/nothing was done.*processing.*ben.*retried/);
    expect(JSON.stringify(words)).toContain(`{"at":${AT}}`);
  });
});
