/** The clone of calops' own: made once, freed of what a dead bot held, and kept small. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Git, type GitParts, localGit } from "./git.ts";

/** Objects on their way in, apart from the clone until they are whole; each fetch has its own. */
export const INCOMING = "incoming-";
/** Before what a commit's own `.gitattributes` says: what is checked out is what was committed, byte for byte. */
const AS_COMMITTED = "* -text -ident -filter !working-tree-encoding\n";
const COLLECTING_MS = 600_000;

export async function openClone({ directory, env }: GitParts): Promise<Git> {
  if (!existsSync(join(directory, "HEAD"))) {
    // Put in its place when it is whole: half of one could not be opened.
    const making = `${directory}.making`;
    await rm(making, { recursive: true, force: true });
    await mkdir(making, { recursive: true });
    await localGit({ directory: making, env })(["init", "--bare", "--quiet"]);
    await rm(directory, { recursive: true, force: true });
    await rename(making, directory);
  }
  await removeRemains(directory);
  await mkdir(join(directory, "info"), { recursive: true });
  await writeFile(join(directory, "info/attributes"), AS_COMMITTED);
  return localGit({ directory, env });
}

/** What ran once is there as long as the clone is, however the remote is rewritten. */
export async function keepCommit(git: Git, commit: string): Promise<void> {
  await git(["update-ref", keptCommitName(commit), commit]);
}

export function keptCommitName(commit: string): string {
  return `refs/calops/kept/${commit}`;
}

export async function packsIn(directory: string): Promise<number> {
  return (await readdir(join(directory, "objects/pack"))).filter((name) => name.endsWith(".pack")).length;
}

/** Makes one pack of all. Commits that nothing leads to any more go after two weeks, as git has it. */
export async function collectGarbage(git: Git): Promise<void> {
  await git(["gc", "--quiet"], { timeoutMs: COLLECTING_MS });
}

/** Whoever held these when the machine stopped is gone: one bot works on a data directory, and it is just beginning. */
async function removeRemains(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const isRemains =
      name.endsWith(".lock") || name.startsWith(INCOMING) || name.startsWith("index.") || name === "gc.pid";
    if (isRemains && name !== "index.directory") await rm(join(directory, name), { recursive: true, force: true });
  }
  for (const name of await readdir(join(directory, "refs"), { recursive: true }))
    if (name.endsWith(".lock")) await rm(join(directory, "refs", name), { force: true });
  const packs = join(directory, "objects/pack");
  for (const name of await readdir(packs)) if (name.startsWith("tmp_")) await rm(join(packs, name), { force: true });
}
