/**
 * Who may read and command over HTTP. Commands need the token of the data directory, which only whoever runs the bot can
 * read. Pages are opened by their address alone: each carries a key that only calops can have made, so that a link in a
 * message can be followed and nothing can be found by guessing.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export type Access = {
  readonly token: string;
  /** The key of a page. */
  keyFor(page: string): string;
  opens(page: string, key: string | undefined): boolean;
  isToken(given: string | undefined): boolean;
};

type Secrets = { readonly token: string; readonly links: string };

/** Reads the secrets of a data directory; the first bot makes them. */
export function openAccess(file: string): Access {
  const { token, links } = existsSync(file) ? readSecrets(file) : makeSecrets(file);
  const keyFor = (page: string) => createHmac("sha256", links).update(page).digest("base64url").slice(0, 22);
  return {
    token,
    keyFor,
    opens: (page, key) => key !== undefined && same(key, keyFor(page)),
    isToken: (given) => given !== undefined && same(given, token),
  };
}

/** By this, what answers at an address is known to be this installation. It opens nothing, and tells nothing of the secrets. */
export function identityOf(access: Pick<Access, "keyFor">): string {
  return access.keyFor("the installation");
}

/** The token alone, for a command line beside the bot. */
export function readToken(file: string): string | undefined {
  return existsSync(file) ? readSecrets(file).token : undefined;
}

function readSecrets(file: string): Secrets {
  return JSON.parse(readFileSync(file, "utf8")) as Secrets;
}

function makeSecrets(file: string): Secrets {
  const secrets = { token: randomBytes(32).toString("base64url"), links: randomBytes(32).toString("base64url") };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(secrets)}\n`, { mode: 0o600, flag: "wx" });
  return secrets;
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
