import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  attributesFor,
  runsDigest,
  runsOf,
  upstreamDigest,
  upstreamOf,
  usedDigest,
  versionOf,
} from "../../../src/core/task/used.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
const attributes = fc.dictionary(
  fc.constantFrom("type", "fill", "luminosity", "quality"),
  fc.oneof(fc.nat(3), fc.constantFrom("a", "b")),
);
const runs = fc.uniqueArray(fc.record({ number: fc.nat(20), attributes }), { selector: (run) => run.number });
const upstream = fc.uniqueArray(fc.record({ task: fc.nat(20), attempt: fc.nat(3) }), { selector: (one) => one.task });

describe("what a result was made from", () => {
  test("is the same in whatever order its runs and their attributes are given", () => {
    const both = runs.chain((all) => fc.tuple(fc.constant(all), shuffled(all)));
    fc.assert(
      fc.property(both, ([one, other]) => {
        const turned = other.map((run) => ({
          ...run,
          attributes: Object.fromEntries(Object.entries(run.attributes).reverse()),
        }));
        expect(runsDigest(turned, undefined, sha256)).toBe(runsDigest(one, undefined, sha256));
      }),
    );
  });

  test("differs when any used attribute of any run differs, and only then", () => {
    fc.assert(
      fc.property(
        runs,
        runs,
        fc.option(fc.subarray(["type", "fill", "luminosity"]), { nil: undefined }),
        (one, other, uses) => {
          const used = (all: typeof one) =>
            [...all]
              .sort((a, b) => a.number - b.number)
              .map((run) => [run.number, Object.entries(attributesFor(run.attributes, uses)).sort()]);
          expect(runsDigest(one, uses, sha256) === runsDigest(other, uses, sha256)).toBe(
            JSON.stringify(used(one)) === JSON.stringify(used(other)),
          );
        },
      ),
    );
  });

  test("is the same in whatever order the tasks that it needs are given, and differs with any attempt of them", () => {
    const both = upstream.chain((all) => fc.tuple(fc.constant(all), shuffled(all)));
    fc.assert(
      fc.property(both, ([one, other]) => {
        expect(upstreamDigest(other, sha256)).toBe(upstreamDigest(one, sha256));
        const [first, ...rest] = other;
        if (first)
          expect(upstreamDigest([{ ...first, attempt: first.attempt + 1 }, ...rest], sha256)).not.toBe(
            upstreamDigest(one, sha256),
          );
      }),
    );
  });

  test("keeps its parts apart", () => {
    const version = fc.string().map((text) => sha256(text).slice(0, 16));
    fc.assert(
      fc.property(runs, upstream, version, (some, needs, by) => {
        const parts = [runsDigest(some, undefined, sha256), upstreamDigest(needs, sha256), by] as const;
        const used = usedDigest(...parts, sha256("constants"));
        expect([runsOf(used), upstreamOf(used), versionOf(used)]).toEqual(parts);
      }),
    );
  });

  test("has no version where it was written down before there were any", () => {
    expect([runsOf("1f.2e"), upstreamOf("1f.2e"), versionOf("1f.2e")]).toEqual(["1f", "2e", undefined]);
  });

  test("holds only the attributes that a workflow says it uses, or all of them", () => {
    const all = { type: "physics", luminosity: 2 };
    expect(attributesFor(all, ["luminosity", "fill"])).toEqual({ luminosity: 2 });
    expect(attributesFor(all, [])).toEqual({});
    expect(attributesFor(all, undefined)).toEqual(all);
  });
});
