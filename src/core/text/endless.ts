/** What is to be written instead of such an expression. */
export const INSTEAD_OF_LOOKING = "write it without (?=, (?!, (?<=, (?<!, \\1 and \\k";

/**
 * Whether a regular expression looks ahead, behind or back. Such a one can keep its reader at a single line for years; all
 * others are searched in a time that ends (`main.ts` says how), and branches that nobody has read may bring any.
 */
export function looksElsewhere(pattern: string): boolean {
  return /\(\?<?[=!]|\\[1-9k]/.test(pattern.replaceAll("\\\\", ""));
}
