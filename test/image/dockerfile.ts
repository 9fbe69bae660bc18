/** Performs a Dockerfile on directories, one for each stage, as a container engine would. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Inside, type Mounts, runInside } from "./inside.ts";

export type Image = Inside & {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly volumes: readonly string[];
};

export type BuildParts = {
  /** Makes a new root directory with what the base image has. */
  readonly baseRoot: (base: string) => string;
  /** The checkout, less what `.dockerignore` keeps out. */
  readonly context: string;
  /** What a build gets to know of the machine, its registries for example, and what leaves no trace in the image. */
  readonly outside: { readonly env: Readonly<Record<string, string>>; readonly mounts: Mounts };
};

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The last stage is the image. Only the instructions that ours uses, in the forms that it uses; every other is refused. */
export async function buildImage(dockerfile: string, parts: BuildParts): Promise<Image> {
  const roots = new Map<string, string>();
  let image: Image | undefined;
  for (const line of linesOf(dockerfile)) {
    console.log(`   ${line.replace(/\s+/g, " ").slice(0, 110)}`);
    const from = /^FROM (\S+)(?: AS (\S+))?$/.exec(line);
    if (from) {
      const [, base = "", name = ""] = from;
      image = emptyImage(parts.baseRoot(base));
      roots.set(name, image.root);
    } else if (image) image = { ...image, ...(await perform(line, image, parts, roots)) };
  }
  return image ?? refuse(dockerfile);
}

function emptyImage(root: string): Image {
  const program = { entrypoint: [], command: [], healthcheck: [], volumes: [] };
  return { root, env: { PATH }, user: "0:0", directory: "/", ...program };
}

/** @returns what it changes in the image's own description */
async function perform(
  line: string,
  image: Image,
  { context, outside }: BuildParts,
  roots: ReadonlyMap<string, string>,
): Promise<Partial<Image>> {
  const [, word = "", rest = ""] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
  switch (word) {
    case "RUN":
      await runInside(
        { ...image, env: { HOME: "/root", ...outside.env, ...image.env } },
        ["/bin/sh", "-c", rest],
        outside.mounts,
      );
      return {};
    case "COPY": {
      const [, stage, words = ""] = /^(?:--from=(\S+)\s+)?([^-].*)$/.exec(rest) ?? refuse(line);
      const [to = "", ...sources] = words.split(/\s+/).reverse();
      const from = stage === undefined ? context : (roots.get(stage) ?? refuse(line));
      for (const source of sources) copy(join(from, source), to, image);
      return {};
    }
    case "ENV": {
      const pairs = rest.split(/\s+/).map((pair) => /^(\w+)=([^"'$]*)$/.exec(pair) ?? refuse(line));
      return { env: { ...image.env, ...Object.fromEntries(pairs.map(([, name, value]) => [name, value])) } };
    }
    case "WORKDIR":
      mkdirSync(join(image.root, rest), { recursive: true });
      return { directory: rest };
    case "USER":
      return { user: rest };
    case "VOLUME":
      return { volumes: [...image.volumes, rest] };
    case "ENTRYPOINT":
      return { entrypoint: programOf(rest) };
    case "CMD":
      return { command: programOf(rest) };
    case "HEALTHCHECK":
      return { healthcheck: programOf(/^(?:--\S+\s+)*CMD\s+(.*)$/s.exec(rest)?.[1] ?? refuse(line)) };
    case "EXPOSE":
      return {};
    default:
      return refuse(line);
  }
}

/** A directory gives its content, a file itself, and everything belongs to root. */
function copy(source: string, to: string, { root, directory }: Image): void {
  const target = join(
    root,
    resolve(directory, to),
    to.endsWith("/") && statSync(source).isFile() ? basename(source) : "",
  );
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  execFileSync("chown", ["-R", "0:0", target]);
}

/** Lines that go on are joined; comments, also between such lines, are left out. */
function linesOf(text: string): string[] {
  return text
    .replace(/^\s*#.*\n/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** Only the form of a JSON list: the other puts a shell before the program, and signals would end there. */
function programOf(text: string): string[] {
  const list: unknown = text.startsWith("[") ? JSON.parse(text) : undefined;
  return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : refuse(text);
}

function refuse(what: string): never {
  throw new Error(`test/image/dockerfile.ts does not know this: ${what}`);
}

/** The files of a checkout that a build gets. Of the language of `.dockerignore` only this: everything is out, `!NAME` is in. */
export function contextOf(checkout: string, directory: string): string {
  const [all, ...names] = readFileSync(join(checkout, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => /^[^#]/.test(line));
  if (all !== "*" || !names.every((name) => /^![\w.-]+$/.test(name)))
    throw new Error(".dockerignore says more than this test knows");
  for (const name of names) cpSync(join(checkout, name.slice(1)), join(directory, name.slice(1)), { recursive: true });
  return directory;
}
