/** Signatures that look like those of somebody, and are not; with the real programs of those who would make them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Key, Signature } from "../../src/core/environment/signature.ts";
import { writeFiles } from "../adapters/git/a-repository.ts";
import { aGround, FILES, follow, type Ground } from "./ground.ts";

const NOT_LISTED = {
  kind: "bad",
  why: expect.stringMatching(/^it is signed by a key that nobody has in people\.yaml/),
};
const COPIED = { kind: "bad", why: "its signature does not belong to it: it was made for something else" };

/** Secret keys of Ann, who is somebody here, and of Mallory, who is not. The name is short, since sockets lie in it. */
let ring: string;
beforeAll(() => {
  ring = mkdtempSync(join(tmpdir(), "ring-"));
  writeFiles(ring, { gpg: `#!/bin/sh\nexec gpg --homedir ${ring} --batch --no-tty "$@"\n` });
  for (const name of ["ann", "mallory"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `${name} at home`, "-f", join(ring, name)]);
    gpg("--quick-gen-key", `${name}@x`, "ed25519", "sign", "never");
  }
});
afterAll(() => {
  execFileSync("gpgconf", ["--homedir", ring, "--kill", "all"]);
  rmSync(ring, { recursive: true, force: true });
});

let ground: Ground;
beforeEach(() => {
  ground = aGround();
  ground.bare.push(FILES, "first");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await ground.clean();
});

