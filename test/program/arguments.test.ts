import { expect, test } from "vitest";
import { parseProgram, portOption, WrongUse } from "../../src/program/arguments.ts";

test("options of the program may stand anywhere, and the rest belongs to the command", () => {
  const { verb, words, options } = parseProgram([
    "tasks",
    "--data",
    "/d",
    "--run",
    "7",
    "--store=postgres://a=b",
    "--json",
  ]);
  expect({ verb, words, options }).toEqual({
    verb: "tasks",
    words: ["tasks", "--run", "7", "--json"],
    options: { data: "/d", store: "postgres://a=b" },
  });
});

test("an option without its value is a wrong use", () => {
  expect(() => parseProgram(["start", "--data"])).toThrow(new WrongUse("--data has no value; write --data VALUE"));
});

test.each([
  ["the option comes first", ["--port", "1234"], "5678", 1234],
  ["then the environment", [], "5678", 5678],
  ["then what is usual", [], undefined, 8470],
  ["what Kubernetes puts there for a service called calops is not meant", [], "tcp://10.96.0.7:8470", 8470],
])("of the ports, %s", (_what, args, CALOPS_PORT, port) => {
  expect(portOption(parseProgram(["start", ...args]), { CALOPS_PORT }, 8470)).toBe(port);
});

test.each([
  [["--port", "65536"], undefined, /^--port 65536 is not a port; write a number/],
  [["--port", ""], undefined, /^--port {2}is not a port/],
  [["--port", "tcp://10.96.0.7:8470"], undefined, /^--port tcp:.* is not a port/],
  [[], "http", /^CALOPS_PORT http is not a port/],
])("%j with CALOPS_PORT=%s is no port", (args, CALOPS_PORT, message) => {
  expect(() => portOption(parseProgram(["start", ...args]), { CALOPS_PORT }, 8470)).toThrow(message);
});
