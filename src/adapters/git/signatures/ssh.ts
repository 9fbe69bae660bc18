/** Signatures by SSH keys: `ssh-keygen` checks them for git, against a list of whose keys count. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SSH_KEYS } from "../../../core/config/public-key.ts";
import type { Key, Signature } from "../../../core/environment/signature.ts";
import type { Git } from "../git.ts";
import { NOBODYS, verdictOf } from "./verdict.ts";

type Place = { readonly git: Git; readonly directory: string };

/** Any other character would be a pattern, or a second name, in the list. */
const PERSON = /^[a-z][a-z0-9._-]*$/;

export async function verifySsh(
  { git, directory }: Place,
  words: readonly string[],
  keys: readonly Key[],
): Promise<Signature> {
  const signers = join(directory, "allowed_signers");
  await writeFile(signers, keys.map(signerLine).join(""), { mode: 0o600 });
  const settings = ["-c", "gpg.ssh.program=ssh-keygen", "-c", `gpg.ssh.allowedSignersFile=${signers}`];
  const asked = git([...settings, ...words], { alsoErrors: true });
  const verdict = await verdictOf(asked, "ssh-keygen", "openssh-client");
  if ("why" in verdict) return { kind: "bad", why: verdict.why };
  const person = /^Good "git" signature for ([a-z][a-z0-9._-]*) with \S+ key \S+$/m.exec(verdict.said)?.[1];
  if (verdict.ok && person !== undefined && keys.some((key) => key.person === person)) return { kind: "good", person };
  const isGood = /^Good "git" signature with /m.test(verdict.said);
  return { kind: "bad", why: isGood ? NOBODYS : "its signature does not belong to it: it was made for something else" };
}

/** Key and person, and nothing else that stands in the text: no options, no other names, no second line. */
function signerLine({ person, text }: Key): string {
  const [, type = "", key] = /^([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t][^\r\n]*)?$/.exec(text.trim()) ?? [];
  const isKey = key !== undefined && (SSH_KEYS as readonly string[]).includes(type) && PERSON.test(person);
  return isKey ? `${person} namespaces="git" ${type} ${key}\n` : "";
}
