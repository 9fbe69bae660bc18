import { expect, test } from "vitest";
import type { TagChange } from "../../../src/core/conditions/change.ts";
import { type GlobalTag, TAG_STATES, type TagState } from "../../../src/core/conditions/tag.ts";
import { refusedByState } from "../../../src/core/conditions/tag-life.ts";

/** Written by hand, as the story in `tag.ts` tells it. */
const STORY = [
  "OPEN -> TESTING",
  "OPEN -> RUNNING",
  "TESTING -> VALIDATED",
  "TESTING -> OPEN",
  "VALIDATED -> PUBLISHED",
  "VALIDATED -> OPEN",
  "PUBLISHED -> INVALID",
];

test("a tag goes from state to state as its story tells, and nowhere else", () => {
  const allowed = TAG_STATES.flatMap((from) =>
    TAG_STATES.filter((to) => !refusedByState(tag(from), { kind: "state", to })).map((to) => `${from} -> ${to}`),
  );
  expect(allowed.sort()).toEqual([...STORY].sort());
});

test("what each state takes is refused by every other, with what to do instead", () => {
  const span = { from: { major: 1, minor: 0 }, until: null };
  const changes: readonly TagChange[] = [
    { kind: "put", iovs: [] },
    { kind: "remove", type: "t0", span },
    { kind: "merge", of: [], span },
    { kind: "empty" },
    { kind: "append", iovs: [] },
  ];
  for (const state of TAG_STATES)
    for (const change of changes) {
      const refused = refusedByState(tag(state), change);
      const takes = change.kind === "append" ? state === "RUNNING" : state === "OPEN";
      expect([state, change.kind, refused === undefined]).toEqual([state, change.kind, takes]);
      if (refused) expect(refused.detail).toMatch(/; (put|append|make|clone) /);
    }
});

function tag(state: TagState): GlobalTag {
  return {
    environment: "production",
    name: "prompt",
    state,
    description: "",
    upstream: null,
    createdAt: 0,
    modifiedAt: 0,
    version: 1,
  };
}
