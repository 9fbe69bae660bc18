/** Changes as sentences of one line. Whatever stands in a file is cut and cleaned: it comes from whoever can open a branch. */
import { plural } from "../say.ts";
import { cleanLine, cut } from "../text/clean.ts";
import type { FileChange } from "./file-changes.ts";
import type { JudgedChange } from "./judged.ts";
import { named } from "./naming.ts";
import type { SettingChange } from "./settings.ts";
import type { StaleTask } from "./stale-results.ts";

/** Characters of one value. */
const MOST = 120;

type OfSomething = SettingChange & { readonly of: string };

/** `retries of t0/calibrate 2 -> 5`; the same change of several is told once. */
export function settingLines(changes: readonly OfSomething[]): string[] {
  return folded(changes).map(({ change: { from, to }, subject, all }) => {
    if (from !== null && to !== null) return `${subject} ${value(from)} -> ${value(to)}${all}`;
    return `${subject}: ${value(to ?? from ?? "")} ${to === null ? "taken away" : "added"}${all}`;
  });
}

/** `repeat.until of t0/calibrate: metrics.a < 10 -> metrics.a < 20` */
export function judgedLines(changes: readonly JudgedChange[]): string[] {
  return folded(changes).map(({ change: { from, to }, subject, all }) => {
    if (to === null) return `${subject}: ${value(from ?? "")} is not asked any more${all}`;
    if (from === null) return `${subject}: ${value(to)} is asked now${all}`;
    return `${subject}: ${value(from)} -> ${value(to)}${all}`;
  });
}

/** A changed default changes many in the same way: they are named behind it. */
function folded<Change extends OfSomething>(
  changes: readonly Change[],
): { readonly change: Change; readonly subject: string; readonly all: string }[] {
  const same = new Map<string, { readonly change: Change; readonly of: string[] }>();
  for (const change of changes) {
    const key = JSON.stringify([change.what, change.from, change.to]);
    const found = same.get(key);
    if (found) found.of.push(change.of);
    else same.set(key, { change, of: [change.of] });
  }
  return [...same.values()].map(({ change, of }) =>
    of.length === 1
      ? { change, subject: `${shown(change.what)} of ${shown(change.of)}`, all: "" }
      : { change, subject: shown(change.what), all: `, for ${named(of.map(shown))}` },
  );
}

/** `files of t0: fit.mjs changed, plot.mjs added` */
export function filesLine(of: string, files: readonly FileChange[], below: string): string {
  const names = files.map(({ path, change }) => {
    const inside = path.startsWith(`${below}/`) ? path.slice(below.length + 1) : path;
    return `${shown(inside)} ${change}`;
  });
  return `files of ${shown(of)}: ${named(names)}`;
}

/** `t0/calibrate: 120 results` */
export function staleLine({ workflow, task, upstream, results }: StaleTask): string {
  const why = upstream === null ? "" : `, made from those of ${upstream}`;
  return `${workflow}/${task}: ${results === null ? "its results" : plural(results, "result")}${why}`;
}

/** `214 results become stale`; without counts, of how many tasks. */
export function resultsInWords(stale: readonly StaleTask[]): string {
  if (stale.some(({ results }) => results === null)) return `results of ${plural(stale.length, "task")} become stale`;
  const results = stale.reduce((sum, one) => sum + (one.results ?? 0), 0);
  if (results === 0) return "no result becomes stale";
  return results === 1 ? "1 result becomes stale" : `${results} results become stale`;
}

/** A name or key from a file. */
export function shown(text: string): string {
  return cut(cleanLine(text), MOST);
}

function value(text: string): string {
  const clean = shown(text);
  return clean === "" ? '""' : clean;
}
