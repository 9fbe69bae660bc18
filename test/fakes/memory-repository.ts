import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfigFiles } from "../../src/adapters/git/config-files.ts";
import type { TreeEntry } from "../../src/core/config/tree.ts";
import type { Signature } from "../../src/core/environment/signature.ts";
import {
  type Author,
  CannotRevert,
  type Commit,
  type ConfigRepository,
  type Proposal,
  type Ref,
  type Refs,
  RemoteAway,
  type Revert,
} from "../../src/ports/config-repository.ts";
import type { Pushing } from "../contracts/config-repository.ts";

export type Files = Readonly<Record<string, string>>;

type Made = { readonly commit: Commit; readonly files: Files; readonly parent: string | null };

/** A config repository whose commits are made by the test. Scripts (`.sh`) may be executed. */
export class MemoryRepository implements ConfigRepository {
  readonly plain = false;
  readonly reverts: Revert[] = [];
  /** The remote does not answer. */
  away = false;
  readonly #root: string;
  readonly #made = new Map<string, Made>();
  readonly #branches = new Map<string, string>();
  readonly #tags = new Map<string, string>();
  readonly #signatures = new Map<string, Signature>();
  readonly #fetched = new Set<string>();

  constructor(root: string, files: Files) {
    this.#root = root;
    this.push(files, "first");
  }

