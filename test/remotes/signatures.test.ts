/** Signatures, with the real programs: ssh-keygen (openssh-client) and gpg (gnupg). */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Key } from "../../src/core/environment/signature.ts";
import type { ConfigRepository } from "../../src/ports/config-repository.ts";
import { aDirectory } from "../adapters/sources/a-directory.ts";
import { aGround, FILES, follow, type Ground } from "./ground.ts";

const NOBODYS = "it is signed by a key that nobody has in people.yaml of the protected branch";
const ELSEWHERE = "its signature does not belong to it: it was made for something else";

/** Keys of people, made once: how git is told to sign by them, and what stands in `people.yaml`. */
type Hand = { readonly settings: readonly string[]; readonly key: string };
const rings = aDirectory();
const gpgHome = rings.at("gpg");
let ssh: Readonly<Record<"ann" | "bo", Hand>>;
let pgp: Readonly<Record<"ann" | "bo" | "expired" | "revoked", Hand>>;

beforeAll(() => {
  mkdirSync(gpgHome, { mode: 0o700 });
  const [sshAnn, sshBo] = [sshHand("ann"), sshHand("bo")];
  ssh = { ann: sshAnn, bo: sshBo };
  const [ann, bo, expired, revoked] = [pgpHand("ann"), pgpHand("bo"), pgpHand("expired"), pgpHand("revoked")];
  pgp = { ann, bo, expired, revoked };
});
afterAll(() => {
  execFileSync("gpgconf", ["--homedir", gpgHome, "--kill", "all"]);
  rings.remove();
});

let ground: Ground;
let repository: ConfigRepository;
beforeEach(async () => {
  ground = aGround();
  ground.bare.push(FILES, "first");
  repository = await ground.open(ground.bare.path);
});
afterEach(() => ground.clean());

const keys = (hands: Readonly<Record<string, string>>): Key[] =>
  Object.entries(hands).map(([person, text]) => ({ person, text }));

/** A commit on main by this hand. @returns its id */
function signedCommit({ settings }: Hand, message = "signed"): string {
  const { bare } = ground;
  const env = ["-c", "user.name=Ann", "-c", "user.email=ann@x"];
  const commit = git([...env, ...settings, "commit-tree", "-S", "-m", message, "-p", "main", "main^{tree}"]);
  bare.git("update-ref", "refs/heads/main", commit);
  return commit;
}

function signedTag({ settings }: Hand, name: string): void {
  git(["-c", "user.name=Ann", "-c", "user.email=ann@x", ...settings, "tag", "-s", "-m", "release", name, "main"]);
}

function git(args: readonly string[]): string {
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GNUPGHOME: gpgHome };
  return execFileSync("git", args, { cwd: ground.bare.path, encoding: "utf8", env, stdio: "pipe" }).trim();
}

async function ofCommit(commit: string, known: readonly Key[]) {
  await follow(repository);
  return await repository.signature({ commit }, known);
}

async function ofTag(name: string, known: readonly Key[]) {
  await follow(repository, name);
  return await repository.signature({ tag: name }, known);
}

for (const [scheme, hands] of [
  ["SSH", () => ssh],
  ["GPG", () => pgp],
] as const) {
  describe(`a signature by ${scheme}`, () => {
    test("of a commit is by whose key it was made with", async () => {
      const commit = signedCommit(hands().bo);
      const known = keys({ ann: hands().ann.key, bo: hands().bo.key });
      expect(await ofCommit(commit, known)).toEqual({ kind: "good", person: "bo" });
    });

    test("of a tag is by whose key it was made with, whoever made the commit", async () => {
      signedTag(hands().ann, "v1");
      const known = keys({ bo: hands().bo.key, ann: hands().ann.key });
      expect(await ofTag("refs/tags/v1", known)).toEqual({ kind: "good", person: "ann" });
      expect(await ofCommit(ground.bare.git("rev-parse", "main"), known)).toEqual({ kind: "none" });
      ground.bare.git("tag", "light", "main");
      expect(await ofTag("refs/tags/light", known)).toEqual({ kind: "none" });
      ground.bare.git("tag", "-a", "-m", "-----BEGIN nothing", "unsigned", "main");
      expect(await ofTag("refs/tags/unsigned", known)).toEqual({ kind: "none" });
    });

    test("does not count by a key that nobody has here", async () => {
      const commit = signedCommit(hands().bo);
      expect(await ofCommit(commit, keys({ ann: hands().ann.key }))).toEqual({ kind: "bad", why: NOBODYS });
      expect(await ofCommit(commit, [])).toEqual({ kind: "bad", why: NOBODYS });
    });

    test("does not count on another commit than the one that it was made for", async () => {
      const signed = signedCommit(hands().ann);
      const copied = ground.bare.git("cat-file", "commit", signed).replace(/\nsigned$/, "\nsomething else");
      const forged = ground.bare.feed(`${copied}\n`, "hash-object", "-t", "commit", "-w", "--stdin");
      ground.bare.git("update-ref", "refs/heads/main", forged);
      expect(await ofCommit(forged, keys({ ann: hands().ann.key }))).toEqual({ kind: "bad", why: ELSEWHERE });
    });

    test("does not count on a tag that was pushed under the name of another version", async () => {
      signedTag(hands().ann, "v1");
      ground.bare.git("update-ref", "refs/tags/v9", ground.bare.git("rev-parse", "refs/tags/v1"));
      expect(await ofTag("refs/tags/v9", keys({ ann: hands().ann.key }))).toEqual({
        kind: "bad",
        why: "what ann signed is the tag v1, not v9",
      });
    });

    test("cannot be checked where the program is missing, and says what to install", async () => {
      const commit = signedCommit(hands().ann);
      const bin = ground.at("bin");
      mkdirSync(bin);
      for (const name of ["git", "sh"])
        symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(bin, name));
      repository = await ground.open(ground.bare.path, { env: { PATH: bin } });
      const [program, debian] = scheme === "SSH" ? ["ssh-keygen", "openssh-client"] : ["gpg", "gnupg"];
      expect(await ofCommit(commit, keys({ ann: hands().ann.key }))).toEqual({
        kind: "bad",
        why: `it cannot be checked, since ${program} is not on the machine of the bot; install it (on Debian: ${debian})`,
      });
    });
  });
}

