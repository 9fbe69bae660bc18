/**
 * One YAML file with the place of everything in it: what a schema or a reference check finds wrong at a path
 * becomes an issue at a line and a column.
 */
import { type ErrorCode, isMap, isNode, isScalar, isSeq, type Node, type Pair, parseDocument } from "yaml";
import { aliasMistakes } from "./aliases.ts";
import type { Issue } from "./issue.ts";
import type { Path } from "./path.ts";
import { placeInScalar } from "./scalar-place.ts";

export type YamlDocument = {
  readonly file: string;
  /** The file as plain values; `null` for an empty file. */
  readonly value: unknown;
  /** An issue at the value under `path`; `offset` counts characters into a text, for mistakes inside an expression. */
  issueAt(path: Path, issue: IssueWords, offset?: number): Issue;
  /** An issue at the key itself, for keys that should not be there. */
  issueAtKey(path: Path, issue: IssueWords): Issue;
  /** A word without quotes as it is written: `24.10`, whose value is 24.1. */
  written(path: Path): string | undefined;
};

type IssueWords = Omit<Issue, "file" | "line" | "column">;

/** Aliases of aliases grow fast; nobody writes so many by hand. */
const MOST_ALIASES = 1_000;

/** Parses YAML 1.2. Syntax errors come back as issues, all that the parser found, and then there is no document. */
export function parseYaml(file: string, text: string): { document?: YamlDocument; issues: Issue[] } {
  const parsed = parseDocument(text, { prettyErrors: false, version: "1.2", logLevel: "error" });
  const contents: Node | null = parsed.contents;
  const place = (offset: number) => ({ file, ...lineAndColumn(text, offset) });

  const syntax = [...parsed.errors, ...parsed.warnings].map((error) => ({
    ...place(error.pos[0]),
    ...(SYNTAX[error.code] ?? anySyntax(error.message)),
    code: "yaml",
  }));
  if (syntax.length > 0) return { issues: syntax };
  const aliases = aliasMistakes(parsed).map(({ offset, ...words }) => ({ ...place(offset), ...words, code: "yaml" }));
  if (aliases.length > 0) return { issues: aliases };

  let value: unknown;
  try {
    value = parsed.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const words = { code: "yaml", what: "too many aliases of aliases", instead: "write out what they stand for" };
    return { issues: [{ ...place(0), ...words }] };
  }
  const document: YamlDocument = {
    file,
    value,
    issueAt(path, issue, offset) {
      const node = nearestNode(contents, path);
      const inside = isScalar(node) && offset !== undefined ? placeInScalar(text, node, offset) : startOf(node);
      return { ...place(inside), ...issue };
    },
    issueAtKey(path, issue) {
      return { ...place(keyOffset(contents, path)), ...issue };
    },
    written(path) {
      const node = nearestNode(contents, path);
      return isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
    },
  };
  return { document, issues: [] };
}

const SYNTAX: Partial<Readonly<Record<ErrorCode, { readonly what: string; readonly instead: string }>>> = {
  DUPLICATE_KEY: { what: "this key stands here twice", instead: "take one of them away" },
  MULTIPLE_DOCS: { what: "a second document begins here", instead: "take the line --- away" },
  TAB_AS_INDENT: { what: "a tab indents this line", instead: "write spaces" },
};

function anySyntax(message: string): { what: string; instead: string } {
  return { what: `not valid YAML: ${message}`, instead: "check the indentation, quotes and brackets here" };
}

/** Both from 1. The library's own count of lines misses some in files that are not valid. */
function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** The node under a path, or the deepest one on the way that exists: where a missing key should have been. */
function nearestNode(root: Node | null, path: Path): Node | null {
  let node = root;
  for (const step of path) {
    const next = isSeq(node) ? node.get(Number(step), true) : pairAt(node, step)?.value;
    if (!isNode(next)) return node;
    node = next;
  }
  return node;
}

function keyOffset(root: Node | null, path: Path): number {
  const parent = nearestNode(root, path.slice(0, -1));
  const key = pairAt(parent, path.at(-1))?.key;
  return startOf(isNode(key) ? key : parent);
}

/** Keys are texts to us, also those that YAML takes for numbers. */
function pairAt(node: Node | null, key: PropertyKey | undefined): Pair | undefined {
  return isMap(node) ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) : undefined;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
