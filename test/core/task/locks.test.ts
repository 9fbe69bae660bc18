import { describe, expect, test } from "vitest";
import { compile, type Expression, scope } from "../../../src/core/expression/expression.ts";
import { evaluateLocks, type LockFacts, runsInWords } from "../../../src/core/task/locks.ts";
import type { Waiting } from "../../../src/core/task/task.ts";
import type { LockDefinition } from "../../../src/core/workflow/workflow.ts";
import { AT, aTask } from "../../contracts/things.ts";

const HOUR = 3_600_000;
const OPEN: LockFacts = {
  groupMissing: null,
  owner: "timing-experts",
  needs: [],
  newestEnd: AT,
  asks: [],
  wants: [],
  runs: [],
};
const facts = (more: Partial<LockFacts>): LockFacts => ({ ...OPEN, ...more });
const run = (number: number, more: Partial<LockFacts["runs"][number]>) => ({
  number,
  hold: null,
  holder: "ann",
  conflict: null,
  since: AT - HOUR,
  ...more,
});
const covering = (
  id: number,
  groupKey: string,
  state: "new" | "processing" | "failed" | "done" | "skipped" | "merged",
) => ({
  id,
  groupKey,
  state,
  modifiedAt: AT - HOUR,
});
const ASK: LockDefinition = {
  kind: "ask",
  what: "conditions of the run",
  owner: "slow control",
  url: "http://conditions/8215",
  open: compile("answer.ready == true", scope({ answer: "dyn" }), "bool") as Expression,
  everyMs: 60_000,
};
const waits = (locks: readonly LockDefinition[], given: LockFacts, more = {}, now = AT) =>
  evaluateLocks(aTask(1, more), locks, given, now).waiting.map(
    ({ lock, detail, owner }) => `${lock} (${owner}): ${detail}`,
  );

describe("a task", () => {
  test("with nothing in its way waits for nothing", () => {
    expect(evaluateLocks(aTask(1), [], OPEN, AT)).toEqual({ waiting: [] });
  });

  test.each<[string, readonly LockDefinition[], Partial<LockFacts>, Record<string, unknown>, string]>([
    [
      "held by a person",
      [],
      {},
      { hold: { by: "ann", why: "look at it", since: AT } },
      "hold (ann): held by ann: look at it",
    ],
    [
      "whose run is held",
      [],
      { runs: [run(8215, { hold: "beam unstable" })] },
      {},
      "hold (ann): run 8215 is held by ann: beam unstable",
    ],
    [
      "whose run is told of in two ways",
      [],
      { runs: [run(8215, { conflict: 'type was "a" and this record says "b"' })] },
      {},
      'conflict (timing-experts): run 8215 has contradictory records: type was "a" and this record says "b"',
    ],
    [
      "that needs one which is under way",
      [],
      {
        needs: [
          {
            need: { workflow: "raw", task: "read" },
            owner: "ben",
            covering: [covering(7, "8215", "processing")],
            uncovered: [],
          },
        ],
      },
      {},
      "need (ben): raw/read of 8215, which is processing (task 7)",
    ],
    [
      "that needs one of its own workflow which waits itself",
      [],
      {
        needs: [
          {
            need: { workflow: "t0", task: "read" },
            owner: "ben",
            covering: [covering(7, "8215", "new")],
            uncovered: [],
          },
        ],
      },
      {},
      "need (ben): read of 8215, which is waiting itself (task 7)",
    ],
    [
      "that needs one which nobody makes for its runs",
      [],
      { needs: [{ need: { workflow: "raw", task: "read" }, owner: "ben", covering: [], uncovered: [1, 2, 3, 4, 5] }] },
      {},
      "need (ben): raw/read, which has no task for runs 1, 2, 3 and 2 more",
    ],
    [
      "with a delay that is not over",
      [{ kind: "delay", ms: 2 * HOUR }],
      { newestEnd: AT - HOUR },
      {},
      "delay (timing-experts): 2h after the end of the run, until 2026-11-24T01:00:00.000Z",
    ],
    [
      "with a delay from an end that is not known",
      [{ kind: "delay", ms: 48 * HOUR }],
      { newestEnd: undefined },
      {},
      "delay (data taking): 2d after the end of the run, which is not known yet",
    ],
    [
      "whose question was not answered yet",
      [ASK],
      {},
      {},
      "ask (slow control): conditions of the run: asked, no answer yet",
    ],
    [
      "whose question nobody can answer",
      [ASK],
      { asks: [{ state: "unknown", detail: "the server is away" }] },
      {},
      "ask (slow control): conditions of the run: the server is away",
    ],
  ])("%s waits, and it is said for what and whose it is", (_name, locks, given, more, expected) => {
    expect(waits(locks, facts(given), more)).toEqual([expected]);
  });

  test("of an open group waits for what the group waits for", () => {
    const [group] = waits([], facts({ groupMissing: "2 more of 3 runs" }));
    expect(group).toContain("the group is still open");
    expect(group).toContain("2 more of 3 runs");
  });

  test("does not wait for what is done or what people went on without", () => {
    const needs = [
      {
        need: { workflow: "raw", task: "read" },
        owner: "ben",
        covering: [covering(7, "1", "done"), covering(8, "2", "skipped")],
        uncovered: [],
      },
    ];
    expect(waits([ASK], facts({ needs, asks: [{ state: "open", detail: "" }] }))).toEqual([]);
  });

  test("waits for all its locks at once, in the order in which people look at them", () => {
    const given = facts({ groupMissing: "the next fill", newestEnd: undefined, runs: [run(1, { hold: "look" })] });
    expect(waits([{ kind: "delay", ms: HOUR }, ASK], given).map((one) => one.split(" ")[0])).toEqual([
      "hold",
      "group",
      "delay",
      "ask",
    ]);
  });

  test("is looked at again when the first of its delays is over", () => {
    const locks: LockDefinition[] = [
      { kind: "delay", ms: 5 * HOUR },
      { kind: "delay", ms: 2 * HOUR },
    ];
    expect(evaluateLocks(aTask(1), locks, OPEN, AT).opensAt).toBe(AT + 2 * HOUR);
    expect(evaluateLocks(aTask(1), locks, OPEN, AT + 2 * HOUR).opensAt).toBe(AT + 5 * HOUR);
    expect(evaluateLocks(aTask(1), locks, OPEN, AT + 5 * HOUR)).toEqual({ waiting: [] });
  });
});

