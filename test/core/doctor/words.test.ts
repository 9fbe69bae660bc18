import { describe, expect, test } from "vitest";
import { renderBlocks } from "../../../src/adapters/chat/console/render.ts";
import { bad, doubtful, type Finding, good, told, unknown } from "../../../src/core/doctor/finding.ts";
import { findingsAsData, findingsInWords, isWell } from "../../../src/core/doctor/words.ts";

const inWords = (findings: readonly Finding[]) => renderBlocks(findingsInWords(findings), { width: 200, now: 0 });

const GOOD = good("git", "version 2.39.5");
const BAD = bad("slack: the bot token", "Slack does not take it", "make a new one");
const DOUBTFUL = doubtful("the disk", "only 1.2 GB are free", "make room: du -xh /data");
const UNKNOWN = unknown("the clock", "nobody says what time it is", null);

describe("findings in words", () => {
  test("begin with what is bad, and each says what to do about it", () => {
    expect(inWords([GOOD, UNKNOWN, DOUBTFUL, BAD])).toBe(
      `1 thing to mend; 1 doubtful, 1 not known, 1 as it should be.
Bad:
  - ✗ slack: the bot token: Slack does not take it. What to do: make a new one.
Doubtful, though it works for now:
  - ! the disk: only 1.2 GB are free. What to do: make room: du -xh /data.
Not looked at, or without an answer:
  - ? the clock: nobody says what time it is.
As it should be:
  - ✓ git: version 2.39.5.`,
    );
  });

  test.each<[string, Finding[]]>([
    ["Nothing is bad: 1 as it should be.", [GOOD]],
    ["Nothing is bad: 2 doubtful, 0 as it should be.", [DOUBTFUL, DOUBTFUL]],
    ["2 things to mend; 1 as it should be.", [BAD, GOOD, BAD]],
    ["Nothing is bad: 0 as it should be.", []],
  ])("are counted first: %s", (first, findings) => {
    expect(inWords(findings).split("\n")[0]).toBe(first);
  });

  test.each([
    ["it is 3 s off.", "it is 3 s off."],
    ["it is 3 s off", "it is 3 s off."],
    ["does it run?", "does it run?"],
    ["type GRANT ALL (twice)", "type GRANT ALL (twice)"],
  ])("end with one full stop, whoever wrote them: %s", (found, shown) => {
    expect(inWords([good("it", found)])).toContain(`✓ it: ${shown}`);
    expect(inWords([good("it", found)])).not.toContain("..");
  });

  test("for programs have the same, with counts", () => {
    expect(findingsAsData([GOOD, BAD, DOUBTFUL])).toEqual({
      ok: false,
      good: 1,
      bad: 1,
      doubtful: 1,
      unknown: 0,
      findings: [GOOD, BAD, DOUBTFUL],
    });
  });

  test("are well as long as nothing is bad", () => {
    expect([isWell([GOOD, DOUBTFUL, UNKNOWN]), isWell([BAD])]).toEqual([true, false]);
  });
});

test.each([
  ["it is away; look at it; then wait", { found: "it is away", fix: "look at it; then wait" }],
  ["it is away", { found: "it is away", fix: "otherwise" }],
])("a message that says what to do is taken apart: %s", (message, expected) => {
  expect(told(message, "otherwise")).toEqual(expected);
});
