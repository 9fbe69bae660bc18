/** A branch with files as they are proposed to be, on top of a commit that was fetched. */
import type { Proposal } from "../../ports/config-repository.ts";
import type { Git } from "./git.ts";
import { idOf } from "./ids.ts";
import { pushBranch, refOfBranch } from "./new-branch.ts";
import type { RemoteParts } from "./remote.ts";

export async function openProposal(parts: RemoteParts, proposal: Proposal): Promise<void> {
  const { branch, files, message, author } = proposal;
  refOfBranch(branch);
  const { local } = parts;
  const onto = idOf(proposal.onto.commit);
  let tree = (await local(["rev-parse", `${onto}^{tree}`])).trim();
  for (const [path, text] of Object.entries(files)) {
    const steps = path.split("/");
    if (steps.some((step) => step === "" || step === "." || step === ".." || step === ".git"))
      throw new Error(`${JSON.stringify(path)} is no path in a repository`);
    const blob = (await local(["hash-object", "-w", "--stdin"], { input: text })).trim();
    tree = await withFile(local, tree, steps, blob);
  }
  const env = { GIT_AUTHOR_NAME: author.author, GIT_AUTHOR_EMAIL: author.email };
  const commit = (await local(["commit-tree", tree, "-p", onto, "-F", "-"], { input: message, env })).trim();
  const paths = Object.keys(files).join(", ");
  await pushBranch(parts, { branch, commit, byHand: `write ${paths} by hand, on a branch of your own` });
}

type Entry = { readonly mode: string; readonly kind: string; readonly id: string; readonly name: string };

/** @returns the tree that is this one but for the file; directories on the way are made */
async function withFile(git: Git, tree: string | undefined, path: readonly string[], blob: string): Promise<string> {
  const [name = "", ...rest] = path;
  const entries = tree === undefined ? [] : await entriesOf(git, tree);
  const there = entries.find((entry) => entry.name === name);
  const put: Entry =
    rest.length === 0
      ? { mode: "100644", kind: "blob", id: blob, name }
      : {
          mode: "040000",
          kind: "tree",
          id: await withFile(git, there?.kind === "tree" ? there.id : undefined, rest, blob),
          name,
        };
  const input = [...entries.filter((entry) => entry !== there), put].map(
    ({ mode, kind, id, name: called }) => `${mode} ${kind} ${id}\t${called}\0`,
  );
  return (await git(["mktree", "-z"], { input: input.join("") })).trim();
}

async function entriesOf(git: Git, tree: string): Promise<Entry[]> {
  return (await git(["ls-tree", "-z", tree])).split("\0").flatMap((line) => {
    const [, mode = "", kind = "", id = "", name = ""] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return name === "" ? [] : [{ mode, kind, id, name }];
  });
}
