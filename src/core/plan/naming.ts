/** Names in a sentence. */

/** `a, b, c and 4 more` */
export function named(names: readonly string[], most = 6): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
