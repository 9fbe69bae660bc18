/** The text of a piece of an expression, as its author wrote it. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { tokensOf } from "../expression/tokens.ts";

/** In one line, and with the brackets that belong to it: the parser leaves those around a piece at its edge out. */
export function sliceOf({ input, start, end }: Pick<ASTNode, "input" | "start" | "end">): string {
  const text = input.slice(start, end).trim();
  const { opened, closed } = unmatched(text);
  return `${"(".repeat(closed)}${text}${")".repeat(opened)}`.replace(/\s*\n\s*/g, " ");
}

/** How many brackets close what was not opened in a text, and how many it leaves open. */
function unmatched(text: string): { opened: number; closed: number } {
  let [opened, closed] = [0, 0];
  for (const token of tokensOf(text)) {
    if (token === "(") opened++;
    else if (token === ")" && opened > 0) opened--;
    else if (token === ")") closed++;
  }
  return { opened, closed };
}
