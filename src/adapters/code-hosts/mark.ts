/** How a comment or a ticket is known again by its key: a line of its text that nobody sees. Nothing in a key can end it. */
export function markOf(key: string): string {
  return `<!-- calops ${encodeURIComponent(key.toWellFormed())} -->`;
}
