/** Paths as texts: absolute, without `.` and `..`. */

/** Whether a path is that of a directory, or of something in it. */
export function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** The directories between one and something in it, from above: `/a/b`, `/a/b/c` for `/a` and `/a/b/c/d`. */
export function between(directory: string, path: string): string[] {
  const steps = path.slice(directory.length + 1).split("/");
  return steps.slice(1).map((_, index) => `${directory}/${steps.slice(0, index + 1).join("/")}`);
}
