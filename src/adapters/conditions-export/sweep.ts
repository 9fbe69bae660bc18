/** What no export needs any more goes: trees but for the last two of each tag, then systems, then payloads that only those had. */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { payloadsIn } from "./system.ts";

/** The newest, and the one that somebody may be reading still. */
const KEPT_TREES = 2;

/** How names begin of what is being written. */
export const HALF_DONE = ".coming-";

/** What a bot left behind that died while it wrote: exports are made one after the other, so it is nobody's. */
export function sweepHalfDone(directory: string): void {
  for (const entry of below(directory))
    if (basename(entry).startsWith(HALF_DONE)) rmSync(entry, { recursive: true, force: true });
}

export async function sweep(conditions: string): Promise<void> {
  const tags = join(conditions, ".tags");
  const gone = below(tags).flatMap((tag) => oldTrees(conditions, tag));
  if (gone.length === 0) return;
  for (const tree of gone) rmSync(tree, { recursive: true, force: true });

  const used = new Set(below(tags).flatMap(below).flatMap(linksOf));
  const [kept, unused] = [new Set<string>(), [] as string[]];
  for (const system of below(join(conditions, ".systems")).flatMap(below)) {
    if (!used.has(system)) unused.push(system);
    else for (const hash of payloadsIn(readFileSync(join(system, "IOVS"), "utf8"))) kept.add(hash);
    if ((kept.size + unused.length) % 100 === 0) await breathe();
  }
  for (const system of unused) {
    for (const hash of payloadsIn(readFileSync(join(system, "IOVS"), "utf8")))
      if (!kept.has(hash))
        rmSync(join(conditions, ".payloads", hash.slice(0, 2), hash), { recursive: true, force: true });
    rmSync(system, { recursive: true, force: true });
  }
}

/** Those of one tag, but for the one that is in force and the newest beside it. */
function oldTrees(conditions: string, tag: string): readonly string[] {
  const link = join(conditions, basename(tag));
  const current = existsSync(link) ? resolve(conditions, readlinkSync(link)) : undefined;
  return below(tag)
    .filter((tree) => tree !== current)
    .sort((a, b) => statSync(b).ctimeMs - statSync(a).ctimeMs)
    .slice(KEPT_TREES - 1);
}

/** The systems of a tree. */
function linksOf(tree: string): readonly string[] {
  return below(tree)
    .filter((entry) => !basename(entry).startsWith("."))
    .map((entry) => resolve(tree, readlinkSync(entry)));
}

function below(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
}
