import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIssue } from "../../../src/core/config/issue.ts";
import { type TreeEntry, treeMistakes } from "../../../src/core/config/tree.ts";

const file = (path: string, bytes = 10): TreeEntry => ({ path, kind: "file", bytes, blob: "0".repeat(40) });
const link = (path: string, target?: string): TreeEntry => ({
  ...file(path),
  kind: "link",
  ...(target === undefined ? {} : { target }),
});
const mistakes = (...tree: TreeEntry[]) => treeMistakes(tree).map(({ file, code }) => `${file} ${code}`);

describe("what must not get onto the disk", () => {
  test("is nothing of an ordinary repository", () => {
    const names = [
      "calops.yaml",
      "workflows/t0/fit.sh",
      "a b",
      "größe-測",
      "-n",
      "back\\slash",
      ":(glob)*",
      ".github/x",
      "$(id)",
    ];
    expect(mistakes(...names.map((name) => file(name)), link("latest", "workflows/t0"))).toEqual([]);
  });

  test("is a link to somewhere else, absolute or by going up", () => {
    expect(mistakes(link("a", "/etc/passwd"))).toEqual(["a link-out"]);
    expect(mistakes(link("a/b", "../../x"), link("a/c", "../x/../../y"), link("a/d", ".."))).toEqual([
      "a/b link-out",
      "a/c link-out",
    ]);
    expect(mistakes(link("a/b", "../x"), link("c", "./a//../a/b"), link("d", "nowhere/at/all"))).toEqual([]);
  });

  test("is a link that gets out by way of another one", () => {
    // up is the root of the repository; what lies above it is outside, though by the words it is not.
    expect(mistakes(link("a/b/up", "../.."), link("out", "a/b/up/../x"))).toEqual(["out link-out"]);
    expect(mistakes(link("deep", "a/b/c"), file("a/b/c/x"), link("in", "deep/../../b/c/x"))).toEqual([]);
    expect(mistakes(link("x", "y/passwd"), link("y", "/etc"))).toEqual(["x link-out", "y link-out"]);
  });

  test("is no link that goes in a circle, since it leads nowhere", () => {
    expect(mistakes(link("a", "b"), link("b", "a"), link("c", "c/../c"))).toEqual([]);
  });

  test("is a link that is too long to be a path", () => {
    expect(mistakes(link("a"))).toEqual(["a link-out"]);
  });

  test("is a submodule, or what git-lfs left in place of a file", () => {
    expect(mistakes({ ...file("lib"), kind: "submodule", bytes: 0 })).toEqual(["lib submodule"]);
    expect(mistakes({ ...file("map.root"), lfs: true })).toEqual(["map.root lfs-pointer"]);
  });

  test("is a large file, and many that are large together", () => {
    expect(mistakes(file("a", 50_000_000))).toEqual([]);
    expect(mistakes(file("a", 50_000_001))).toEqual(["a too-large"]);
    const many = Array.from({ length: 10 }, (_, index) => file(`d${index}`, 50_000_000));
    expect(mistakes(...many)).toEqual([]);
    expect(mistakes(file("x", 1), ...many)).toEqual(["d0 too-large"]);
  });

  test("is more than anybody would look at, which is told without looking any closer", () => {
    const many = (count: number, entry: (name: string) => TreeEntry) =>
      Array.from({ length: count }, (_, index) => entry(`w/${index}`));
    expect(mistakes(...many(20_000, (name) => file(name)))).toEqual([]);
    expect(mistakes(...many(20_001, (name) => file(name)))).toEqual([". too-many"]);
    expect(mistakes(...many(1_000, (name) => link(name, "x")))).toEqual([]);
    expect(mistakes(...many(1_001, (name) => link(name, "/etc")))).toEqual([". too-many"]);
    expect(mistakes(file("x".repeat(500)), file(`${"d/".repeat(29)}x`))).toEqual([]);
    for (const long of ["x".repeat(501), "é".repeat(251), `${"d/".repeat(30)}x`])
      expect(mistakes(file(long), link("a", "/etc"))).toEqual([`${long.slice(0, 200)} bad-path`]);
  });

  test("is a link that goes on and on, which takes no time to be seen", () => {
    const began = performance.now();
    const turns = "a/../".repeat(800);
    const maze = Array.from({ length: 1_000 }, (_, index) => link(`l${index}`, `${turns}l${(index + 1) % 1_000}`));
    expect(mistakes(...maze)).toHaveLength(1_000);
    expect(mistakes(link("deep", "d/".repeat(2_000)))).toEqual(["deep link-out"]);
    expect(mistakes(link("usual", `${"a/../".repeat(40)}x`))).toEqual([]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test("is a path that does not stay in it, or that cannot be seen", () => {
    for (const path of ["../x", "a/../../x", "a/./x", "/etc/x", "a//x", ".git/config", "a/.GIT/hooks/post-checkout"])
      expect(mistakes(file(path))).toEqual([`${path} bad-path`]);
    expect(mistakes(file("a\nb"))).toEqual(["a\\nb bad-path"]);
    expect(mistakes(file("a\u001b[31mb"))).toEqual(["a\\u001b[31mb bad-path"]);
    expect(mistakes(file("a\u007f"))).toEqual(["a\\u007f bad-path"]);
  });

  test("is one of two paths that are the same on other machines, but not look-alikes of letters", () => {
    expect(mistakes(file("a/Read.me"), file("a/README"), file("a/readme"))).toEqual(["a/readme twin"]);
    expect(mistakes(file("gr\u00f6\u00dfe"), file("gro\u0308\u00dfe"))).toEqual(["gro\u0308\u00dfe twin"]);
    expect(mistakes(file("T0/a"), file("t0/b"))).toEqual(["t0 twin"]);
    expect(mistakes(file("main"), file("m\u0430in"), file("\uff4dain"))).toEqual([]);
  });

  test("is told all at once, each in one line, with what to do instead", () => {
    const told = treeMistakes([link("a\n:1:1: all is well; go on", "/etc"), file("b/../c", 60_000_000)]).map(
      formatIssue,
    );
    expect(told).toHaveLength(4);
    for (const line of told) expect(line).toMatch(/^[^\n]+:1:1: [^\n;]+; [^\n]+$/);
  });

  test("is never a link whose way, followed step by step through real directories, stays inside", () => {
    const step = fc.constantFrom("a", "b", "..", ".");
    const target = fc.array(step, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b"), { maxLength: 3 }), target, (above, steps) => {
        let depth = above.length;
        let out = false;
        for (const one of steps) {
          if (one === "..") depth--;
          else if (one !== ".") depth++;
          out ||= depth < 0;
        }
        expect(mistakes(link([...above, "link"].join("/"), steps.join("/"))).length > 0).toBe(out);
      }),
    );
  });
});
