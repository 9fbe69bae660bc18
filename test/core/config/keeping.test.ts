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

test("they are kept by a server of others, with its options checked", () => {
  const text = "conditions: { server: { hsf: { url: https://npdb.example/rest/, payloads: { directory: /p } } } }\n";
  expect(configOf(calops(text)).keeping.server).toMatchObject({
    kind: "hsf",
    options: { url: "https://npdb.example/rest/", payloads: { directory: "/p" }, timeout: 30_000 },
  });
});

const hsf = (options: string) => `server: { hsf: { ${options} } }`;
test.each([
  ["server: {}", "2:23: no kind is given; write exactly one of hsf, belle2"],
  ["server: { hsff: {} }", '2:25: unknown key "hsff"; write hsf'],
  [
    hsf("url: 'https://a'"),
    '2:30: "payloads" is missing; add payloads: { directory: /data/payloads }, or { url: https://... } to read only',
  ],
  [
    hsf("url: 'https://ann:secret@a', payloads: { directory: /p }"),
    "2:37: a user or password in the address; write token: { secret: NAME }",
  ],
  [hsf("url: 'https://a', payloads: { directory: p }"), "2:73: not an absolute path; write for example /data/payloads"],
  ["rest: { tokn: x }", '2:23: unknown key "tokn"; write token'],
  ["rest: { token: hunter2 }", '2:30: "hunter2" is not a mapping; write a mapping: { key: value }'],
])("%s is told with its place", (text, told) => {
  expect(issuesOf(calops(`conditions: { ${text} }\n`))).toEqual([`calops.yaml:${told}`]);
});
