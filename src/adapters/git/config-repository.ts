/**
 * The config repository through the machine's git. A clone of calops' own is kept in the data directory; what runs is
 * checked out from it, each commit once.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TreeEntry } from "../../core/config/tree.ts";
import type { Key, Signature } from "../../core/environment/signature.ts";
import { type Commit, type ConfigRepository, type Ref, type Refs, RemoteAway, type Revert } from "../../ports/config-repository.ts";
import { type Address, addressOf } from "./address.ts";
import { type CheckoutPlaces, checkout, keepOnly } from "./checkouts.ts";
import { readConfigFiles } from "./config-files.ts";
import { type Git, GitError, localGit, remoteGit, saysYes } from "./git.ts";
import { inTurn } from "./in-turn.ts";
import { DIRECTORY_BRANCH, takeIn } from "./plain-directory.ts";
import { parseRefs } from "./remote-refs.ts";
import { openRevert } from "./reverting.ts";
import { signatureOf } from "./signatures.ts";
import { treeOf } from "./tree.ts";

export type RepositoryParts = {
  /** A repository by address or path, or a plain directory. */
  readonly source: string;
  /** The data directory. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** For a remote at an https address that asks for one. */
  readonly token?: () => string | undefined;
  /** How long the remote may take for an answer. */
  readonly timeoutMs?: number;
  /** What one fetch may write. */
  readonly mostBytesFetched?: number;
};

const TIMEOUT_MS = 30_000;
/** A fetch says how far it is; one that is going on may take as long as it needs. */
const FETCH_MS = 600_000;
const MOST_BYTES_FETCHED = 512 * 1024 * 1024;
/** A file of configuration that is larger is none. */
const MOST_BYTES_OF_TEXT = 1_000_000;
/** Each fetch leaves a pack; with more of them everything gets slower. */
const MOST_PACKS = 50;

export class GitConfigRepository implements ConfigRepository {
  readonly plain: boolean;
  readonly #local: Git;
  readonly #remote: Git;
  readonly #address: Address;
  readonly #clone: string;
  readonly #places: CheckoutPlaces;
  readonly #silenceMs: number;
  readonly #mostBytes: number;
  /** Git locks what two would write at once. */
  readonly #inTurn = inTurn();

