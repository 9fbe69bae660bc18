/** YAML's aliases: `*name` stands for what `&name` marks before it. */
import { type Document, type Node, visit } from "yaml";

export type AliasMistake = { readonly offset: number; readonly what: string; readonly instead: string };

/** Aliases that stand for nothing, or for something that they are part of. */
export function aliasMistakes(document: Document.Parsed): AliasMistake[] {
  const mistakes: AliasMistake[] = [];
  const marked = new Map<string, Node>();
  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) marked.set(node.anchor, node);
    },
    Alias(_, alias, above) {
      const meant = marked.get(alias.source);
      const offset = alias.range?.[0] ?? 0;
      if (!meant)
        mistakes.push({
          offset,
          what: `*${alias.source} stands for nothing`,
          instead: `mark something before it with &${alias.source}, or put it into quotes`,
        });
      else if (above.includes(meant))
        mistakes.push({ offset, what: `*${alias.source} stands for itself`, instead: "write out what it stands for" });
    },
  });
  return mistakes;
}
