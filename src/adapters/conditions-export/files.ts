/**
 * A tag as a tree of files:
 *
 *   conditions/TAG -> .tags/TAG/DIGEST            switched by one rename
 *   conditions/.tags/TAG/DIGEST/SYSTEM -> .systems/SYSTEM/DIGEST
 *   conditions/.systems/SYSTEM/DIGEST/Run8215 -> .payloads/ab/ab...
 *   conditions/.payloads/ab/ab.../payload         a hard link to the store's file, or a copy where there can be none
 *
 * so that `conditions/TAG/SYSTEM/Run8215/payload` is a file. All links are relative: the whole of `conditions` can be copied.
 * What nothing changed in is shared with the exports before and with other tags, and not written again. The export before the
 * newest stays for those who have begun to read it.
 */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Iov } from "../../core/conditions/iov.ts";
import type { GlobalTag } from "../../core/conditions/tag.ts";
import { checkBytes, digestOfFile } from "./payload-bytes.ts";
import { digest, segment } from "./segment.ts";
import { HALF_DONE, sweep, sweepHalfDone } from "./sweep.ts";
import { type SystemFiles, systemOf, writeSystem } from "./system.ts";

export type FilesWritten = { readonly place: string; readonly written: number; readonly changed: boolean };

/**
 * @param conditions the directory of that name
 * @param iovs of the whole tag, ordered by type and beginning
 * @param placeOf the store's file of a payload
 */
export async function writeFiles(
  conditions: string,
  tag: GlobalTag,
  iovs: readonly Iov[],
  placeOf: (hash: string) => Promise<string>,
): Promise<FilesWritten> {
  const coming = join(conditions, `${HALF_DONE}${randomUUID()}`);
  const systems = [...Map.groupBy(iovs, ({ type }) => type)].map(([type, list]) => systemOf(type, list));
  const facts = factsOf(tag);
  const tree = join(".tags", segment(tag.name), digest(facts + systems.map(({ place }) => place).join("\n")));
  const place = join(conditions, segment(tag.name));
  if (targetOf(place) === tree) return { place, written: 0, changed: false };

  sweepHalfDone(conditions);
  let written = 0;
  const payloadOf = async (hash: string) => {
    const directory = join(conditions, ".payloads", hash.slice(0, 2), hash);
    if (existsSync(directory)) return directory;
    const kept = await placeOf(hash);
    checkBytes(hash, await digestOfFile(kept));
    givePayload(kept, directory, join(coming, "payload"));
    written += 1;
    return directory;
  };
  try {
    mkdirSync(coming, { recursive: true });
    for (const system of systems)
      await writeSystem(join(conditions, ".systems"), join(coming, "system"), system, payloadOf);
    if (!existsSync(join(conditions, tree))) writeTree(conditions, tree, join(coming, "tree"), systems, facts);
    // Names before what they lead to would be a tree with holes after a crash of the machine.
    syncDirectory(dirname(join(conditions, tree)));
    symlinkSync(tree, join(coming, "link"));
    renameSync(join(coming, "link"), place);
    syncDirectory(conditions);
  } finally {
    rmSync(coming, { recursive: true, force: true });
  }
  await sweep(conditions);
  return { place, written, changed: true };
}

function writeTree(
  conditions: string,
  tree: string,
  coming: string,
  systems: readonly SystemFiles[],
  facts: string,
): void {
  const place = join(conditions, tree);
  mkdirSync(coming, { recursive: true });
  for (const system of systems)
    symlinkSync(relative(place, join(conditions, ".systems", system.place)), join(coming, segment(system.type)));
  writeFileSync(join(coming, ".tag.json"), facts);
  mkdirSync(dirname(place), { recursive: true });
  renameSync(coming, place);
}

function factsOf({ name, state, description, version, modifiedAt }: GlobalTag): string {
  return `${JSON.stringify({ name, state, description, version, modifiedAt: new Date(modifiedAt).toISOString() })}\n`;
}

function givePayload(from: string, directory: string, coming: string): void {
  mkdirSync(coming, { recursive: true });
  const file = join(coming, "payload");
  try {
    linkSync(from, file);
  } catch {
    // Another file system, or one that has no hard links: nothing is lost, it takes room twice.
    copyFileSync(from, file, constants.COPYFILE_FICLONE);
    chmodSync(file, 0o444);
  }
  mkdirSync(dirname(directory), { recursive: true });
  renameSync(coming, directory);
}

/** Where a link leads; undefined where there is none. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function syncDirectory(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
