import fc from "fast-check";
import { expect, test } from "vitest";
import { type Settings, settingChanges } from "../../../src/core/plan/settings.ts";

const list = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2", "3")), { maxLength: 6 });
const sorted = (settings: Settings) => settings.map((one) => one.join("=")).sort();

test("what was set, without what is told as gone and with what is told as come, is what is set", () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const now = sorted(before);
      for (const { what, from, to } of settingChanges(before, after)) {
        if (from !== null) now.splice(now.indexOf(`${what}=${from}`), 1);
        if (to !== null) now.push(`${what}=${to}`);
      }
      expect(now.sort()).toEqual(sorted(after));
    }),
  );
});

test("one value for another is one change; among several each is told by itself", () => {
  expect(settingChanges([["a", "1"]], [["a", "2"]])).toEqual([{ what: "a", from: "1", to: "2" }]);
  expect(
    settingChanges(
      [
        ["a", "1"],
        ["a", "2"],
      ],
      [["a", "3"]],
    ),
  ).toEqual([
    { what: "a", from: "1", to: null },
    { what: "a", from: "2", to: null },
    { what: "a", from: null, to: "3" },
  ]);
});

test("the same in another order is no change", () => {
  fc.assert(fc.property(list, (before) => void expect(settingChanges(before, [...before].reverse())).toEqual([])));
});
