/** How a ticket is known again by its key: a line that its text begins with. Nothing in a key can end it. */
export function markOf(key: string): string {
  return `<!-- calops ${encodeURIComponent(key.toWellFormed())} -->`;
}
