import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOlder, mirrorsOf, target } from "../../../src/core/environment/follow.ts";
import type { Follow, MirrorRules } from "../../../src/core/environment/rules.ts";

const MAIN = "refs/heads/main";
const commitOf = (name: string) => Buffer.from(name).toString("hex").padEnd(40, "0").slice(0, 40);
const branches = (...names: string[]) => names.map((name) => ({ name: `refs/heads/${name}`, commit: commitOf(name) }));
const tags = (...names: string[]) => names.map((name) => ({ name: `refs/tags/${name}`, commit: commitOf(`t${name}`) }));

describe("production follows", () => {
  const refs = { branches: branches("v2", "release", "main"), tags: tags("v10", "main", "v9", "v2", "latest") };

  test.each<[string, Follow, string]>([
    ["the protected branch where no other is named", { kind: "branch", branch: undefined }, MAIN],
    ["a branch, also where a tag has its name", { kind: "branch", branch: "v2" }, "refs/heads/v2"],
    ["the newest tag that fits, whatever branches are called", { kind: "tag", pattern: "v*" }, "refs/tags/v10"],
    ["one tag", { kind: "tag", pattern: "v2" }, "refs/tags/v2"],
    ["a tag that is no version", { kind: "tag", pattern: "la*" }, "refs/tags/latest"],
    ["a commit by a ref that leads to it", { kind: "commit", commit: commitOf("release") }, "refs/heads/release"],
    ["a commit that no ref leads to by itself", { kind: "commit", commit: "a".repeat(40) }, "a".repeat(40)],
  ])("%s", (_name, follow, name) => {
    const found = target(follow, refs, MAIN);
    const commit = [...refs.branches, ...refs.tags].find((ref) => ref.name === name)?.commit ?? name;
    expect(found).toEqual({ kind: "found", ref: { name, commit } });
  });

  test.each<[string, Follow, object]>([
    [
      "tags of which there is none",
      { kind: "tag", pattern: "prod/v*" },
      {
        why: "production follows tags prod/v*, and the repository has none",
        instead: "tag the commit that is to run, for example git tag prod/v1, and push the tag",
      },
    ],
    [
      "a branch that has gone",
      { kind: "branch", branch: "stable" },
      {
        why: "production follows the branch stable, which the repository does not have",
        instead: "push it, or write another under follow in environments.yaml",
      },
    ],
  ])("nothing where it is to follow %s, and it is said what to do", (_name, follow, words) => {
    expect(target(follow, refs, MAIN)).toEqual({ kind: "nothing", ...words });
  });

  test("a tag that is never older than another that fits, in whatever order they come", () => {
    const name = fc
      .array(fc.constantFrom("v", "1", "2", "10", ".", "-rc", "x"), { minLength: 1, maxLength: 5 })
      .map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), (names) => {
        const all = tags(...names);
        const newest = target({ kind: "tag", pattern: "**" }, { branches: [], tags: all }, MAIN);
        const again = target({ kind: "tag", pattern: "**" }, { branches: [], tags: [...all].reverse() }, MAIN);
        expect(again).toEqual(newest);
        if (newest.kind !== "found") throw new Error("there is one");
        for (const tag of all) expect(isOlder(newest.ref.name, tag.name)).toBe(false);
      }),
    );
  });
});

test("which of two tags is the older one depends on the pattern that they fit", () => {
  expect(isOlder("refs/tags/v9", "refs/tags/v10")).toBe(true);
  expect(isOlder("refs/tags/v10", "refs/tags/v9")).toBe(false);
  expect(isOlder("refs/tags/v9", "refs/tags/v9")).toBe(false);
  expect(isOlder("refs/tags/t0-v2-rc1", "refs/tags/t0-v2", "t0-v*")).toBe(true);
});

describe("a mirror", () => {
  const RULES: MirrorRules = {
    branches: ["**"],
    except: [],
    runs: { last: 3 },
    channel: "#dev",
    graceMs: 0,
    jobs: 2,
    isolation: "required",
  };
  const TAGS: Follow = { kind: "tag", pattern: "v*" };
  const of = (rules: MirrorRules | undefined, names: string[], follow: Follow = TAGS) => {
    const { mirrors, unsafe } = mirrorsOf(rules, { branches: branches(...names) }, MAIN, follow);
    return { mirrors: mirrors.map(({ name }) => name.slice("refs/heads/".length)), unsafe };
  };

  test("is for each branch that fits, by name, but not for what production is", () => {
    const names = ["zeta", "main", "wip/fit", "release", "alpha"];
    expect(of(RULES, names)).toEqual({ mirrors: ["alpha", "release", "wip/fit", "zeta"], unsafe: [] });
    expect(of(RULES, names, { kind: "branch", branch: "release" }).mirrors).toEqual(["alpha", "wip/fit", "zeta"]);
    expect(of({ ...RULES, branches: ["*"] }, names).mirrors).toEqual(["alpha", "release", "zeta"]);
    expect(of({ ...RULES, except: ["wip/**", "z*"] }, names).mirrors).toEqual(["alpha", "release"]);
    expect(of(undefined, names)).toEqual({ mirrors: [], unsafe: [] });
  });

  test("is the branch as the remote has it", () => {
    expect(mirrorsOf(RULES, { branches: branches("fit") }, MAIN, TAGS).mirrors).toEqual(branches("fit"));
  });

  test("is for none whose name could break out, and these are told; of those that do not fit anyway nothing is said", () => {
    const names = ["a..b", "fine", "../x"];
    expect(of({ ...RULES, except: ["../*"] }, names)).toEqual({
      mirrors: ["fine"],
      unsafe: [{ name: "a..b", why: "its name has .. in it" }],
    });
  });
});
