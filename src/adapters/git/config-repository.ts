/**
 * The config repository through the machine's git. A clone of calops' own is kept in the data directory; what runs is
 * checked out from it, each commit once.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TreeEntry } from "../../core/config/tree.ts";
import type { Key, Signature } from "../../core/environment/signature.ts";
import {
  type Author,
  CannotPropose,
  CannotRevert,
  type Commit,
  type ConfigRepository,
  type Proposal,
  type Ref,
  type Refs,
  type Revert,
} from "../../ports/config-repository.ts";
import { type Address, addressOf } from "./address.ts";
import { type CheckoutPlaces, checkout, keepOnly } from "./checkouts.ts";
import { keepCommit, openClone } from "./clone.ts";
import { readConfigFiles } from "./config-files.ts";
import { type Git, remoteGit } from "./git.ts";
import { authorsOf, changesIn, commitOf, findCommit, isWithin, textOf } from "./history.ts";
import { idOf } from "./ids.ts";
import { inTurn } from "./in-turn.ts";
import { DIRECTORY_BRANCH, isPlain, takeIn } from "./plain-directory.ts";
import { openProposal } from "./proposing.ts";
import { Remote, type RemoteParts } from "./remote.ts";
import { openRevert } from "./reverting.ts";
import { signatureOfCommit, signatureOfTag } from "./signatures/signatures.ts";
import { treeOf } from "./tree.ts";

export type RepositoryOptions = {
  /** A repository by address or path, or a plain directory. */
  readonly source: string;
  /** The data directory. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** For a remote at an http address that asks for one. */
  readonly token?: () => string | undefined;
  /** So long the remote may say nothing. */
  readonly timeoutMs?: number;
  /** What one fetch may write. */
  readonly mostBytesFetched?: number;
};

const TIMEOUT_MS = 30_000;
const MOST_BYTES_FETCHED = 512_000_000;

export class GitConfigRepository implements ConfigRepository {
  readonly plain: boolean;
  readonly #git: Git;
  readonly #env: NodeJS.ProcessEnv;
  readonly #address: Address;
  readonly #places: CheckoutPlaces;
  readonly #parts: RemoteParts;
  readonly #remote: Remote;
  /** Git locks what two would write at once. Whoever waits for the remote keeps nobody from what is here already. */
  readonly #withRemote = inTurn();
  readonly #onDisk = inTurn();

  private constructor(env: NodeJS.ProcessEnv, places: CheckoutPlaces, parts: RemoteParts) {
    this.#env = env;
    this.#places = places;
    this.#parts = parts;
    this.#git = parts.local;
    this.#address = parts.address;
    this.#remote = new Remote(parts);
    this.plain = parts.address.local && isPlain(parts.address.source);
  }

  static async open(options: RepositoryOptions): Promise<GitConfigRepository> {
    const { root, env, token = () => undefined, timeoutMs = TIMEOUT_MS } = options;
    const { mostBytesFetched: mostBytes = MOST_BYTES_FETCHED } = options;
    const address = addressOf(options.source);
    if (address.local && !existsSync(address.source)) throw new Error(`there is no configuration at ${address.source}`);
    const clone = join(root, "config.git");
    const local = await openClone({ directory: clone, env });
    const network = remoteGit({ directory: clone, env, address, token, timeoutMs });
    const places = { clone, directory: join(root, "checkouts") };
    return new GitConfigRepository(env, places, { local, network, clone, address, timeoutMs, mostBytes });
  }

  async refs(): Promise<Refs> {
    if (!this.plain) return await this.#remote.refs();
    const commit = await this.#onDisk(() => takeIn(this.#git, this.#address.source, this.#places.clone));
    return { head: DIRECTORY_BRANCH, branches: [{ name: DIRECTORY_BRANCH, commit }], tags: [] };
  }

  async fetch(ref: Ref): Promise<void> {
    // What stands in a directory was taken in when it was looked at.
    if (!this.plain) await this.#withRemote(() => this.#remote.fetch(ref));
  }

  commit(id: string): Promise<Commit | undefined> {
    return commitOf(this.#git, id);
  }

  find(prefix: string): Promise<string | undefined> {
    return findCommit(this.#git, prefix);
  }

  isWithin(ancestor: string, descendant: string): Promise<boolean> {
    return isWithin(this.#git, ancestor, descendant);
  }

  async tree(commit: string): Promise<readonly TreeEntry[]> {
    return await treeOf(this.#git, idOf(commit));
  }

  async checkout(commit: string): Promise<string> {
    const id = idOf(commit);
    return await this.#onDisk(async () => {
      const place = await checkout(this.#git, this.#places, id);
      await keepCommit(this.#git, id);
      return place;
    });
  }

  read = readConfigFiles;

  text(commit: string, path: string): Promise<string | undefined> {
    return textOf(this.#git, commit, path);
  }

  changes(from: string, to: string, path: string): Promise<{ commits: Commit[]; files: string[] }> {
    return changesIn(this.#git, from, to, path);
  }

  authors(from: string | null, to: string): Promise<Author[]> {
    return authorsOf(this.#git, from, to);
  }

  async signature(
    of: { readonly tag: string } | { readonly commit: string },
    keys: readonly Key[],
  ): Promise<Signature> {
    const parts = { git: this.#git, env: this.#env };
    return "tag" in of ? await signatureOfTag(parts, of.tag, keys) : await signatureOfCommit(parts, of.commit, keys);
  }

  async openRevert(revert: Revert): Promise<void> {
    if (this.plain)
      throw new CannotRevert(`${this.#address.shown} is a directory without a history; change its files back`);
    await this.#withRemote(() => openRevert(this.#parts, revert));
  }

  async openProposal(proposal: Proposal): Promise<void> {
    if (this.plain)
      throw new CannotPropose(`${this.#address.shown} is a directory without branches; write the file there`);
    await this.#withRemote(() => openProposal(this.#parts, proposal));
  }

  keepOnly(commits: readonly string[]): Promise<void> {
    return this.#onDisk(() => keepOnly(this.#places, commits));
  }
}