  private constructor(parts: RepositoryParts, address: Address, local: Git, plain: boolean) {
    this.#clone = join(parts.root, "config.git");
    this.#places = { clone: this.#clone, directory: join(parts.root, "checkouts") };
    this.#address = address;
    this.#local = local;
    this.#silenceMs = parts.timeoutMs ?? TIMEOUT_MS;
    this.#mostBytes = parts.mostBytesFetched ?? MOST_BYTES_FETCHED;
    this.#remote = remoteGit({
      directory: this.#clone,
      env: parts.env,
      address,
      token: parts.token ?? (() => undefined),
      timeoutMs: this.#silenceMs,
    });
    this.plain = plain;
  }

  static async open(parts: RepositoryParts): Promise<GitConfigRepository> {
    const address = addressOf(parts.source);
    if (address.local && !existsSync(address.source)) throw new Error(`there is no configuration at ${address.source}`);
    const clone = join(parts.root, "config.git");
    await mkdir(clone, { recursive: true });
    await removeLocks(clone);
    const git = localGit({ directory: clone, env: parts.env });
    if (!existsSync(join(clone, "HEAD"))) await git(["init", "--bare", "--quiet"]);
    const plain =
      address.local && !existsSync(join(address.source, ".git")) && !existsSync(join(address.source, "HEAD"));
    return new GitConfigRepository(parts, address, git, plain);
  }

  async refs(): Promise<Refs> {
    if (this.plain) {
      const commit = await this.#inTurn(() => takeIn(this.#local, this.#address.source, this.#clone));
      return { head: DIRECTORY_BRANCH, branches: [{ name: DIRECTORY_BRANCH, commit }], tags: [] };
    }
    return parseRefs(await this.#asked(["ls-remote", "--symref", "--quiet", "--", this.#address.source]));
  }

  fetch(ref: Ref): Promise<void> {
    return this.#inTurn(() => this.#fetch(ref));
  }

  async commit(id: string): Promise<Commit | undefined> {
    if (!isId(id) || !(await this.#has(id))) return undefined;
    return (await this.#log(["-1", id]))[0];
  }

  async find(prefix: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{7,64}$/.test(prefix)) return undefined;
    try {
      return (await this.#local(["rev-parse", "--verify", "--quiet", `${prefix}^{commit}`])).trim();
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }

  async isWithin(ancestor: string, descendant: string): Promise<boolean> {
    return await saysYes(this.#local, ["merge-base", "--is-ancestor", idOf(ancestor), idOf(descendant)]);
  }

  tree(commit: string): Promise<TreeEntry[]> {
    return treeOf(this.#local, idOf(commit));
  }

  async checkout(commit: string): Promise<string> {
    const id = idOf(commit);
    return await this.#inTurn(() => checkout(this.#local, this.#places, id));
  }

  read = readConfigFiles;

  async text(commit: string, path: string): Promise<string | undefined> {
    const [entry] = (await this.#local(["ls-tree", "-l", "-z", "--full-tree", idOf(commit), "--", path])).split("\0");
    const [, blob, bytes] = /^100\d+ blob ([0-9a-f]+) +(\d+)\t/.exec(entry ?? "") ?? [];
    if (blob === undefined || Number(bytes) > MOST_BYTES_OF_TEXT) return undefined;
    return await this.#local(["cat-file", "blob", blob]);
  }

  async changes(from: string, to: string, path: string): Promise<{ commits: Commit[]; files: string[] }> {
    const commits = await this.#log(["-20", `${idOf(from)}..${idOf(to)}`, "--", path]);
    const names = await this.#local(["diff", "--name-only", "-z", from, to, "--", path]);
    return { commits, files: names.split("\0").filter((name) => name !== "") };
  }

  async signature(
    of: { readonly tag: string } | { readonly commit: string },
    keys: readonly Key[],
  ): Promise<Signature> {
    if ("commit" in of) return await signatureOf(this.#local, { kind: "commit", id: idOf(of.commit) }, keys);
    const kept = keptName(of.tag);
    const kind = (await this.#local(["cat-file", "-t", kept])).trim();
    if (kind !== "tag") return { kind: "none" };
    return await signatureOf(this.#local, { kind, id: (await this.#local(["rev-parse", kept])).trim() }, keys);
  }

  openRevert(revert: Revert): Promise<void> {
    const { source } = this.#address;
    return this.#inTurn(() =>
      openRevert({ local: this.#local, remote: this.#remote, clone: this.#clone, source }, revert),
    );
  }

  keepOnly(commits: readonly string[]): Promise<void> {
    return this.#inTurn(() => keepOnly(this.#places, commits));
  }

  async #fetch({ name, commit }: Ref): Promise<void> {
    const id = idOf(commit);
    if (this.plain) return;
    const kept = isId(name) ? undefined : keptName(name);
    if (kept !== undefined && (await this.#leadsTo(kept, id))) return;
    // A commit that no ref leads to is asked for by its id, which a remote may refuse.
    if (kept === undefined && (await this.#has(id))) return;
    await this.#asked(
      [
        "-c",
        "fetch.fsckObjects=true",
        "-c",
        "fetch.unpackLimit=1",
        "fetch",
        "--progress",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-write-fetch-head",
        "--force",
        "--",
        this.#address.source,
        `+${kept === undefined ? id : name}:${kept ?? `refs/calops/kept/${id}`}`,
      ],
      { timeoutMs: FETCH_MS, silenceMs: this.#silenceMs, mostBytesWritten: this.#mostBytes },
    );
    if (kept !== undefined && !(await this.#leadsTo(kept, id)))
      throw new RemoteAway(`${name} was moved while it was fetched, or is not what the remote said it was`);
    await this.#tidy();
  }

  async #asked(args: readonly string[], options: Parameters<Git>[1] = {}): Promise<string> {
    try {
      return await this.#remote(args, options);
    } catch (error) {
      if (error instanceof GitError) throw new RemoteAway(inWords(error), error);
      throw error;
    }
  }

  /** A ref of the clone leads to a commit, with everything behind it: what was fetched is whole, or was not written. */
  async #leadsTo(kept: string, commit: string): Promise<boolean> {
    try {
      return (await this.#local(["rev-parse", "--verify", "--quiet", `${kept}^{commit}`])).trim() === commit;
    } catch (error) {
      if (error instanceof GitError) return false;
      throw error;
    }
  }

  async #has(commit: string): Promise<boolean> {
    return await saysYes(this.#local, ["cat-file", "-e", `${commit}^{commit}`]).catch(() => false);
  }

  async #tidy(): Promise<void> {
    const packs = await readdir(join(this.#clone, "objects/pack")).catch(() => []);
    if (packs.filter((name) => name.endsWith(".pack")).length > MOST_PACKS)
      await this.#local(["repack", "-d", "--quiet"], { timeoutMs: FETCH_MS });
  }

  async #log(range: readonly string[]): Promise<Commit[]> {
    const text = await this.#local(["log", "-z", "--format=tformat:%H%x00%an%x00%ae%x00%ce%x00%s%x00%ct", ...range]);
    const told = text.split("\0");
    return Array.from({ length: Math.floor(told.length / 6) }, (_, index) => {
      const [id = "", author = "", email = "", committerEmail = "", subject = "", seconds] = told.slice(6 * index);
      return { id, author, email, committerEmail, subject, at: Number(seconds) * 1_000 };
    });
  }
}

function isId(text: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(text);
}

function idOf(commit: string): string {
  if (!isId(commit)) throw new Error(`"${commit}" is not the id of a commit`);
  return commit;
}

/** Where the clone keeps a ref of the remote: `refs/calops/heads/main`. */
function keptName(ref: string): string {
  if (!/^refs\/(heads|tags)\//.test(ref)) throw new Error(`"${ref}" is not the full name of a branch or a tag`);
  return `refs/calops/${ref.slice("refs/".length)}`;
}

function inWords(error: GitError): string {
  if (/File size limit|Too large|EFBIG|signal 25/i.test(error.errors) || error.code === 153)
    return "what is to be fetched is larger than calops takes; large files belong elsewhere";
  return error.message;
}

/** Whoever held these when the machine stopped is gone: one bot works on a data directory, and it is just beginning. */
async function removeLocks(directory: string): Promise<void> {
  const locks = (await readdir(directory)).filter((name) => name.endsWith(".lock"));
  for (const lock of locks) await rm(join(directory, lock), { force: true });
  const refs = join(directory, "refs/calops");
  for (const name of await readdir(refs, { recursive: true }).catch(() => []))
    if (name.endsWith(".lock")) await rm(join(refs, name), { force: true });
}
