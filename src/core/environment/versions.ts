/**
 * Which of two tags is the newer one. Tags are compared as versions, as far as they are any: `v9` is older than `v10`,
 * `v2.0.0-rc1` than `v2.0.0`. Semver alone would not do: experiments call their tags v7, 2026.12 or r24-rc1, and it takes
 * rc10 for older than rc9.
 */

/** How two tags follow each other, older first: a number below, at or above zero, zero for the same tag only. */
export type Order = (a: string, b: string) => number;

/**
 * The order among tags that match a pattern; what the pattern says before its first `*` and after its last is no part of the
 * version. Tags that are no versions are older than all that are, and come by their names, numbers in them by value.
 */
export function orderOfTags(pattern: string): Order {
  return (a, b) => {
    const [va, vb] = [versionOf(a, pattern), versionOf(b, pattern)];
    if (va && vb) return inOrderOfVersions(va, vb) || inNaturalOrder(a, b);
    if (va || vb) return va ? 1 : -1;
    return inNaturalOrder(a, b);
  };
}

type Version = {
  readonly numbers: readonly string[];
  /** `rc1`; empty for what is released. */
  readonly prerelease: string;
};

function versionOf(tag: string, pattern: string): Version | undefined {
  // `v1.*` speaks of a version whose first number is given: that stays with the others.
  const before = pattern.replace(/\*.*$/s, "").replace(/[\d.]+$/, "");
  const after = pattern.includes("*") ? pattern.replace(/^.*\*/s, "") : "";
  if (!tag.startsWith(before) || !tag.slice(before.length).endsWith(after)) return undefined;
  const word = tag.slice(before.length, tag.length - after.length);
  const [, numbers, rest = ""] = /^v?(\d+(?:\.\d+)*)([\w.-]*)(?:\+.*)?$/is.exec(word) ?? [];
  if (numbers === undefined) return undefined;
  return { numbers: numbers.split("."), prerelease: rest.replace(/^[-_.]+/, "").toLowerCase() };
}

function inOrderOfVersions(a: Version, b: Version): number {
  for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index++) {
    const order = byValue(a.numbers[index] ?? "0", b.numbers[index] ?? "0");
    if (order !== 0) return order;
  }
  if (a.prerelease === "" || b.prerelease === "") return Number(a.prerelease === "") - Number(b.prerelease === "");
  return inNaturalOrder(a.prerelease, b.prerelease);
}

/** Numbers within names by value, everything else character by character: `rc9` before `rc10`. */
function inNaturalOrder(a: string, b: string): number {
  const [as, bs] = [piecesOf(a), piecesOf(b)];
  for (let index = 0; index < Math.min(as.length, bs.length); index++) {
    const order = inOrderOfPieces(as[index] ?? "", bs[index] ?? "");
    if (order !== 0) return order;
  }
  return as.length - bs.length || byCharacters(a, b);
}

function piecesOf(name: string): string[] {
  return name.match(/\d+|\D/gs) ?? [];
}

function inOrderOfPieces(a: string, b: string): number {
  const digits = /^\d/;
  return digits.test(a) && digits.test(b) ? byValue(a, b) : byCharacters(a, b);
}

/** Digits of any length: dates in tags have more than a number can hold exactly. */
function byValue(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return x.length - y.length || byCharacters(x, y);
}

function byCharacters(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
