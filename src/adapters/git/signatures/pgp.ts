/** Signatures by PGP keys: `gpg` checks them for git, with a ring of just these keys. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Key, Signature } from "../../../core/environment/signature.ts";
import type { Git } from "../git.ts";
import { run } from "../run.ts";
import { NOBODYS, notInstalled, verdictOf } from "./verdict.ts";

type Place = { readonly git: Git; readonly directory: string; readonly env: NodeJS.ProcessEnv };

/** No daemon, no network, nobody asked. */
const SETTINGS = "batch\nno-tty\nno-autostart\nno-auto-key-retrieve\nno-auto-key-locate\nno-auto-check-trustdb\n";
const BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
const TIMEOUT_MS = 20_000;
const MOST_BYTES = 1_000_000;

/** What gpg says of a signature that does not count (GnuPG, doc/DETAILS). */
const SAID: readonly (readonly [string, string])[] = [
  ["BADSIG", "its signature does not belong to it: it was made for something else"],
  ["EXPKEYSIG", "the key that it is signed by has expired; prolong it, and write it into people.yaml again"],
  ["REVKEYSIG", "the key that it is signed by is revoked; sign it with another one"],
  ["EXPSIG", "its signature has expired; sign it again"],
  ["NO_PUBKEY", NOBODYS],
  ["ERRSIG", "its signature cannot be checked; sign it with a usual kind of key"],
];

export async function verifyPgp(place: Place, words: readonly string[], keys: readonly Key[]): Promise<Signature> {
  const { git, directory } = place;
  await writeFile(join(directory, "gpg.conf"), SETTINGS);
  // Later versions would have a daemon keep the keys unless there is this file.
  await writeFile(join(directory, "common.conf"), "");
  const owners = new Map<string, string>();
  for (const { person, text } of keys.filter((key) => key.text.trimStart().startsWith(BLOCK))) {
    const fingerprints = await importKey(place, text);
    if (fingerprints === undefined) return { kind: "bad", why: notInstalled("gpg", "gnupg") };
    for (const fingerprint of fingerprints) if (!owners.has(fingerprint)) owners.set(fingerprint, person);
  }
  const asked = git(["-c", "gpg.program=gpg", ...words], { env: { GNUPGHOME: directory }, alsoErrors: true });
  const verdict = await verdictOf(asked, "gpg", "gnupg");
  if ("why" in verdict) return { kind: "bad", why: verdict.why };
  const told = verdict.said
    .split("\n")
    .flatMap((line) => /^\[GNUPG:\] (\w+) ?(.*)$/.exec(line)?.slice(1, 3).join(" ") ?? []);
  const why = SAID.find(([word]) => told.some((line) => line.startsWith(`${word} `)))?.[1];
  if (why !== undefined) return { kind: "bad", why };
  // One who signs beside somebody else vouches for nothing alone.
  const valid = told.filter((line) => line.startsWith("VALIDSIG "));
  // The last word of it is the fingerprint of the primary key.
  const person = valid.length === 1 ? owners.get(valid[0]?.split(" ").at(-1) ?? "") : undefined;
  const isGood = verdict.ok && told.filter((line) => line.startsWith("GOODSIG ")).length === 1;
  return isGood && person !== undefined ? { kind: "good", person } : { kind: "bad", why: NOBODYS };
}

/** @returns the fingerprints of the keys in it: none where it cannot be read; undefined where there is no gpg */
async function importKey({ directory, env }: Place, text: string): Promise<string[] | undefined> {
  try {
    const { output } = await run({
      program: "gpg",
      args: ["--homedir", directory, "--status-fd", "1", "--import"],
      directory,
      env: { PATH: env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C.UTF-8" },
      input: text,
      timeoutMs: TIMEOUT_MS,
      mostBytes: MOST_BYTES,
    });
    return [...output.toString("utf8").matchAll(/^\[GNUPG:\] IMPORT_OK \d+ ([0-9A-F]+)$/gm)].map(([, one = ""]) => one);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
