/**
 * By what our own server is known to have sent something. Mattermost signs nothing; so presses go to an address that nobody
 * else knows, and forms carry who they were opened for. Both hang on the bot's token, which the server and we share.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Place } from "../../../core/chat/request.ts";

/** The last part of the address that presses are sent to. */
export function actionSecret(token: string): string {
  return createHmac("sha256", token).update("calops actions").digest("hex").slice(0, 40);
}

/** In a time that tells nothing. Nothing equals an empty text. */
export function isSame(given: string, secret: string): boolean {
  return secret !== "" && given !== "" && timingSafeEqual(digest(given), digest(secret));
}

const opened = z.strictObject({
  seal: z.string(),
  user: z.string(),
  userName: z.string(),
  /** No other form has it. */
  once: z.string(),
  place: z.strictObject({
    channel: z.string().nullable(),
    name: z.string().exactOptional(),
    thread: z.string().nullable(),
    direct: z.boolean(),
    remote: z.string(),
  }),
});

/** What a form is opened with: its seal, for whom, and where its answer goes. */
export type Opened = z.output<typeof opened>;

/** The client of whoever it is opened for sees it, and sends it back. */
export function writeState(of: Opened & { readonly place: Place }, token: string): string {
  const body = Buffer.from(JSON.stringify(of)).toString("base64url");
  return `${body}.${signature(body, token)}`;
}

/** Undefined for one that is not ours, or was opened for somebody else. */
export function readState(state: string, user: string, token: string): Opened | undefined {
  const [body = "", signed = "", ...rest] = state.split(".");
  if (rest.length > 0 || !isSame(signed, signature(body, token))) return undefined;
  const read = opened.parse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  return read.user === user ? read : undefined;
}

/** A short name for something, of letters and digits; the same for the same. */
export function nameFor(...of: readonly string[]): string {
  return createHash("sha256").update(of.join("\n")).digest("hex").slice(0, 26);
}

function signature(body: string, token: string): string {
  return createHmac("sha256", token).update(`calops form\n${body}`).digest("base64url");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
