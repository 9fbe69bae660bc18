/** `calops init DIR`: the template becomes a repository of the user's own, with one commit and the tag that production follows. */
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Refuses a directory that has something in it: nothing of anybody's is written over. */
export async function initRepository(template: string, directory: string): Promise<void> {
  const there = await readdir(directory).catch(() => []);
  if (there.length > 0)
    throw new Error(`${directory} is not empty; name a directory that is, or that does not exist yet`);
  await mkdir(directory, { recursive: true });
  await cp(template, directory, { recursive: true });
  // npm leaves every .gitignore out of a package.
  await rename(join(directory, "gitignore"), join(directory, ".gitignore"));
  const git = (...args: string[]) => run("git", ["-c", "core.hooksPath=/dev/null", ...args], { cwd: directory });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git(...(await identity(git)), "commit", "--quiet", "-m", "Start from the calops template");
  // Whoever signs every tag would be asked for a message here.
  await git("-c", "tag.gpgSign=false", "-c", "tag.forceSignAnnotated=false", "tag", "v1");
}

/** Whoever has told git a name is the author; for others calops is. */
async function identity(git: (...args: string[]) => Promise<unknown>): Promise<string[]> {
  const known = await git("config", "user.email").then(
    () => true,
    () => false,
  );
  return known ? [] : ["-c", "user.name=calops", "-c", "user.email=calops@localhost"];
}
