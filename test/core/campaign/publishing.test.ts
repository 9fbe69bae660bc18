import { describe, expect, test } from "vitest";
import { campaignSpan, isManager, publishingChange } from "../../../src/core/campaign/publishing.ts";
import { ALWAYS } from "../../../src/core/conditions/decide-change.ts";
import type { Iov } from "../../../src/core/conditions/iov.ts";
import { aRun } from "../../contracts/things.ts";
import { configOf, oneWorkflow } from "../config/reading.ts";

const { conditions: rule } = configOf(oneWorkflow("tasks: { fit: { run: [fit] } }\n"));
const at = (major: number) => ({ major, minor: 0 });
const iov = (type: string, payload: string, from: number, until: number | null): Iov => ({
  type,
  payload,
  from: at(from),
  until: until === null ? null : at(until),
});
const runs = [{ from: 10, to: 20 }];

describe("a campaign speaks of", () => {
  test("its runs, and of nothing after them where it reprocesses", () => {
    const known = [aRun(18), aRun(12)];
    expect(campaignSpan({ kind: "reprocessing", runs }, known, rule)).toEqual({
      known: true,
      span: { from: at(12), until: at(19) },
    });
    expect(campaignSpan({ kind: "prompt", runs }, known, rule)).toEqual({
      known: true,
      span: { from: at(12), until: null },
    });
  });

  test("everything where it names no runs, and of nothing where none of them is known", () => {
    expect(campaignSpan({ kind: "prompt", runs: undefined }, [], rule)).toEqual({ known: true, span: ALWAYS });
    expect(campaignSpan({ kind: "prompt", runs }, [], rule)).toMatchObject({ known: false });
  });
});

describe("its staging tags", () => {
  const tag = (name: string) => ({ environment: "production", name });
  const span = { from: at(10), until: null };
  const staging = [
    { tag: tag("local"), iovs: [iov("t0", "a", 5, 15)] },
    { tag: tag("calib"), iovs: [iov("t0", "b", 5, null), iov("ecl", "c", 12, null)] },
  ];

  test("are merged into an open tag, the first before the others", () => {
    expect(publishingChange({ state: "OPEN" }, staging, span)).toEqual({
      kind: "merge",
      of: [tag("local"), tag("calib")],
      span,
    });
  });

  test("are appended to a running one, with the same rank and within the same moments", () => {
    expect(publishingChange({ state: "RUNNING" }, staging, span)).toEqual({
      kind: "append",
      iovs: [iov("ecl", "c", 12, null), iov("t0", "a", 10, 15), iov("t0", "b", 15, null)],
    });
  });
});

test.each([
  [undefined, "eve", [], true],
  ["ann", "ann", [], true],
  ["calibration-manager", "ann", ["calibration-manager"], true],
  ["calibration-manager", "eve", ["expert"], false],
  ["ann", "eve", ["manager"], false],
])("a campaign of the manager %s is published by %s with the roles %j: %s", (manager, id, roles, may) => {
  expect(isManager({ manager }, { id, roles, owner: false })).toBe(may);
});
