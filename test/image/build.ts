/** Performs the instructions of a Dockerfile on directories, one for each stage, as a container engine would. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Dockerfile, Instruction, Stage } from "./dockerfile.ts";
import { type Inside, type Mounts, runInside } from "./inside.ts";

export type BuildParts = {
  /** Makes a new root directory with what the base image has. */
  readonly baseRoot: (base: string, stage: string) => string;
  /** The checkout, less what `.dockerignore` keeps out. */
  readonly context: string;
  /** What a build gets to know of the machine, its registries for example, and what leaves no trace in the image. */
  readonly outside: { readonly env: Readonly<Record<string, string>>; readonly mounts: Mounts };
};

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The last stage is the image. */
export async function build(dockerfile: Dockerfile, parts: BuildParts): Promise<Inside> {
  const built = new Map<string, Inside>();
  let image: Inside | undefined;
  for (const [index, stage] of dockerfile.stages.entries()) {
    const name = stage.name ?? String(index);
    image = await buildStage(stage, name, parts, built);
    built.set(name, image);
  }
  if (!image) throw new Error("the Dockerfile has no stage");
  return image;
}

async function buildStage(
  stage: Stage,
  name: string,
  parts: BuildParts,
  built: ReadonlyMap<string, Inside>,
): Promise<Inside> {
  const root = parts.baseRoot(stage.base, name);
  let image: Inside = { root, env: { PATH }, user: "0:0", directory: "/" };
  for (const instruction of stage.instructions) {
    console.log(`   ${instruction.line.replace(/\s+/g, " ").slice(0, 110)}`);
    image = await perform(instruction, image, parts, built);
  }
  return image;
}

async function perform(
  instruction: Instruction,
  image: Inside,
  parts: BuildParts,
  built: ReadonlyMap<string, Inside>,
): Promise<Inside> {
  switch (instruction.kind) {
    case "workdir":
      mkdirSync(join(image.root, instruction.path), { recursive: true });
      return { ...image, directory: instruction.path };
    case "env":
      return { ...image, env: { ...image.env, ...instruction.variables } };
    case "user":
      return { ...image, user: instruction.user };
    case "copy": {
      const from = instruction.from === undefined ? parts.context : built.get(instruction.from)?.root;
      if (from === undefined) throw new Error(`there is no stage ${instruction.from}`);
      copy({ from, sources: instruction.sources, to: instruction.to }, image);
      return image;
    }
    case "run": {
      const env = { HOME: "/root", ...parts.outside.env, ...image.env };
      await runInside({ ...image, env }, ["/bin/sh", "-c", instruction.script], parts.outside.mounts);
      return image;
    }
  }
}

/** A directory gives its content, a file itself, and everything belongs to root. */
function copy(what: { from: string; sources: readonly string[]; to: string }, image: Inside): void {
  const to = what.to.startsWith("/") ? what.to : join(image.directory, what.to);
  const intoDirectory = what.to.endsWith("/");
  if (what.sources.length > 1 && !intoDirectory) throw new Error(`COPY of several files needs a / after ${what.to}`);
  for (const source of what.sources) {
    const file = join(what.from, source);
    if (!existsSync(file)) throw new Error(`COPY ${source}: it is not there, or .dockerignore keeps it out`);
    const target = join(image.root, to, intoDirectory && lstatSync(file).isFile() ? basename(file) : "");
    mkdirSync(join(target, ".."), { recursive: true });
    cpSync(file, target, { recursive: true, verbatimSymlinks: true });
    execFileSync("chown", ["-R", "0:0", target]);
  }
}

/** The files of a checkout that a build gets. Of the language of `.dockerignore` only this: everything is out, `!NAME` is in. */
export function contextOf(checkout: string, directory: string): string {
  const lines = readFileSync(join(checkout, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const names = lines.slice(1).map((line) => /^!([\w.-]+)$/.exec(line)?.[1]);
  if (lines[0] !== "*" || names.includes(undefined)) throw new Error(".dockerignore says more than this test knows");
  mkdirSync(directory);
  for (const name of names as string[]) cpSync(join(checkout, name), join(directory, name), { recursive: true });
  return directory;
}
