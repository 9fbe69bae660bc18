/** Who signed a commit or a tag, by git's own means, and by no other keys than those that it is given. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shortRef } from "../../../core/environment/environment.ts";
import type { Key, Signature } from "../../../core/environment/signature.ts";
import type { Git } from "../git.ts";
import { idOf } from "../ids.ts";
import { keptName } from "../remote-refs.ts";
import { verifyPgp } from "./pgp.ts";
import { verifySsh } from "./ssh.ts";

export type SignatureParts = {
  readonly git: Git;
  /** The bot's own environment. */
  readonly env: NodeJS.ProcessEnv;
};

export async function signatureOfCommit(
  parts: SignatureParts,
  commit: string,
  keys: readonly Key[],
): Promise<Signature> {
  const id = idOf(commit);
  const [header = ""] = (await parts.git(["cat-file", "commit", id], { encoding: "latin1" })).split("\n\n", 1);
  return await verify(parts, ["verify-commit", "--raw", id], /^gpgsig (.*)$/m.exec(header)?.[1], keys);
}

/** @param name as the tag was fetched: `refs/tags/v1` */
export async function signatureOfTag(parts: SignatureParts, name: string, keys: readonly Key[]): Promise<Signature> {
  const { git } = parts;
  const found = await git(["cat-file", "--batch-check=%(objectname) %(objecttype)"], { input: `${keptName(name)}\n` });
  const [id = "", kind] = found.trim().split(" ");
  if (kind === "missing") return { kind: "bad", why: `${name} was not fetched` };
  if (kind !== "tag") return { kind: "none" };
  const text = await git(["cat-file", "tag", id], { encoding: "latin1" });
  const beginning = /^-----BEGIN [A-Z ]+-----$/m.exec(text)?.[0];
  const signature = await verify(parts, ["verify-tag", "--raw", id], beginning, keys);
  // Whoever can push could give the name of a new version to a tag that was signed as an old one.
  const signedAs = Buffer.from(/^tag (.*)$/m.exec(text)?.[1] ?? "", "latin1").toString("utf8");
  if (signature.kind === "good" && `refs/tags/${signedAs}` !== name)
    return {
      kind: "bad",
      why: `what ${signature.person} signed is the tag ${signedAs}, not ${shortRef(name)}`,
    };
  return signature;
}

async function verify(
  { git, env }: SignatureParts,
  words: readonly string[],
  beginning: string | undefined,
  keys: readonly Key[],
): Promise<Signature> {
  if (beginning === undefined) return { kind: "none" };
  const directory = await mkdtemp(join(tmpdir(), "calops-keys-"));
  try {
    if (beginning.includes("SSH SIGNATURE")) return await verifySsh({ git, directory }, words, keys);
    if (beginning.includes("PGP ")) return await verifyPgp({ git, directory, env }, words, keys);
    return {
      kind: "bad",
      why: "it is signed by a certificate, which calops does not check; sign it with an SSH or a GPG key",
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