describe("a list of keys", () => {
  test("lets nobody in but those whom it names: no options, no patterns, no second line", async () => {
    const { ann, bo } = ssh;
    const commit = signedCommit(bo);
    const smuggling = [
      { person: "ann", text: `${ann.key}\nann ${bo.key}` },
      { person: "ann", text: `cert-authority ${bo.key}` },
      { person: "ann", text: `namespaces="git" ${bo.key}` },
      { person: "*", text: bo.key },
      { person: "ann,bo", text: bo.key },
      { person: "ann bo", text: bo.key },
      { person: 'ann namespaces="file"', text: bo.key },
      { person: "bo\nann", text: bo.key },
      { person: "ann", text: `${bo.key.split(" ")[0]} AAAA ${bo.key}` },
    ];
    expect(await ofCommit(commit, smuggling)).toEqual({ kind: "bad", why: NOBODYS });
    expect(await ofCommit(commit, [...smuggling, { person: "bo", text: `${bo.key} # ann, * cert-authority` }])).toEqual(
      {
        kind: "good",
        person: "bo",
      },
    );
  });

  test("holds keys of both kinds, and blocks that cannot be read are passed over", async () => {
    const broken = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnonsense\n-----END PGP PUBLIC KEY BLOCK-----";
    const both = [...keys({ ann: ssh.ann.key, cy: broken, bo: pgp.bo.key }), { person: "bo", text: ssh.bo.key }];
    expect(await ofCommit(signedCommit(ssh.ann), both)).toEqual({ kind: "good", person: "ann" });
    expect(await ofCommit(signedCommit(pgp.bo), both)).toEqual({ kind: "good", person: "bo" });
    expect(await ofCommit(signedCommit(ssh.bo), both)).toEqual({ kind: "good", person: "bo" });
  });
});

describe("a GPG key", () => {
  test("that has expired does not count any more, and its owner is told what to do", async () => {
    const commit = signedCommit(pgp.expired);
    execFileSync("gpg", ["--homedir", gpgHome, "--batch", "--quick-set-expire", fingerprint("expired"), "seconds=1"]);
    const key = exported("expired");
    await expect
      .poll(async () => await ofCommit(commit, keys({ ann: key })), { timeout: 20_000, interval: 500 })
      .toEqual({
        kind: "bad",
        why: "the key that it is signed by has expired; prolong it, and write it into people.yaml again",
      });
  });

  test("that was revoked does not count any more", async () => {
    const commit = signedCommit(pgp.revoked);
    const id = fingerprint("revoked");
    const certificate = readFileSync(join(gpgHome, "openpgp-revocs.d", `${id}.rev`), "utf8").replace(/^:---/m, "---");
    execFileSync("gpg", ["--homedir", gpgHome, "--batch", "--import"], { input: certificate, stdio: "pipe" });
    expect(await ofCommit(commit, keys({ ann: exported("revoked") }))).toEqual({
      kind: "bad",
      why: "the key that it is signed by is revoked; sign it with another one",
    });
  });
});

test("what was signed is not believed for what was not fetched", async () => {
  signedTag(ssh.ann, "v1");
  expect(await repository.signature({ tag: "refs/tags/v1" }, keys({ ann: ssh.ann.key }))).toEqual({
    kind: "bad",
    why: "refs/tags/v1 was not fetched",
  });
  expect(existsSync(join(gpgHome, "S.keyboxd"))).toBe(false);
});

function sshHand(name: string): Hand {
  const file = rings.at(name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `${name}@x`, "-f", file]);
  return {
    settings: ["-c", "gpg.format=ssh", "-c", `user.signingKey=${file}`],
    key: readFileSync(`${file}.pub`, "utf8").trim(),
  };
}

function pgpHand(name: string): Hand {
  const words = ["--batch", "--passphrase", "", "--quick-generate-key", `${name} <${name}@x>`, "ed25519", "sign"];
  execFileSync("gpg", ["--homedir", gpgHome, ...words], { stdio: "pipe" });
  return { settings: ["-c", `user.signingKey=${fingerprint(name)}`], key: exported(name) };
}

function fingerprint(name: string): string {
  const words = ["--homedir", gpgHome, "--batch", "--with-colons", "--list-keys", `${name}@x`];
  return /^fpr:+([0-9A-F]+):/m.exec(execFileSync("gpg", words, { encoding: "utf8", stdio: "pipe" }))?.[1] ?? "";
}

function exported(name: string): string {
  const words = ["--homedir", gpgHome, "--batch", "--armor", "--export", `${name}@x`];
  return execFileSync("gpg", words, { encoding: "utf8", stdio: "pipe" });
}
