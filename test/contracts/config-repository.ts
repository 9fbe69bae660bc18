/** What every config repository keeps, whatever its commits lie in. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CannotRevert, type ConfigRepository, type Ref, RemoteAway } from "../../src/ports/config-repository.ts";

type Files = Readonly<Record<string, string>>;

export type Pushing = {
  readonly branch?: string;
  readonly author?: string;
  readonly email?: string;
  /** What it stands on; the head of the branch by default, and nothing for `null`. */
  readonly parent?: string | null;
};

export type RemoteGround = {
  /** Makes a commit of just these files and lets a branch (`main`) lead to it. @returns its id */
  push(files: Files, subject: string, how?: Pushing): string;
  tag(name: string, commit: string): void;
  deleteTag(name: string): void;
  deleteBranch(name: string): void;
  /** Takes the remote away, and brings it back. */
  setAway(away: boolean): void;
};

export type RepositoryGround = {
  readonly remote: RemoteGround;
  /** Another one over the same clone, as after a restart. */
  open(): Promise<ConfigRepository>;
  clean(): Promise<void> | void;
};

const FIT = "#!/bin/sh\nexit 0\n";
const FILES: Files = {
  "calops.yaml": "experiment: One\n",
  "workflows/t0/workflow.yaml": "tasks: {}\n",
  "workflows/t0/fit.sh": FIT,
};

