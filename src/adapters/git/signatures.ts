/** Who signed a commit or a tag, by git's own means, and by no other keys than those that it is given. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Key, Signature } from "../../core/environment/signature.ts";
import { type Git, GitError } from "./git.ts";

const SSH_KEY = /^((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,3})(?:\s|$)/;
const PERSON = /^[a-z][a-z0-9._-]*$/;

/** @param object the id of a commit, or of a tag object */
export async function signatureOf(
  git: Git,
  object: { readonly kind: "commit" | "tag"; readonly id: string },
  keys: readonly Key[],
): Promise<Signature> {
  const text = await git(["cat-file", object.kind, object.id]);
  const scheme = schemeOf(object.kind, text);
  if (scheme === undefined) return { kind: "none" };
  const directory = await mkdtemp(join(tmpdir(), "calops-keys-"));
  try {
    return scheme === "ssh" ? await bySsh(git, object, keys, directory) : await byPgp(git, object, keys, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Of a commit only its header counts, of a tag what stands behind its message. */
function schemeOf(kind: "commit" | "tag", text: string): "ssh" | "pgp" | "x509" | undefined {
  const where = kind === "commit" ? (/^gpgsig(?:-sha256)? (.*)$/m.exec(text.split("\n\n")[0] ?? "")?.[1] ?? "") : text;
  const begin = /^-----BEGIN (SSH SIGNATURE|PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE)-----/m.exec(where)?.[1];
  if (begin === undefined) return undefined;
  return begin.startsWith("SSH") ? "ssh" : begin.startsWith("PGP") ? "pgp" : "x509";
}

type Signed = { readonly kind: "commit" | "tag"; readonly id: string };

async function bySsh(git: Git, { kind, id }: Signed, keys: readonly Key[], directory: string): Promise<Signature> {
  const signers = join(directory, "allowed_signers");
  const lines = keys.flatMap(({ person, text }) => {
    const [, type, key] = SSH_KEY.exec(text.trim()) ?? [];
    return type === undefined || key === undefined || !PERSON.test(person) ? [] : [`${person} ${type} ${key}\n`];
  });
  await writeFile(signers, lines.join(""), { mode: 0o600 });
  const settings = ["-c", "gpg.format=ssh", "-c", `gpg.ssh.allowedSignersFile=${signers}`, "-c", "gpg.ssh.program=ssh-keygen"];
  const told = await verify(git, [...settings, `verify-${kind}`, id]);
  if (!told.ok) return told.signature;
  const person = /Good "git" signature for (\S+) with/.exec(told.errors)?.[1];
  return person !== undefined && keys.some((key) => key.person === person)
    ? { kind: "good", person }
    : { kind: "bad", why: "its key is nobody's in people.yaml" };
}

async function byPgp(git: Git, { kind, id }: Signed, keys: readonly Key[], directory: string): Promise<Signature> {
  const owners = new Map<string, string>();
  for (const { person, text } of keys.filter((key) => key.text.includes("BEGIN PGP PUBLIC KEY BLOCK"))) {
    const imported = await gpg(directory, ["--import-options", "import-minimal", "--import"], text);
    if (!imported.ok) return { kind: "bad", why: imported.why };
    for (const [, fingerprint = ""] of imported.status.matchAll(/IMPORT_OK \d+ ([0-9A-F]+)/g)) owners.set(fingerprint, person);
  }
  if (owners.size === 0) return { kind: "bad", why: "its key is nobody's in people.yaml" };
  const told = await verify(git, ["-c", "gpg.program=gpg", `verify-${kind}`, "--raw", id], { GNUPGHOME: directory });
  if (!told.ok) return told.signature;
  // The last word of VALIDSIG is the fingerprint of the primary key, as gpg's DETAILS says.
  const primary = /\[GNUPG:\] VALIDSIG .* ([0-9A-F]+)$/m.exec(told.errors)?.[1];
  const isGood = /\[GNUPG:\] GOODSIG /.test(told.errors);
  const person = primary === undefined ? undefined : owners.get(primary);
  if (!isGood || person === undefined) return { kind: "bad", why: "its key is expired, revoked, or nobody's in people.yaml" };
  return { kind: "good", person };
}

type Verified = { readonly ok: true; readonly errors: string } | { readonly ok: false; readonly signature: Signature };

/** What the verifying program says stands on standard error, also when it says yes. */
async function verify(git: Git, args: readonly string[], env: Record<string, string> = {}): Promise<Verified> {
  try {
    return { ok: true, errors: await git([...args], { env, alsoErrors: true }) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const why = /cannot run|No such file|not found/.test(error.errors)
      ? "it cannot be checked here: install openssh-client for SSH and gnupg for GPG keys"
      : "it is not a signature by a key of people.yaml for just this";
    return { ok: false, signature: { kind: "bad", why } };
  }
}

async function gpg(
  home: string,
  args: readonly string[],
  input: string,
): Promise<{ readonly ok: true; readonly status: string } | { readonly ok: false; readonly why: string }> {
  const running = promisify(execFile)("gpg", ["--batch", "--no-tty", "--status-fd", "1", ...args], {
    env: { PATH: process.env["PATH"] ?? "", GNUPGHOME: home, HOME: home },
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  running.child.stdin?.on("error", () => {});
  running.child.stdin?.end(input);
  try {
    return { ok: true, status: (await running).stdout };
  } catch (error) {
    const missing = (error as { code?: string }).code === "ENOENT";
    return { ok: false, why: missing ? "it cannot be checked here: install gnupg" : "a PGP key of people.yaml cannot be read" };
  }
}
