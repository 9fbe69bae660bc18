/**
 * Patterns of branch and tag names, as CI files of code hosts have them: `*` stands for anything within one step of a name,
 * `**` for anything at all. `wip/*` is `wip/fit` but not `wip/ann/fit`, which `wip/**` is too. Nothing else is special.
 */

/** @param name short: `main`, `v1.2`. The time that it takes grows with the lengths of both, whatever they are made of. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.match(/\*+|[^*]/gu) ?? [];
  // Each entry: whether all parts before it can stand for what of the name was read so far.
  let reached = passStars(parts, [true]);
  for (const character of name) {
    const next: boolean[] = [];
    parts.forEach((part, index) => {
      if (!reached[index]) return;
      if (part === character) next[index + 1] = true;
      else if (part.startsWith("**") || (part === "*" && character !== "/")) next[index] = true;
    });
    reached = passStars(parts, next);
  }
  return reached[parts.length] === true;
}

/** Stars may stand for nothing. */
function passStars(parts: readonly string[], reached: readonly boolean[]): boolean[] {
  const passed = [...reached];
  parts.forEach((part, index) => {
    if (passed[index] && part.startsWith("*")) passed[index + 1] = true;
  });
  return passed;
}

const LONGEST = 80;

/**
 * Why a branch gets no mirror whatever the patterns say; undefined where it may have one. Its name stands in directories,
 * in names of jobs and in commands, so it is made of what means the same in all of them.
 */
export function whyNoMirror(branch: string): string | undefined {
  if (branch.length > LONGEST) return `its name is longer than ${LONGEST} characters`;
  if (!/^[A-Za-z0-9._/-]*$/.test(branch)) return "its name has other characters than letters, digits and . _ - /";
  const steps = branch.split("/");
  if (steps.includes("")) return "a step of its name is empty";
  if (branch.startsWith("-")) return "its name begins like an option of a program";
  if (steps.some((step) => step.startsWith("."))) return "a step of its name begins with a dot";
  if (branch.includes("..")) return "its name has .. in it";
  if (steps.some((step) => step.endsWith(".lock"))) return "a step of its name ends in .lock";
  return undefined;
}
