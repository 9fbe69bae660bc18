/** Where conditions are kept and served. */
import { expect, test } from "vitest";
import { configOf, issuesOf } from "./reading.ts";

const calops = (text: string) => ({ "calops.yaml": `experiment: D\n${text}` });

test("conditions are kept by the bot and served to nobody where nothing is said", () => {
  expect(configOf(calops("")).keeping).toEqual({ rest: undefined, server: undefined });
  expect(configOf(calops("conditions: { major: run.number }\n")).keeping.rest).toBeUndefined();
});

test("they are served to read, and to change with the secret of this name", () => {
  expect(configOf(calops("conditions: { rest: {} }\n")).keeping.rest).toEqual({ secret: undefined });
  expect(configOf(calops("conditions: { rest: { token: { secret: HSF_TOKEN } } }\n")).keeping.rest).toEqual({
    secret: "HSF_TOKEN",
  });
});

test.each([
  ["rest: { tokn: x }", '2:23: unknown key "tokn"; write token'],
  ["rest: { token: hunter2 }", '2:30: "hunter2" is not a mapping; write a mapping: { key: value }'],
])("%s is told with its place", (text, told) => {
  expect(issuesOf(calops(`conditions: { ${text} }\n`))).toEqual([`calops.yaml:${told}`]);
});
