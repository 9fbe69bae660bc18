/**
 * What Slack sends over HTTP: taken only where it is signed over the very bytes, with the secret that only Slack has, now, and
 * for the first time. Bolt looks at the past alone; and what it lets through unsigned, a check of the connection, has no use here.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type BufferedIncomingMessage, HTTPReceiver, verifySlackRequest } from "@slack/bolt";
import type { ChatParts } from "../../../ports/chat.ts";
import type { SlackLogger } from "./logger.ts";

/** Where the bot's own server hands requests on from. */
export const REQUEST_PATH = "/chat/slack/events";

const WINDOW_MS = 5 * 60_000;
const MOST_BYTES = 1_000_000;

export type SignedParts = Pick<ChatParts, "clock" | "log"> & {
  readonly signingSecret: string;
  readonly logger: SlackLogger;
};

export type Signed = {
  readonly receiver: HTTPReceiver;
  readonly listen: (request: IncomingMessage, response: ServerResponse) => void;
};

export function openSigned({ signingSecret, clock, log, logger }: SignedParts): Signed {
  const receiver = new HTTPReceiver({
    signingSecret,
    logger,
    endpoints: REQUEST_PATH,
    // It was verified, by the bot's own clock, before it gets there.
    signatureVerification: false,
  });
  /** Signatures of what was taken, until when they could be sent again. */
  const taken = new Map<string, number>();

  const wrongWith = (request: IncomingMessage, body: Buffer): string | undefined => {
    const signature = request.headers["x-slack-signature"];
    const sent = request.headers["x-slack-request-timestamp"];
    if (typeof signature !== "string" || typeof sent !== "string" || !/^\d{1,12}$/.test(sent))
      return "it is not signed";
    const now = clock.now();
    if (Math.abs(now - Number(sent) * 1_000) > WINDOW_MS)
      return "it is more than five minutes off; set the clocks of Slack's request and this machine right";
    try {
      verifySlackRequest({
        signingSecret,
        body: body.toString("utf8"),
        headers: { "x-slack-signature": signature, "x-slack-request-timestamp": Number(sent) },
        nowMilliseconds: now,
      });
    } catch {
      return "its signature is not Slack's; look whether signing-secret is the app's";
    }
    for (const [old, until] of taken) if (until < now) taken.delete(old);
    return taken.has(signature) ? "it was sent before" : undefined;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bytesOf(request);
    if (body === undefined) return refuse(response, 413);
    const wrong = wrongWith(request, body);
    if (wrong !== undefined) {
      log.warn({ why: wrong }, "a request that should be Slack's was refused");
      return refuse(response, 401);
    }
    const signature = String(request.headers["x-slack-signature"]);
    taken.set(signature, clock.now() + 2 * WINDOW_MS);
    // What was not taken may come again, and be taken then.
    response.once("close", () => {
      if (!response.writableFinished || response.statusCode >= 300) taken.delete(signature);
    });
    (request as BufferedIncomingMessage).rawBody = body;
    receiver.requestListener(request, response);
  };

  return {
    receiver,
    listen(request, response) {
      if (request.method !== "POST" || request.url?.split("?")[0] !== REQUEST_PATH) return refuse(response, 404);
      handle(request, response).catch((error) => {
        log.error({ error: (error as Error).stack }, "a request of Slack failed");
        if (!response.headersSent) refuse(response, 500);
      });
    },
  };
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "text/plain" }).end();
}

/** Undefined where there are too many. */
async function bytesOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