  /** Somebody pushes a commit to a branch. @returns its id */
  push(
    files: Files,
    subject: string,
    { branch = "main", author = "Ann", email = "ann@x.org", parent }: Pushing = {},
  ): string {
    const id = createHash("sha1").update(String(this.#made.size)).digest("hex");
    const before = parent === undefined ? (this.#branches.get(branch) ?? this.#branches.get("main") ?? null) : parent;
    const commit = { id, author, email, committerEmail: email, subject, at: 0 };
    this.#made.set(id, { commit, files, parent: before });
    this.#branches.set(branch, id);
    return id;
  }

  tag(name: string, commit: string): void {
    this.#tags.set(name, commit);
  }

  deleteTag(name: string): void {
    this.#tags.delete(name);
  }

  deleteBranch(name: string): void {
    this.#branches.delete(name);
  }

  /** @param what a commit, or a tag by its full name */
  sign(what: string, signature: Signature): void {
    this.#signatures.set(what, signature);
  }

  async refs(): Promise<Refs> {
    this.#reach();
    const refs = (of: ReadonlyMap<string, string>, prefix: string) =>
      [...of].map(([name, commit]): Ref => ({ name: prefix + name, commit }));
    return {
      head: "refs/heads/main",
      branches: refs(this.#branches, "refs/heads/"),
      tags: refs(this.#tags, "refs/tags/"),
    };
  }

  async fetch({ name, commit }: Ref): Promise<void> {
    if (this.#fetched.has(commit)) return;
    const { branches, tags } = await this.refs();
    const promised =
      name === commit || [...branches, ...tags].some((ref) => ref.name === name && ref.commit === commit);
    if (!promised || !this.#made.has(commit)) throw new RemoteAway(`${name} does not lead to ${commit}`);
    for (let id: string | null = commit; id !== null; id = this.#made.get(id)?.parent ?? null) this.#fetched.add(id);
  }

  async commit(id: string): Promise<Commit | undefined> {
    return this.#fetched.has(id) ? this.#made.get(id)?.commit : undefined;
  }

  async find(prefix: string): Promise<string | undefined> {
    const found = [...this.#fetched].filter((id) => id.startsWith(prefix));
    return prefix.length >= 7 && found.length === 1 ? found[0] : undefined;
  }

  async isWithin(ancestor: string, descendant: string): Promise<boolean> {
    return this.#line(descendant).includes(ancestor);
  }

  async tree(commit: string): Promise<TreeEntry[]> {
    return Object.entries(this.#filesOf(commit)).map(([path, text]) => ({
      path,
      kind: path.endsWith(".sh") ? "program" : "file",
      bytes: Buffer.byteLength(text),
      blob: createHash("sha1").update(text).digest("hex"),
    }));
  }

  async checkout(id: string): Promise<string> {
    const directory = join(this.#root, "checkouts", id);
    for (const [path, text] of Object.entries(this.#filesOf(id))) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
      if (path.endsWith(".sh")) chmodSync(join(directory, path), 0o755);
    }
    return directory;
  }

  read = readConfigFiles;

  async text(commit: string, path: string): Promise<string | undefined> {
    return this.#filesOf(commit)[path];
  }

  async changes(
    from: string,
    to: string,
    path: string,
  ): Promise<{ commits: readonly Commit[]; files: readonly string[] }> {
    const old = this.#line(from);
    const commits = this.#line(to)
      .filter((id) => !old.includes(id))
      .flatMap((id) => this.#made.get(id) ?? [])
      .filter(({ files, parent }) => differing(files, parent === null ? {} : this.#filesOf(parent), path).length > 0)
      .map(({ commit }) => commit);
    return { commits, files: differing(this.#filesOf(from), this.#filesOf(to), path) };
  }

  async authors(from: string | null, to: string): Promise<Author[]> {
    const line = this.#line(to);
    const known = from === null ? -1 : line.indexOf(from);
    const fresh = line.slice(0, known < 0 ? 1_000 : Math.max(1, known)).flatMap((id) => this.#made.get(id) ?? []);
    const authors = fresh.map(({ commit: { author, email } }): Author => ({ author, email }));
    return [...new Map(authors.map((one) => [JSON.stringify(one), one])).values()];
  }

  async signature(of: { readonly tag: string } | { readonly commit: string }): Promise<Signature> {
    return this.#signatures.get("tag" in of ? of.tag : of.commit) ?? { kind: "none" };
  }

  async openRevert(revert: Revert): Promise<void> {
    this.#reach();
    const { branch, bad, good, onto, message } = revert;
    if (this.#branches.has(branch)) return;
    const files = mergedFiles(this.#filesOf(bad), this.#filesOf(onto.commit), this.#filesOf(good));
    const [subject = ""] = message.split("\n");
    this.push(files, subject, { branch, author: "calops", email: "calops@localhost", parent: onto.commit });
    this.reverts.push(revert);
  }

  async openProposal({ branch, onto, files, message, author: { author, email } }: Proposal): Promise<void> {
    this.#reach();
    if (this.#branches.has(branch)) return;
    const [subject = ""] = message.split("\n");
    this.push({ ...this.#filesOf(onto.commit), ...files }, subject, { branch, author, email, parent: onto.commit });
  }

  async keepOnly(commits: readonly string[]): Promise<void> {
    for (const id of this.#made.keys())
      if (!commits.includes(id)) rmSync(join(this.#root, "checkouts", id), { recursive: true, force: true });
  }

  #reach(): void {
    if (this.away) throw new RemoteAway("nobody is there");
  }

  #line(commit: string): string[] {
    const line: string[] = [];
    for (let id: string | null = commit; id !== null; id = this.#made.get(id)?.parent ?? null) line.push(id);
    return line;
  }

  #filesOf(id: string): Files {
    const found = this.#fetched.has(id) ? this.#made.get(id) : undefined;
    if (!found) throw new Error(`no commit ${id}`);
    return found.files;
  }
}

/** Of two sides that went from the same files: what either changed. */
function mergedFiles(base: Files, ours: Files, theirs: Files): Files {
  const merged = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((path) => {
    const [before, here, there] = [base[path], ours[path], theirs[path]];
    if (here !== before && there !== before && here !== there) throw new CannotRevert(`${path} was changed since`);
    const text = here === before ? there : here;
    return text === undefined ? [] : [[path, text] as const];
  });
  const files = Object.fromEntries(merged);
  if (differing(files, ours, "").length === 0) throw new CannotRevert("nothing is left to be taken back");
  return files;
}

/** @param path everything where it is empty */
function differing(before: Files, after: Files, path: string): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (file) => (path === "" || file === path || file.startsWith(`${path}/`)) && before[file] !== after[file],
  );
}
