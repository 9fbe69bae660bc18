/**
 * The remote, and what the clone has of it. Each ref is fetched by itself: a branch with something monstrous in it keeps no
 * other from being followed. What comes is kept apart until it is known to be whole, and what it promised to be.
 */
import { mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { shortCommit } from "../../core/environment/environment.ts";
import { type Ref, type Refs, RemoteAway } from "../../ports/config-repository.ts";
import type { Address } from "./address.ts";
import { reasonOf } from "./away.ts";
import { collectGarbage, INCOMING, keptCommitName, packsIn } from "./clone.ts";
import { type Git, GitError, type GitOptions } from "./git.ts";
import { isId } from "./ids.ts";
import { keptName, type Listing, parseRefs } from "./remote-refs.ts";

export type RemoteParts = {
  /** On the clone, and between it and the remote. */
  readonly local: Git;
  readonly network: Git;
  /** The directory of the clone. */
  readonly clone: string;
  readonly address: Address;
  /** So long the remote may say nothing. */
  readonly timeoutMs: number;
  /** What one fetch may write. */
  readonly mostBytes: number;
};

type Kept = { readonly object: string; readonly commit: string };

const MOST_PACKS = 50;

export class Remote {
  readonly #parts: RemoteParts;
  #listing: Listing | undefined;
  /** What the clone has, by the names that it has there. */
  #kept: Map<string, Kept> | undefined;
  /** Objects behind tags that turned out to be no commits. */
  readonly #noCommits = new Set<string>();
  #mostPacks = MOST_PACKS;

  constructor(parts: RemoteParts) {
    this.#parts = parts;
  }

  async refs(): Promise<Refs> {
    const { network, address, mostBytes } = this.#parts;
    const words = ["ls-remote", "--symref", "--quiet", "--", address.source];
    const listing = await this.#answer(network(words, { mostBytesWritten: mostBytes }));
    const parsed = parseRefs(listing);
    // Also what a host says of a repository that it is just restoring. Taken at its word, every branch would be gone.
    if (parsed.refs.branches.length === 0)
      throw new RemoteAway(`${address.shown} has no branch; push one, or look at what became of the repository`);
    this.#listing = parsed;
    const tags = parsed.refs.tags.filter(({ commit }) => !this.#noCommits.has(commit));
    return { ...parsed.refs, tags };
  }

  /** Not to be done several at once. */
  async fetch({ name, commit }: Ref): Promise<void> {
    if (!isId(commit)) throw new Error(`${JSON.stringify(commit)} is not the id of a commit`);
    // A commit that no ref leads to can be asked for by its id; many remotes refuse that.
    const kept = isId(name) ? keptCommitName(commit) : keptName(name);
    const here = (await this.#all()).get(kept);
    const listed = this.#listing?.objects.get(name);
    if (here?.commit === commit && (listed === undefined || listed === here.object)) return;
    const isItself = !name.startsWith("refs/tags/") || listed === commit;
    if (isItself && (await this.#isWhole(commit))) await this.#keep(kept, { object: commit, commit });
    else await this.#bring(name, commit, kept);
  }

  /** What a question to the remote comes to; rejects with `RemoteAway` unless it is the clone that failed. */
  async #answer(asked: Promise<string>): Promise<string> {
    const { address, timeoutMs, mostBytes } = this.#parts;
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const { kind, words } = reasonOf(error, timeoutMs, mostBytes);
      if (kind === "ours") throw error;
      throw new RemoteAway(`${address.shown} ${words}`, error);
    }
  }

  async #bring(name: string, commit: string, kept: string): Promise<void> {
    const { clone, local, address } = this.#parts;
    const incoming = await mkdtemp(join(clone, INCOMING));
    const env = { GIT_OBJECT_DIRECTORY: incoming, GIT_ALTERNATE_OBJECT_DIRECTORIES: "objects" };
    try {
      const object = await this.#fetchInto(env, name);
      const ends = `${object}^{commit}`;
      const came = (await local(["rev-parse", "--verify", "--quiet", ends], { env }).catch(nothing)).trim();
      if (came === "") {
        this.#noCommits.add(commit);
        throw new RemoteAway(`${name} of ${address.shown} leads to no commit; take it away, or let it lead to one`);
      }
      if (came !== commit)
        throw new RemoteAway(
          `${name} of ${address.shown} was moved while it was fetched: from ${shortCommit(commit)} to ${shortCommit(came)}`,
        );
      await takeOver(join(incoming, "pack"), join(clone, "objects/pack"));
      await this.#keep(kept, { object, commit });
    } finally {
      await rm(incoming, { recursive: true, force: true });
    }
    await this.#tidy();
  }

  /** @returns what the ref holds */
  async #fetchInto(env: Readonly<Record<string, string>>, name: string): Promise<string> {
    const { network, address, timeoutMs, mostBytes, clone } = this.#parts;
    const options: GitOptions = { ...whileItGoesOn(timeoutMs), env, mostBytesWritten: mostBytes };
    // As one pack, whose size can be bounded, and nothing in it that a checkout could be led astray by.
    const settings = ["-c", "fetch.fsckObjects=true", "-c", "fetch.unpackLimit=1"];
    const flags = ["--progress", "--no-tags", "--no-prune", "--no-recurse-submodules", "--no-write-commit-graph"];
    const words = [...settings, "fetch", ...flags, "--", address.source, `+${name}`];
    await this.#answer(network(words, options)).catch((error: Error) => {
      if (!/couldn't find remote ref/.test((error.cause as GitError | undefined)?.errors ?? "")) throw error;
      throw new RemoteAway(`${name} of ${address.shown} is gone since it was last asked what it has`, error);
    });
    return /^[0-9a-f]+/.exec(await readFile(join(clone, "FETCH_HEAD"), "utf8"))?.[0] ?? "";
  }

  async #keep(kept: string, what: Kept): Promise<void> {
    await this.#parts.local(["update-ref", kept, what.object]);
    (await this.#all()).set(kept, what);
  }

  async #all(): Promise<Map<string, Kept>> {
    this.#kept ??= new Map(
      (await this.#parts.local(["for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", "refs/calops/"]))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const [name = "", object = "", behind] = line.split(" ");
          return [name, { object, commit: behind || object }] as const;
        }),
    );
    return this.#kept;
  }

  /** It is there with everything behind it. What came, came whole; what lies about may have lost something since. */
  async #isWhole(commit: string): Promise<boolean> {
    const words = ["rev-list", "--objects", "--quiet", commit, "--not", "--all"];
    // Whatever is wrong with it, bringing it anew mends it.
    return await this.#parts.local(words).then(
      () => true,
      () => false,
    );
  }

  /** Everything gets slower with each pack, and each fetch leaves one. */
  async #tidy(): Promise<void> {
    const { local, clone } = this.#parts;
    const packs = await packsIn(clone);
    if (packs <= this.#mostPacks) return;
    // Where it cannot be done now, it is not tried at each fetch, and nothing is lost.
    this.#mostPacks = packs + MOST_PACKS;
    try {
      await this.#forgetGone();
      await collectGarbage(local);
      this.#mostPacks = MOST_PACKS;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
    }
  }

  /** What the remote had no more when it was last asked. Commits that ran are kept by names of their own. */
  async #forgetGone(): Promise<void> {
    if (!this.#listing) return;
    const there = new Set([...this.#listing.objects.keys()].map(keptName));
    const gone = [...(await this.#all()).keys()].filter(
      (name) => /^refs\/calops\/(heads|tags)\//.test(name) && !there.has(name),
    );
    await this.#parts.local(["update-ref", "--stdin"], { input: gone.map((name) => `delete ${name}\n`).join("") });
    for (const name of gone) this.#kept?.delete(name);
  }
}

/** A fetch or a push that goes on is not stopped at once, but not waited for without end either. */
export function whileItGoesOn(timeoutMs: number): GitOptions {
  return { timeoutMs: 10 * timeoutMs, silenceMs: timeoutMs };
}

/** The packs first, then what makes git see them. */
async function takeOver(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch((): string[] => []);
  for (const kind of [".pack", ".rev", ".idx"])
    for (const name of names.filter((one) => one.endsWith(kind))) await rename(join(from, name), join(to, name));
}

function nothing(error: unknown): string {
  if (error instanceof GitError) return "";
  throw error;
}
