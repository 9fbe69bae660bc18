/** The public keys of people, by which signatures of commits and tags are told apart. */
import { z } from "zod";

export const SSH_KEYS = [
  "ssh-ed25519",
  "sk-ssh-ed25519@openssh.com",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
] as const;

const KINDS = `write ssh-ed25519 AAAA... or another OpenSSH public key, or a PGP public key block`;

/** One line of a `.pub` file, or a PGP public key block; without the white space around it. */
export const publicKey = z
  .string({ error: `not a key; ${KINDS}` })
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    const message = mistakeIn(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** What makes two keys the same: all but the comment of an SSH key. */
export function identityOf(key: string): string {
  return isSsh(key) ? key.split(/\s+/, 2).join(" ") : key.replace(/\s+/g, "");
}

function isSsh(key: string): boolean {
  return (SSH_KEYS as readonly string[]).includes(key.split(/\s/, 1)[0] ?? "");
}

function mistakeIn(key: string): string | undefined {
  if (/PRIVATE KEY/.test(key))
    return "a private key; take it out of the repository, make a new one, since this one is known now, and write its public half here";
  if (key.startsWith("-----BEGIN PGP"))
    return isPgpBlock(key) ? undefined : `not one whole PGP public key block; ${KINDS}`;
  // A line break would begin another entry in the list of keys that signatures are checked against.
  if (/[\r\n]/.test(key)) return "an SSH key is one line; write type, key and comment without a line break";
  if (!isSsh(key)) {
    const type = SSH_KEYS.find((kind) => key.split(/\s+/).includes(kind));
    return type === undefined
      ? `not a key; ${KINDS}`
      : `options stand before the key; write the key alone, from ${type} on`;
  }
  const [type = "", data = ""] = key.split(/\s+/);
  return isSshKey(type, data) ? undefined : "the key is not whole; copy the line of the .pub file again";
}

function isPgpBlock(key: string): boolean {
  return /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[\w-]+: [^\r\n]*\r?\n)*[A-Za-z0-9+/=\s]+\n-----END PGP PUBLIC KEY BLOCK-----$/.test(
    key,
  );
}

/** An SSH key is a row of fields, each behind its length in four bytes; the first is the type once more (RFC 4253, 6.6). */
function isSshKey(type: string, data: string): boolean {
  const bytes = bytesOf(data);
  if (!bytes) return false;
  let at = 0;
  let fields = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + new DataView(bytes.buffer).getUint32(at);
    if (fields === 0 && new TextDecoder().decode(bytes.subarray(at + 4, end)) !== type) return false;
    at = end;
    fields++;
  }
  return at === bytes.length && fields >= 2;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    // Not the number of characters that base64 has: the key was cut, which is what its reader is told.
    return undefined;
  }
}