describe("since when a lock is closed", () => {
  const next = (locks: readonly LockDefinition[], before: readonly Waiting[], given: LockFacts) =>
    evaluateLocks(aTask(1, { waiting: before }), locks, given, AT + HOUR).waiting;
  const sinceOf = (locks: readonly LockDefinition[], first: LockFacts, second: LockFacts) =>
    next(locks, evaluateLocks(aTask(1), locks, first, AT).waiting, second).map((one) => one.since);

  test.each<[string, readonly LockDefinition[], Partial<LockFacts>, Partial<LockFacts>]>([
    [
      "a group that gets one run of several",
      [],
      { groupMissing: "3 more of 10 runs" },
      { groupMissing: "2 more of 10 runs" },
    ],
    [
      "a group that gets some luminosity",
      [],
      { groupMissing: "luminosity: 1 of 9 so far" },
      { groupMissing: "luminosity: 2 of 9 so far" },
    ],
    [
      "a question with another answer",
      [ASK],
      { asks: [{ state: "unknown", detail: "away" }] },
      { asks: [{ state: "closed", detail: "not ready" }] },
    ],
    [
      "a delay whose run's end is known now",
      [{ kind: "delay", ms: 99 * HOUR }],
      { newestEnd: undefined },
      { newestEnd: AT },
    ],
  ])("is kept while its words change: %s", (_name, locks, first, second) => {
    expect(sinceOf(locks, facts(first), facts(second))).toEqual([AT]);
  });

  test("is a new moment for another lock", () => {
    expect(
      sinceOf(
        [],
        facts({ groupMissing: "the next fill after 7" }),
        facts({ runs: [run(1, { hold: "look", since: AT + 5 })] }),
      ),
    ).toEqual([AT + 5]);
  });

  test("begins anew when it was open in between", () => {
    const closed = evaluateLocks(aTask(1), [ASK], OPEN, AT).waiting;
    const open = next([ASK], closed, facts({ asks: [{ state: "open", detail: "" }] }));
    expect(next([ASK], open, OPEN).map((one) => one.since)).toEqual([AT + HOUR]);
  });

  test("of two needs is not mixed up", () => {
    const need = (key: string, modifiedAt: number) => ({
      need: { workflow: "raw", task: "read" },
      owner: "ben",
      covering: [{ ...covering(7, key, "processing"), modifiedAt }],
      uncovered: [],
    });
    expect(
      sinceOf(
        [],
        facts({ needs: [need("1", AT - 2), need("2", AT - 1)] }),
        facts({ needs: [need("1", AT - 2), need("2", AT - 1)] }),
      ),
    ).toEqual([AT - 2, AT - 1]);
  });
});

test.each([
  [[8215], "run 8215"],
  [[1, 2, 3], "runs 1, 2, 3"],
  [[1, 2, 3, 4], "runs 1, 2, 3 and 1 more"],
])("runs %j in words: %s", (runs, words) => {
  expect(runsInWords(runs)).toBe(words);
});