/** @param setup a remote whose branch `main` has one commit of these files, by Ann, called `first` */
export function configRepositoryContract(name: string, setup: (files: Files) => Promise<RepositoryGround>): void {
  describe(`the config repository ${name}`, () => {
    let ground: RepositoryGround;
    let remote: RemoteGround;
    let repository: ConfigRepository;
    beforeEach(async () => {
      ground = await setup(FILES);
      ({ remote } = ground);
      repository = await ground.open();
    });
    afterEach(() => ground.clean());

    const ref = async (full: string): Promise<Ref> => {
      const { branches, tags } = await repository.refs();
      const found = [...branches, ...tags].find((one) => one.name === full);
      if (!found) throw new Error(`the remote has no ${full}`);
      return found;
    };
    const follow = async (full = "refs/heads/main"): Promise<string> => {
      const found = await ref(full);
      await repository.fetch(found);
      return found.commit;
    };
    const push = (files: Files, subject = "a change", how: Pushing = {}) =>
      remote.push({ ...FILES, ...files }, subject, how);

    test("tells what stands at the remote by full names, so that a branch and a tag of one name are two", async () => {
      const first = await follow();
      const second = push({ x: "1" }, "second", { branch: "v1" });
      remote.tag("v1", first);
      remote.tag("group/v2", second);
      const { head, branches, tags } = await repository.refs();
      expect(head).toBe("refs/heads/main");
      expect(inOrder(branches)).toEqual([
        { name: "refs/heads/main", commit: first },
        { name: "refs/heads/v1", commit: second },
      ]);
      expect(inOrder(tags)).toEqual([
        { name: "refs/tags/group/v2", commit: second },
        { name: "refs/tags/v1", commit: first },
      ]);
      remote.deleteTag("v1");
      remote.tag("group/v2", first);
      remote.deleteBranch("v1");
      const later = await repository.refs();
      expect(later.branches.map((branch) => branch.name)).toEqual(["refs/heads/main"]);
      expect(later.tags).toEqual([{ name: "refs/tags/group/v2", commit: first }]);
    });

    test("knows a commit, and those that it was made from, once it was fetched", async () => {
      const first = (await ref("refs/heads/main")).commit;
      const second = push({ x: "1" }, "second", { author: "Bo Ek", email: "bo@y.org" });
      expect(await repository.commit(second)).toBeUndefined();
      await follow();
      expect(await repository.commit(second)).toMatchObject({
        id: second,
        author: "Bo Ek",
        email: "bo@y.org",
        subject: "second",
      });
      expect(await repository.commit(first)).toMatchObject({ id: first, author: "Ann", subject: "first" });
      expect(await repository.commit("f".repeat(40))).toBeUndefined();
      expect(await repository.commit("main")).toBeUndefined();
      expect(await (await ground.open()).commit(first)).toMatchObject({ id: first });
    });

    test("says that a remote is away, asks it nothing that is known, and gives what was fetched all the same", async () => {
      const first = await follow();
      const known = { name: "refs/heads/main", commit: first };
      const unknown = { name: "refs/heads/main", commit: push({ x: "1" }) };
      remote.setAway(true);
      await expect(repository.refs()).rejects.toBeInstanceOf(RemoteAway);
      await expect(repository.fetch(unknown)).rejects.toBeInstanceOf(RemoteAway);
      await repository.fetch(known);
      expect(await repository.commit(first)).toMatchObject({ id: first });
      expect(await repository.text(first, "calops.yaml")).toBe(FILES["calops.yaml"]);
      expect(readdirSync(await repository.checkout(first)).sort()).toEqual(["calops.yaml", "workflows"]);
      remote.setAway(false);
      expect(await follow()).toBe(unknown.commit);
    });

    test("fetches nothing else than what was promised", async () => {
      const seen = { name: "refs/heads/try", commit: push({ x: "1" }, "one", { branch: "try" }) };
      push({ x: "2" }, "another", { branch: "try", parent: null });
      await expect(repository.fetch(seen)).rejects.toBeInstanceOf(RemoteAway);
      const next = await ref("refs/heads/try");
      remote.deleteBranch("try");
      await expect(repository.fetch(next)).rejects.toBeInstanceOf(RemoteAway);
      expect(await follow()).toHaveLength(40);
    });

    test("follows a tag that was moved, and a branch that was rewritten", async () => {
      const first = await follow();
      remote.tag("v1", first);
      expect(await follow("refs/tags/v1")).toBe(first);
      const second = push({ x: "1" }, "anew", { parent: null });
      remote.tag("v1", second);
      expect(await follow("refs/tags/v1")).toBe(second);
      expect(await follow()).toBe(second);
      expect(await repository.isWithin(first, second)).toBe(false);
      expect((await repository.changes(first, second, "x")).files).toEqual(["x"]);
    });

    test("keeps a branch apart from one whose name goes on where its own ended", async () => {
      push({ x: "1" }, "one", { branch: "try" });
      const one = await follow("refs/heads/try");
      remote.deleteBranch("try");
      push({ x: "2" }, "two", { branch: "try/again" });
      const two = await follow("refs/heads/try/again");
      expect(await repository.text(one, "x")).toBe("1");
      expect(await repository.text(two, "x")).toBe("2");
    });

    test("finds a commit by how its id begins", async () => {
      const first = await follow();
      expect(await repository.find(first.slice(0, 7))).toBe(first);
      expect(await repository.find(first)).toBe(first);
      for (const none of [first.slice(0, 6), "", "HEAD", "--all", "fffffffff"])
        expect(await repository.find(none)).toBeUndefined();
      const hidden = push({ x: "1" });
      expect(await repository.find(hidden)).toBeUndefined();
    });

    test("knows which commit was made from which", async () => {
      const first = await follow();
      const second = push({ x: "1" });
      const aside = push({ y: "1" }, "aside", { branch: "aside", parent: first });
      await follow();
      await follow("refs/heads/aside");
      expect(await repository.isWithin(first, first)).toBe(true);
      expect(await repository.isWithin(first, second)).toBe(true);
      expect(await repository.isWithin(second, first)).toBe(false);
      expect(await repository.isWithin(second, aside)).toBe(false);
    });

    test("tells what a commit consists of: the same content has the same id", async () => {
      push({ copy: "experiment: One\n", "größe/a b.txt": "é" });
      const tree = await repository.tree(await follow());
      expect(Object.fromEntries(tree.map(({ path, kind, bytes }) => [path, [kind, bytes]]))).toEqual({
        "calops.yaml": ["file", 16],
        copy: ["file", 16],
        "größe/a b.txt": ["file", 2],
        "workflows/t0/fit.sh": ["program", FIT.length],
        "workflows/t0/workflow.yaml": ["file", 10],
      });
      const blobOf = (path: string) => tree.find((entry) => entry.path === path)?.blob;
      expect(blobOf("copy")).toBe(blobOf("calops.yaml"));
      expect(blobOf("copy")).not.toBe(blobOf("größe/a b.txt"));
    });

    test("puts the files of a commit where they stay, until nobody needs them", async () => {
      const first = await follow();
      const place = await repository.checkout(first);
      const second = push({ "calops.yaml": "experiment: Two\n" });
      await follow();
      const other = await repository.checkout(second);
      expect(await repository.checkout(first)).toBe(place);
      expect(readFileSync(join(place, "calops.yaml"), "utf8")).toBe("experiment: One\n");
      expect(readFileSync(join(other, "calops.yaml"), "utf8")).toBe("experiment: Two\n");
      expect(statSync(join(place, "workflows/t0/fit.sh")).mode & 0o111).not.toBe(0);
      const { texts, programs } = await repository.read(place);
      expect([...texts.keys()].sort()).toEqual(["calops.yaml", "workflows/t0/workflow.yaml"]);
      expect([...programs.keys()].sort()).toEqual(Object.keys(FILES).sort());
      await repository.keepOnly([second]);
      expect(() => readdirSync(place)).toThrow("ENOENT");
      expect(readdirSync(other)).toHaveLength(2);
      expect(await repository.checkout(first)).toBe(place);
      await expect(repository.checkout("f".repeat(40))).rejects.toThrow();
    });

    test("reads one file of a commit", async () => {
      push({ "a b.yaml": "größe: 1\n" });
      const head = await follow();
      expect(await repository.text(head, "a b.yaml")).toBe("größe: 1\n");
      for (const none of ["other.yaml", "workflows", "workflows/t0", "*.yaml"])
        expect(await repository.text(head, none)).toBeUndefined();
    });

    test("tells which commits touched a path, the newest first, and which files differ", async () => {
      const first = await follow();
      const [second, elsewhere, third] = [
        push({ "workflows/t0/x": "1" }, "second"),
        push({ "workflows/t0/x": "1", "workflows/t00": "1" }, "elsewhere"),
        push({ "workflows/t0/x": "2", "workflows/t00": "1" }, "third"),
      ];
      await follow();
      const { commits, files } = await repository.changes(first, third, "workflows/t0");
      expect(commits.map(({ id, subject }) => [id, subject])).toEqual([
        [third, "third"],
        [second, "second"],
      ]);
      expect(files).toEqual(["workflows/t0/x"]);
      expect(await repository.changes(second, elsewhere, "workflows/t0")).toEqual({ commits: [], files: [] });
    });

    test("tells who wrote what comes with a commit, each once and itself among them", async () => {
      const first = await follow();
      const bo = { author: "Bo Ek", email: "bo@y.org" };
      const cy = { author: "Cy", email: "cy@z.org" };
      const second = push({ x: "1" }, "second", bo);
      const third = push({ x: "2" }, "third", bo);
      const head = push({ x: "3" }, "head", cy);
      await follow();
      const names = async (from: string | null, to = head) =>
        (await repository.authors(from, to)).map(({ author, email }) => `${author} <${email}>`).sort();
      const [BO, CY] = ["Bo Ek <bo@y.org>", "Cy <cy@z.org>"];
      expect(await names(first)).toEqual([BO, CY]);
      expect(await names(third)).toEqual([CY]);
      expect(await names(head)).toEqual([CY]);
      expect(await names(second, third)).toEqual([BO]);
      const everybody = [expect.stringMatching(/^Ann </), BO, CY];
      expect(await names(null)).toEqual(everybody);
      const rewritten = push({ x: "4" }, "anew", { ...cy, parent: first });
      await follow();
      // What runs is not what it was made from, or was never seen here: all that is behind it counts.
      expect(await names(head, rewritten)).toEqual([everybody[0], CY]);
      expect(await names("f".repeat(40))).toEqual(everybody);
      expect(await names(head, third)).toEqual([everybody[0], BO]);
    });

    test("says of what nobody signed that nobody did", async () => {
      const first = await follow();
      remote.tag("v1", first);
      await follow("refs/tags/v1");
      expect(await repository.signature({ commit: first }, [])).toEqual({ kind: "none" });
      expect(await repository.signature({ tag: "refs/tags/v1" }, [])).toEqual({ kind: "none" });
    });

    test("takes a bad commit back on a branch of its own, once, and leaves what came since", async () => {
      const good = await follow();
      const bad = push({ "calops.yaml": "experiment: Broken\n", gone: "x" }, "bad");
      const since = push({ "calops.yaml": "experiment: Broken\n", gone: "x", more: "y" }, "since");
      const revert = {
        branch: "calops/revert",
        bad,
        good,
        onto: { name: "refs/heads/main", commit: since },
        message: "Take it back\n\nIt was bad.",
      };
      await follow();
      await repository.openRevert(revert);
      const made = await follow("refs/heads/calops/revert");
      expect(await repository.commit(made)).toMatchObject({ author: "calops", subject: "Take it back" });
      expect(await repository.isWithin(since, made)).toBe(true);
      const names = (await repository.tree(made)).map(({ path }) => path);
      expect(names.sort()).toEqual([...Object.keys(FILES), "more"].sort());
      expect(await repository.text(made, "calops.yaml")).toBe("experiment: One\n");
      await repository.openRevert({ ...revert, message: "Again" });
      await (await ground.open()).openRevert(revert);
      expect(await follow("refs/heads/calops/revert")).toBe(made);
      expect(await follow()).toBe(since);
    });

    test("proposes files on a branch of its own, in the name of who asked, once", async () => {
      const head = await follow();
      const proposal = {
        branch: "calops/campaign-proc8",
        onto: { name: "refs/heads/main", commit: head },
        files: { "campaigns/proc8.yaml": "kind: reprocessing\n", "calops.yaml": "experiment: Two\n" },
        message: "Campaign proc8\n\nAsked for by ann.",
        author: { author: "Ann Lee", email: "ann@x.org" },
      };
      await repository.openProposal(proposal);
      const made = await follow("refs/heads/calops/campaign-proc8");
      expect(await repository.commit(made)).toMatchObject({
        author: "Ann Lee",
        email: "ann@x.org",
        subject: "Campaign proc8",
      });
      expect(await repository.isWithin(head, made)).toBe(true);
      expect(await repository.text(made, "campaigns/proc8.yaml")).toBe("kind: reprocessing\n");
      expect(await repository.text(made, "calops.yaml")).toBe("experiment: Two\n");
      const names = (await repository.tree(made)).map(({ path }) => path);
      expect(names.sort()).toEqual([...Object.keys(FILES), "campaigns/proc8.yaml"].sort());
      await repository.openProposal({ ...proposal, files: { "calops.yaml": "experiment: Three\n" } });
      await (await ground.open()).openProposal(proposal);
      expect(await follow("refs/heads/calops/campaign-proc8")).toBe(made);
      expect(await follow()).toBe(head);
    });

    test("proposes nothing to a remote that is away", async () => {
      const head = await follow();
      remote.setAway(true);
      const onto = { name: "refs/heads/main", commit: head };
      const author = { author: "Ann", email: "ann@x.org" };
      const proposal = { branch: "p", onto, files: { a: "b" }, message: "A", author };
      await expect(repository.openProposal(proposal)).rejects.toBeInstanceOf(RemoteAway);
      remote.setAway(false);
      await repository.openProposal(proposal);
      expect(await repository.text(await follow("refs/heads/p"), "a")).toBe("b");
    });

    test("leaves a revert to a person where what came since is in its way, and says where", async () => {
      const good = await follow();
      const bad = push({ "calops.yaml": "experiment: Broken\n" }, "bad");
      const since = push({ "calops.yaml": "experiment: Mended\n" }, "since");
      await follow();
      const revert = { branch: "back", bad, good, onto: { name: "refs/heads/main", commit: since }, message: "Back" };
      const refused = repository.openRevert(revert);
      await expect(refused).rejects.toBeInstanceOf(CannotRevert);
      await expect(refused).rejects.toThrow(/calops\.yaml/);
      expect((await repository.refs()).branches.map(({ name }) => name)).toEqual(["refs/heads/main"]);
    });

    test("opens no revert where nothing is left to be taken back", async () => {
      const good = await follow();
      const bad = push({ "calops.yaml": "experiment: Broken\n" }, "bad");
      const back = push({}, "taken back");
      await follow();
      const revert = { branch: "back", bad, good, onto: { name: "refs/heads/main", commit: back }, message: "Back" };
      await expect(repository.openRevert(revert)).rejects.toBeInstanceOf(CannotRevert);
    });

    test("opens no revert at a remote that is away, which is no reason for a person to do it", async () => {
      const good = await follow();
      const bad = push({ "calops.yaml": "experiment: Broken\n" }, "bad");
      await follow();
      remote.setAway(true);
      const revert = { branch: "back", bad, good, onto: { name: "refs/heads/main", commit: bad }, message: "Back" };
      await expect(repository.openRevert(revert)).rejects.toBeInstanceOf(RemoteAway);
      remote.setAway(false);
      await repository.openRevert(revert);
      expect(await repository.text(await follow("refs/heads/back"), "calops.yaml")).toBe("experiment: One\n");
    });
  });
}

function inOrder(refs: readonly Ref[]): Ref[] {
  return refs.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
