/** Who may change something through the HSF interface: whoever has the token, where one is declared. Reading is free, as there. */
import { createHash, timingSafeEqual } from "node:crypto";
import { type Answer, refused } from "./answer.ts";

/** @returns why not; undefined where it may be done */
export function refusalOfWriting(authorization: string | undefined, token: string | undefined): Answer | undefined {
  if (token === undefined)
    return refused(
      "Permission denied. This server takes no changes: conditions: rest: token: in calops.yaml names none, or its secret is not set.",
      403,
    );
  const given = givenToken(authorization);
  if (given === undefined) return refused("Authentication credentials were not provided", 403);
  return same(given, token) ? undefined : refused("invalid access_token", 403);
}

/** As a bearer, or as the password of an address, since nopayloadclient knows nothing but an address. */
function givenToken(authorization = ""): string | undefined {
  const [, kind, value = ""] = /^(Bearer|Basic) (\S+)$/.exec(authorization) ?? [];
  if (kind === "Bearer") return value;
  if (kind !== "Basic") return undefined;
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return decoded.includes(":") ? decoded.slice(decoded.indexOf(":") + 1) : undefined;
}

/** In the same time, however much of it is right. */
function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}
