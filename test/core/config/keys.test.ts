import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { keysOf } from "../../../src/core/environment/keys.ts";
import { configOf, issuesOf, type Written } from "./reading.ts";
import { ECDSA, ED25519, PGP, RSA } from "./some-keys.ts";

function withKeys(...keys: unknown[]): Written {
  return { "calops.yaml": "experiment: D\n", "people.yaml": stringify({ people: { ann: { name: "Ann", keys } } }) };
}

const words = (files: Written) => issuesOf(files).map((line) => line.replace(/^people.yaml:\d+:\d+: /, ""));

describe("a key of a person", () => {
  const hardware = `sk-ssh-ed25519@openssh.com ${fields("sk-ssh-ed25519@openssh.com", "k".repeat(32), "ssh:")}`;

  test("is an SSH key of any kind that git signs with, or a PGP one; each is known as its owner's", () => {
    const { people } = configOf(withKeys(ED25519, ECDSA, RSA, hardware, `${PGP}\n`));
    expect(keysOf(people)).toEqual([ED25519, ECDSA, RSA, hardware, PGP].map((text) => ({ person: "ann", text })));
  });

  test("needs no comment, and may have one of several words", () => {
    const bare = ED25519.split(" ").slice(0, 2).join(" ");
    expect(issuesOf(withKeys(bare))).toEqual([]);
    expect(issuesOf(withKeys(`${bare} Ann, at the lab`))).toEqual([]);
  });

  const other = "write ssh-ed25519 AAAA... or another OpenSSH public key, or a PGP public key block";
  const [type = "", data = ""] = ED25519.split(" ");
  test.each<[string, unknown, string]>([
    ["no text", 5, `not a key; ${other}`],
    ["empty", "", `not a key; ${other}`],
    ["of a kind that is not made any more", "ssh-dss AAAA", `not a key; ${other}`],
    ["cut short", `${type} ${data.slice(0, -8)}`, "the key is not whole; copy the line of the .pub file again"],
    ["without its data", type, "the key is not whole; copy the line of the .pub file again"],
    ["of another kind than it says", `ssh-rsa ${data}`, "the key is not whole; copy the line of the .pub file again"],
    ["with something behind it", `${type} ${data}AAAA`, "the key is not whole; copy the line of the .pub file again"],
    [
      "with options",
      `restrict,command="id" ${ED25519}`,
      "options stand before the key; write the key alone, from ssh-ed25519 on",
    ],
    [
      "with a line break, which would make two of it",
      `${ED25519}\n* ${RSA}`,
      "an SSH key is one line; write type, key and comment without a line break",
    ],
    [
      "private",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
      "a private key; take it out of the repository, make a new one, since this one is known now, and write its public half here",
    ],
    ["half a block", PGP.slice(0, -20), `not one whole PGP public key block; ${other}`],
    ["two blocks", `${PGP}\n${PGP}`, `not one whole PGP public key block; ${other}`],
  ])("that is %s is a mistake", (_name, key, expected) => {
    expect(words(withKeys(key))).toEqual([expected]);
  });

  test("is never repeated in what is said of it", () => {
    expect(issuesOf(withKeys("-----BEGIN PGP PRIVATE KEY BLOCK-----\nsesame")).join()).not.toContain("sesame");
  });

  test("is one person's", () => {
    const people = {
      ann: { name: "Ann", keys: [ED25519, ED25519.replace(/\S+$/, "again")] },
      bob: { name: "Bob", keys: [PGP, RSA, ED25519] },
      eve: { name: "Eve", keys: [`${PGP}\n`] },
    };
    expect(words({ "calops.yaml": "experiment: D\n", "people.yaml": stringify({ people }) })).toEqual([
      "this key stands here twice; take one of them away",
      "this key is ann's too; leave it to the one who signs with it",
      "this key is bob's too; leave it to the one who signs with it",
    ]);
  });

  test("that is wrong hides nothing else that is", () => {
    const text = `people:\n  ann: { name: Ann, keys: [x, "${ED25519}", y], roles: [Expert] }\n`;
    expect(parse(text)).toBeTruthy();
    expect(issuesOf({ "calops.yaml": "experiment: D\n", "people.yaml": text })).toHaveLength(3);
  });
});

/** The data of an SSH key, as RFC 4253 has it. */
function fields(...texts: string[]): string {
  const parts = texts.flatMap((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return [length, Buffer.from(text)];
  });
  return Buffer.concat(parts).toString("base64");
}
