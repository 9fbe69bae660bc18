import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputDirectories } from "../../../src/adapters/executors/local/view.ts";
import type { InputFacts } from "../../../src/core/job/order.ts";
import { anOrder } from "../../contracts/orders.ts";

const ROOT = "/data";
const DEPTH = 7;

const orderWith = (files: readonly string[]) => {
  const facts = anOrder("", []).facts;
  return { directory: "jobs/mirror/c/w/g/t.1/0", facts: { ...facts, inputs: [{ files } as InputFacts] } };
};
const directories = (files: readonly string[], most?: number) => inputDirectories(orderWith(files), ROOT, most);

describe("what an isolated job is shown of its inputs", () => {
  test("is the whole output of each attempt once, however deep in it a file lies", () => {
    expect(
      directories([
        "/data/jobs/mirror/c/w/g/a.1/0/out/x",
        "/data/jobs/mirror/c/w/g/a.1/0/out/plots/deep/y",
        "/data/jobs/mirror/c/out/g/a.1/1/out/x",
      ]),
    ).toEqual(["/data/jobs/mirror/c/w/g/a.1/0/out", "/data/jobs/mirror/c/out/g/a.1/1/out"]);
  });

  test("is nothing that no job has written", () => {
    expect(
      directories([
        "/data/secrets/token",
        "/data/jobs/mirror/c/w/g/a.1/0/log",
        "/data/jobs/mirror/c/w/g/a.1/0/../../out/x",
        "/database/jobs/mirror/c/w/g/a.1/0/out/x",
        "/elsewhere/file",
      ]),
    ).toEqual([]);
  });

  test("is what lies above, and no more than that of the environment, where there are too many", () => {
    const file = fc.array(fc.constantFrom("a", "b", "c"), { minLength: DEPTH - 2, maxLength: DEPTH - 2 });
    fc.assert(
      fc.property(fc.array(file), fc.integer({ min: 1, max: 10 }), (steps, most) => {
        const files = steps.map((some) => `/data/jobs/mirror/${some.join("/")}/out/x`);
        const shown = directories(files, most);
        expect(shown.length).toBeLessThanOrEqual(most);
        for (const directory of shown) expect(`${directory}/`).toMatch(/^\/data\/jobs\/mirror\//);
        for (const one of files) expect(shown.filter((directory) => one.startsWith(`${directory}/`))).toHaveLength(1);
        if (new Set(files).size <= most) expect(shown.every((directory) => directory.endsWith("/out"))).toBe(true);
      }),
    );
  });
});
