import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRefName, keptName, parseRefs } from "../../../src/adapters/git/remote-refs.ts";

const id = (digit: string) => digit.repeat(40);
const lines = (...all: [string, string][]) => all.map(([what, name]) => `${what}\t${name}\n`).join("");

describe("what a remote lists", () => {
  test("is branches and tags, each by its full name, a tag with a message by the commit that it leads to", () => {
    const { refs, objects } = parseRefs(
      lines(
        ["ref: refs/heads/dev", "HEAD"],
        [id("a"), "HEAD"],
        [id("a"), "refs/heads/dev"],
        [id("b"), "refs/heads/v1"],
        [id("c"), "refs/pull/1/head"],
        [id("d"), "refs/remotes/origin/HEAD"],
        [id("e"), "refs/tags/v1"],
        [id("a"), "refs/tags/v1^{}"],
        [id("b"), "refs/tags/v2"],
      ),
    );
    expect(refs).toEqual({
      head: "refs/heads/dev",
      branches: [
        { name: "refs/heads/dev", commit: id("a") },
        { name: "refs/heads/v1", commit: id("b") },
      ],
      tags: [
        { name: "refs/tags/v1", commit: id("a") },
        { name: "refs/tags/v2", commit: id("b") },
      ],
    });
    expect(objects.get("refs/tags/v1")).toBe(id("e"));
  });

  test("has a default branch also where the server does not say so", () => {
    const head = (...all: [string, string][]) => parseRefs(lines(...all)).refs.head;
    const [a, b] = [id("a"), id("b")];
    expect(head([b, "HEAD"], [a, "refs/heads/main"], [b, "refs/heads/x"])).toBe("refs/heads/main");
    expect(head([a, "refs/heads/master"], [b, "refs/heads/x"])).toBe("refs/heads/master");
    expect(head([b, "HEAD"], [a, "refs/heads/w"], [b, "refs/heads/x"])).toBe("refs/heads/x");
    expect(head([a, "refs/heads/trunk"])).toBe("refs/heads/trunk");
    expect(head([a, "refs/heads/w"], [b, "refs/heads/x"])).toBe("refs/heads/main");
    expect(head(["ref: refs/remotes/evil", "HEAD"], [a, "refs/heads/main"])).toBe("refs/heads/main");
  });

  test("is not believed where git would not make such a name", () => {
    for (const name of [
      "refs/heads/a b",
      "refs/heads/a..b",
      "refs/heads/../../HEAD",
      "refs/heads/.hidden",
      "refs/heads/x.lock",
      "refs/heads/a:b",
      "refs/heads/a\u001b[31m",
      "refs/heads/",
      "refs/heads/a//b",
      "refs/heads/a@{1}",
      "refs/notes/x",
    ]) {
      expect(isRefName(name)).toBe(false);
      expect(parseRefs(lines([id("a"), name])).refs.branches).toEqual([]);
      expect(() => keptName(name)).toThrow("is not the full name of a branch or a tag");
    }
    for (const name of ["refs/heads/--upload-pack=x", "refs/heads/$(id)", "refs/heads/m\u0430in", "refs/tags/größe/1"])
      expect(isRefName(name)).toBe(true);
  });

  test("is kept by a name of its own, none of which is the beginning of another", () => {
    expect(keptName("refs/heads/a/b")).toBe("refs/calops/heads/a%2Fb");
    const name = fc.stringMatching(/^[a-z%/2F]{1,8}$/).filter((text) => isRefName(`refs/heads/${text}`));
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [one, two] = [keptName(`refs/heads/${a}`), keptName(`refs/heads/${b}`)];
        expect(one === two).toBe(a === b);
        expect(one.startsWith(`${two}/`)).toBe(false);
      }),
    );
  });
});
