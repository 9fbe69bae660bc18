/** The place of a value inside a file: keys and indices from its root. */
export type Path = readonly PropertyKey[];

/** The value under a path; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (isCollection(value) ? value[step] : undefined), root);
}

/** Whether a path is one of `paths` or leads below one of them. */
export function isUnder(paths: readonly Path[], path: Path): boolean {
  return paths.some((above) => above.every((step, index) => path[index] === step));
}

export function isCollection(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