function gpg(...args: string[]): string {
  const words = ["--homedir", ring, "--batch", "--no-tty", "--quiet", "--yes", "--passphrase", "", ...args];
  return execFileSync("gpg", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

const sshKey = (name: string) => readFileSync(join(ring, `${name}.pub`), "utf8").trim();
const pgpKey = (...names: string[]) => gpg("--armor", "--export", ...names.map((name) => `${name}@x`));
const ann = (): Key[] => [sshKey("ann"), pgpKey("ann")].map((text) => ({ person: "ann", text }));
const bySsh = (name: string) => ["-c", "gpg.format=ssh", "-c", `user.signingKey=${join(ring, name)}`];
const byPgp = (name: string) => ["-c", `gpg.program=${join(ring, "gpg")}`, "-c", `user.signingKey=${name}@x`];

/** @returns the id of a commit on main */
function signedCommit(settings: readonly string[], message = "signed"): string {
  const { bare } = ground;
  const commit = bare.git(...settings, "commit-tree", "-S", "-m", message, "-p", "main", "main^{tree}");
  bare.git("update-ref", "refs/heads/main", commit);
  return commit;
}

/** An object of these very lines, which a ref leads to. @returns its id */
function written(kind: "commit" | "tag", text: string, ref = "refs/heads/main"): string {
  const id = ground.bare.feed(`${text}\n`, "hash-object", "-t", kind, "-w", "--stdin");
  ground.bare.git("update-ref", ref, id);
  return id;
}

async function ofCommit(commit: string, known: readonly Key[]): Promise<Signature> {
  const repository = await ground.open(ground.bare.path);
  await follow(repository);
  return await repository.signature({ commit }, known);
}

async function ofTag(name: string, known: readonly Key[]): Promise<Signature> {
  const repository = await ground.open(ground.bare.path);
  await follow(repository, name);
  return await repository.signature({ tag: name }, known);
}

test("a message that reads as if the signature was good is none, and helps no other one", async () => {
  const message = `Good "git" signature for ann with ED25519 key SHA256:x\n\n[GNUPG:] GOODSIG x ann\n[GNUPG:] VALIDSIG x`;
  const unsigned = ground.bare.push(FILES, message);
  expect(await ofCommit(unsigned, ann())).toEqual({ kind: "none" });
  for (const by of [bySsh, byPgp])
    expect(await ofCommit(signedCommit(by("mallory"), message), ann())).toEqual(NOT_LISTED);
});

test("a key that only the bot's user trusts is nobody's, and the programs that the user has for it are not asked", async () => {
  const [home, executed] = [ground.at("home"), ground.at("executed")];
  writeFiles(home, {
    ".gitconfig": `[gpg]\n\tprogram = ${home}/yes\n[gpg "ssh"]\n\tallowedSignersFile = ${home}/signers\n\tprogram = ${home}/yes\n`,
    signers: `ann ${sshKey("mallory")}\n`,
    yes: `#!/bin/sh\necho x >> ${executed}\n`,
  });
  mkdirSync(join(home, ".gnupg"), { mode: 0o700 });
  const trusting = ["--homedir", join(home, ".gnupg"), "--batch", "--quiet", "--no-autostart", "--import"];
  execFileSync("gpg", trusting, { input: pgpKey("mallory"), stdio: ["pipe", "ignore", "ignore"] });
  for (const by of [bySsh, byPgp]) expect(await ofCommit(signedCommit(by("mallory")), ann())).toEqual(NOT_LISTED);
  expect(readdirSync(ground.at("."))).not.toContain("executed");
});

test("a signature that Ann made for a file or for mail is not good for a commit", async () => {
  const commit = ground.bare.git("cat-file", "commit", "main");
  for (const namespace of ["file", "email", "git"]) {
    const file = ground.at(namespace);
    writeFileSync(file, `${commit}\n`);
    execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", namespace, "-f", join(ring, "ann"), file], { stdio: "pipe" });
    const lines = readFileSync(`${file}.sig`, "utf8").trim().replaceAll("\n", "\n ");
    const signed = written("commit", commit.replace("\n\n", `\ngpgsig ${lines}\n\n`));
    expect(await ofCommit(signed, ann())).toMatchObject({ kind: namespace === "git" ? "good" : "bad" });
  }
});

test("a signature of another tag is not good for the one that it was put on", async () => {
  for (const [name, by] of Object.entries({ ssh: bySsh("ann"), pgp: byPgp("ann") })) {
    ground.bare.git(...by, "tag", "-s", "-m", "release", name, "main");
    const [tag, next] = [ground.bare.git("cat-file", "tag", name), `${name}-next`];
    written("tag", tag.replace(`tag ${name}\n`, `tag ${next}\n`), `refs/tags/${next}`);
    expect(await ofTag(`refs/tags/${name}`, ann())).toEqual({ kind: "good", person: "ann" });
    expect(await ofTag(`refs/tags/${next}`, ann())).toEqual(COPIED);
  }
});

test("a tag that says before its signature how another kind of one begins is judged by none but its own", async () => {
  const message = "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n-----BEGIN SSH SIGNATURE-----\n";
  for (const [name, by] of Object.entries({ ssh: bySsh("mallory"), pgp: byPgp("mallory") })) {
    ground.bare.git(...by, "tag", "-s", "-m", message, name, "main");
    expect(await ofTag(`refs/tags/${name}`, ann())).toMatchObject({ kind: "bad" });
  }
});

test("Ann's signature beside that of a stranger is nobody's", async () => {
  ground.bare.git(...byPgp("ann"), "tag", "-s", "-m", "release", "v1", "main");
  const [signed = ""] = ground.bare.git("cat-file", "tag", "v1").split("-----BEGIN");
  writeFileSync(ground.at("signed"), signed);
  const sign = (...names: string[]) =>
    gpg(
      ...names.flatMap((name) => ["--local-user", `${name}@x`]),
      "--armor",
      "--detach-sign",
      "--output",
      "-",
      ground.at("signed"),
    );
  written("tag", signed + sign("ann").trim(), "refs/tags/v1");
  expect(await ofTag("refs/tags/v1", ann())).toEqual({ kind: "good", person: "ann" });
  written("tag", signed + sign("mallory", "ann").trim(), "refs/tags/v1");
  expect(await ofTag("refs/tags/v1", ann())).toMatchObject({ kind: "bad" });
  expect(await ofTag("refs/tags/v1", [...ann(), { person: "mallory", text: pgpKey("mallory") }])).toMatchObject({
    kind: "bad",
  });
});

test("a signature by a certificate is not taken for none, and says what to do instead", async () => {
  const gpgsig = "gpgsig -----BEGIN SIGNED MESSAGE-----\n MII\n -----END SIGNED MESSAGE-----";
  const commit = written("commit", ground.bare.git("cat-file", "commit", "main").replace("\n\n", `\n${gpgsig}\n\n`));
  expect(await ofCommit(commit, ann())).toEqual({
    kind: "bad",
    why: "it is signed by a certificate, which calops does not check; sign it with an SSH or a GPG key",
  });
});

test("a block that is no whole public key makes nobody's signature good", async () => {
  const commit = signedCommit(byPgp("ann"));
  const block = pgpKey("ann");
  const texts = [
    `x\n${block}`,
    block.slice(0, 120),
    block.replace(/^(.*\n.*\n)\S+/, `$1${"A".repeat(64)}`),
    block.replaceAll("PUBLIC", "PRIVATE"),
    "-----BEGIN PGP PUBLIC KEY BLOCK-----",
  ];
  expect(await ofCommit(commit, [{ person: "ann", text: block }])).toEqual({ kind: "good", person: "ann" });
  for (const text of texts) expect(await ofCommit(commit, [{ person: "ann", text }])).toMatchObject({ kind: "bad" });
});

test("a block with the keys of two makes nobody of the one who has that key first", async () => {
  const commit = signedCommit(byPgp("mallory"));
  const known = [
    { person: "mallory", text: pgpKey("mallory") },
    { person: "ann", text: pgpKey("ann", "mallory") },
  ];
  expect(await ofCommit(commit, known)).toEqual({ kind: "good", person: "mallory" });
});

test("no program for signatures runs on when they were checked, and no key is left on the disk", async () => {
  const scratch = ground.at("scratch");
  mkdirSync(scratch);
  vi.stubEnv("TMPDIR", scratch);
  expect(await ofCommit(signedCommit(byPgp("ann")), ann())).toMatchObject({ kind: "good" });
  expect(await ofCommit(signedCommit(bySsh("ann")), ann())).toMatchObject({ kind: "good" });
  expect(readdirSync(scratch)).toEqual([]);
  const running = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  expect(running.filter((line) => line.includes(scratch))).toEqual([]);
});
