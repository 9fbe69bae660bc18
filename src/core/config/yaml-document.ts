/**
 * One YAML file with the place of everything in it: what a schema or a reference check finds wrong at a path
 * becomes an issue at a line and a column.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar } from "yaml";
import type { Issue } from "./issue.ts";

export type Path = readonly PropertyKey[];

export type YamlDocument = {
  readonly file: string;
  /** The file as plain values; `null` for an empty file. */
  readonly value: unknown;
  /** An issue at the value under `path`; `offset` counts characters into a one-line text, for mistakes inside an expression. */
  issueAt(path: Path, issue: Omit<Issue, "file" | "line" | "column">, offset?: number): Issue;
  /** An issue at the key itself, for keys that should not be there. */
  issueAtKey(path: Path, issue: Omit<Issue, "file" | "line" | "column">): Issue;
};

/** Parses YAML 1.2. Syntax errors come back as issues, all that the parser found, and then there is no document. */
export function parseYaml(file: string, text: string): { document?: YamlDocument; issues: Issue[] } {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const syntax = [...parsed.errors, ...parsed.warnings].map(
    (error): Issue => ({
      ...place(error.pos[0]),
      code: "yaml",
      what: `not valid YAML: ${error.message}`,
      instead: "check the indentation, quotes and brackets here",
    }),
  );
  if (syntax.length > 0) return { issues: syntax };

  const value = parsed.toJS({ maxAliasCount: 100 }) as unknown;
  const document: YamlDocument = {
    file,
    value,
    issueAt(path, issue, offset) {
      const node = nearestNode(parsed.contents, path);
      return { ...place(startOf(node) + (offset === undefined ? 0 : intoText(node, offset))), ...issue };
    },
    issueAtKey(path, issue) {
      return { ...place(keyOffset(parsed.contents, path)), ...issue };
    },
  };
  return { document, issues: [] };
}

/** The node under a path, or the deepest one on the way that exists: where a missing key should have been. */
function nearestNode(root: Node | null, path: Path): Node | null {
  let node = root;
  for (const step of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (!next) return node;
    node = next as Node;
  }
  return node;
}

function keyOffset(root: Node | null, path: Path): number {
  const parent = nearestNode(root, path.slice(0, -1));
  const name = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === name);
    if (isScalar(pair?.key)) return pair.key.range?.[0] ?? startOf(parent);
  }
  return startOf(parent);
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** How far a character of a scalar's text stands behind the scalar's start; 0 where the text is folded over lines. */
function intoText(node: Node | null, offset: number): number {
  if (!isScalar(node)) return 0;
  if (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL) return 0;
  return node.type === Scalar.PLAIN ? offset : offset + 1;
}
