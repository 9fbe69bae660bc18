/** Ids of commits, and of git's other objects. Whatever is not one could be an option of git, or the name of something else, and is refused. */

export function isId(text: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);
}

export function idOf(commit: string): string {
  if (!isId(commit)) throw new Error(`"${commit}" is not the id of a commit`);
  return commit;
}
