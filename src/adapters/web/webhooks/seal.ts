/**
 * How each kind of sender proves that it knows the secret. What a webhook says is never read, so an old one that somebody
 * sends again does what a new one does, it hurries the poll, and its age is not looked at.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookKind } from "../../../core/environment/rules.ts";

/** By lower-case name; undefined when it was not sent. One that was sent twice has both values, which fit nothing. */
export type Header = (name: string) => string | undefined;

/** What the body has to be for the sender to have proven itself. */
export type Seal =
  /** It showed the secret itself. */
  | { readonly kind: "shown" }
  /** One of these is the HMAC-SHA256 of `before` and the body under `key`. */
  | {
      readonly kind: "signed";
      readonly key: string | Buffer;
      readonly before: string;
      readonly digests: readonly Buffer[];
    };

/** Undefined when whatever the body is, nothing is proven. */
export function sealOf(kind: WebhookKind, header: Header, secret: string): Seal | undefined {
  if (secret === "") return undefined;
  switch (kind) {
    case "github":
      return signedInHex(secret, [header("x-hub-signature-256")]);
    case "bitbucket":
      return signedInHex(secret, [header("x-hub-signature")]);
    case "gitea":
      // Gitea and Forgejo send one signature under several names.
      return signedInHex(secret, [
        header("x-forgejo-signature"),
        header("x-gitea-signature"),
        header("x-hub-signature-256"),
      ]);
    case "gitlab":
      return shown(secret, header("x-gitlab-token")) ?? signedByStandard(secret, header);
  }
}

/** Reads the body to its end only where there is something to be compared. */
export async function isIntact(seal: Seal, body: AsyncIterable<Uint8Array>): Promise<boolean> {
  if (seal.kind === "shown") return true;
  const hmac = createHmac("sha256", seal.key).update(seal.before);
  for await (const chunk of body) hmac.update(chunk);
  const digest = hmac.digest();
  return seal.digests.some((one) => timingSafeEqual(one, digest));
}

function signedInHex(secret: string, headers: readonly (string | undefined)[]): Seal | undefined {
  const digests = headers.flatMap((value) => {
    const hex = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(value ?? "")?.[1];
    return hex === undefined ? [] : [Buffer.from(hex, "hex")];
  });
  return digests.length === 0 ? undefined : { kind: "signed", key: secret, before: "", digests };
}

/** A header arrives as bytes, which Node reads as Latin-1. Digests are compared, since their lengths tell nothing. */
function shown(secret: string, token: string | undefined): Seal | undefined {
  if (token === undefined) return undefined;
  const right = timingSafeEqual(sha256(Buffer.from(token, "latin1")), sha256(Buffer.from(secret, "utf8")));
  return right ? { kind: "shown" } : undefined;
}

const SIGNING_TOKEN = "whsec_";
/** A key of no bytes, or of a few, would be guessed. GitLab's has 32. */
const SHORTEST_KEY = 24;

/** GitLab's signing token, since 19.0, after the Standard Webhooks specification. */
function signedByStandard(secret: string, header: Header): Seal | undefined {
  const [id, timestamp] = [header("webhook-id"), header("webhook-timestamp")];
  if (!secret.startsWith(SIGNING_TOKEN) || id === undefined || timestamp === undefined) return undefined;
  const key = Buffer.from(secret.slice(SIGNING_TOKEN.length), "base64");
  const digests = (header("webhook-signature") ?? "").split(" ").flatMap((value) => {
    const base64 = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(value)?.[1];
    return base64 === undefined ? [] : [Buffer.from(base64, "base64")];
  });
  if (key.length < SHORTEST_KEY || digests.length === 0) return undefined;
  return { kind: "signed", key, before: `${id}.${timestamp}.`, digests };
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
