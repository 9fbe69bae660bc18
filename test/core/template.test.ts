import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fill, fillArguments, namesIn } from "../../src/core/template.ts";

const name = fc.constantFrom("run.number", "input", "tag", "here");
const plain = fc.string({ unit: "binary" }).map((text) => text.replaceAll("${", "$ {"));
const pieces = fc.array(
  fc.oneof(
    plain.map((text) => ({ text })),
    name.map((place) => ({ place })),
  ),
);
const written = (all: readonly ({ text: string } | { place: string })[]) =>
  all.map((piece) => ("text" in piece ? piece.text : `\${${piece.place}}`)).join("");

describe("a template", () => {
  test("tells the names that it uses, each at its place", () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const text = written(all);
        expect(namesIn(text).map((found) => found.name)).toEqual(
          all.flatMap((piece) => ("place" in piece ? [piece.place] : [])),
        );
        for (const found of namesIn(text))
          expect(text.slice(found.offset)).toMatch(new RegExp(`^\\$\\{${found.name}\\}`));
      }),
    );
  });

  test("is filled place by place, and everything else stays as it is", () => {
    fc.assert(
      fc.property(
        pieces,
        fc.dictionary(name, fc.string({ unit: "binary" }), { noNullPrototype: true }),
        (all, values) => {
          const expected = all.map((piece) => ("text" in piece ? piece.text : (values[piece.place] ?? ""))).join("");
          expect(fill(written(all), values)).toBe(expected);
        },
      ),
    );
  });

  test("with its own names as values is itself", () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const text = written(all);
        const itself = Object.fromEntries(namesIn(text).map((found) => [found.name, `\${${found.name}}`]));
        expect(fill(text, itself)).toBe(text);
      }),
    );
  });

  test("without a place is left alone, dollars and braces and all", () => {
    for (const text of ["$HOME", "{}", "${unclosed", "$$", "a}b"])
      expect([fill(text, {}), namesIn(text)]).toEqual([text, []]);
  });
});

describe("arguments", () => {
  test("stay as many as they are, but for a place that stands alone for a list", () => {
    fc.assert(
      fc.property(fc.array(pieces.map(written)), fc.array(fc.string()), (words, files) => {
        const expected = words.reduce((sum, word) => sum + (word === "${input}" ? files.length : 1), 0);
        expect(fillArguments(words, { input: files, tag: "x", here: "y", "run.number": "1" })).toHaveLength(expected);
      }),
    );
  });
});
