/** The text of an expression, taken apart into what has a meaning. */

const TOKENS =
  /\/\/[^\n]*|[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|[\w.]+|[^\s\w]/g;

/** The words, texts in quotes and signs of an expression; spaces and comments mean nothing. */
export function tokensOf(text: string): string[] {
  return (text.match(TOKENS) ?? []).filter((token) => !token.startsWith("//"));
}

/** Whether two expressions differ in spaces and comments at most. */
export function sameTokens(a: string, b: string): boolean {
  return a === b || tokensOf(a).join(" ") === tokensOf(b).join(" ");
}
