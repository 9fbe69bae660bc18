/** Which files are different, and whose they are. */
import type { Config } from "../config/config.ts";
import { pathAndAbove } from "../config/repository-path.ts";
import type { TreeEntry } from "../config/tree.ts";
import { isForPeople } from "../workflow/files.ts";

export type FileChange = { readonly path: string; readonly change: "added" | "removed" | "changed" };

/** A file or directory beside the workflows in which something is different. */
export type SharedChange = {
  readonly path: string;
  readonly files: readonly FileChange[];
  /** Which declare that their scripts use it. */
  readonly workflows: readonly string[];
};

export type FileChanges = {
  /** By workflow: in its own directory. */
  readonly beside: ReadonlyMap<string, readonly FileChange[]>;
  readonly shared: readonly SharedChange[];
  /** Which no workflow declares, and which configure nothing. */
  readonly others: readonly FileChange[];
};

/** By path. Whether a file may be executed counts. */
export function changedFiles(before: readonly TreeEntry[], after: readonly TreeEntry[]): FileChange[] {
  const left = new Map(before.map((entry) => [entry.path, entry]));
  const found: FileChange[] = [];
  for (const { path, blob, kind } of after) {
    const old = left.get(path);
    left.delete(path);
    if (!old) found.push({ path, change: "added" });
    else if (old.blob !== blob || old.kind !== kind) found.push({ path, change: "changed" });
  }
  for (const path of left.keys()) found.push({ path, change: "removed" });
  return found.filter(({ path }) => !isForPeople(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function fileChanges(changed: readonly FileChange[], before: Config, after: Config): FileChanges {
  const users = usersOf([before, after]);
  const workflows = new Set([before, after].flatMap((config) => Object.keys(config.workflows)));
  const beside = new Map<string, FileChange[]>();
  const shared = new Map<string, FileChange[]>();
  const others: FileChange[] = [];
  for (const file of changed) {
    const [, workflow] = /^workflows\/([^/]+)\//.exec(file.path) ?? [];
    const isBeside = workflow !== undefined && workflows.has(workflow);
    const roots = pathAndAbove(file.path).filter((path) => users.has(path));
    if (isBeside) push(beside, workflow, file);
    for (const root of roots) push(shared, root, file);
    if (!isBeside && roots.length === 0 && !CONFIGURING.test(file.path)) others.push(file);
  }
  return {
    beside,
    shared: [...shared].map(([path, files]) => ({ path, files, workflows: [...(users.get(path) ?? [])] })),
    others,
  };
}

/** Files that are read as configuration, and those that belong to tools. */
const CONFIGURING =
  /^(calops|people|runtypes|environments|alerts)\.yaml$|^([^/]+\/)?[^/]+\.ics$|^(campaigns|tags)\/[^/]+\.yaml$|^\./;

/** Workflows by what they share. */
function usersOf(configs: readonly Config[]): Map<string, Set<string>> {
  const users = new Map<string, Set<string>>();
  for (const { workflows } of configs)
    for (const { name, shares } of Object.values(workflows))
      for (const path of shares) users.set(path, (users.get(path) ?? new Set()).add(name));
  return users;
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
