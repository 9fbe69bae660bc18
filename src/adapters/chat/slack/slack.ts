/** Slack, by Socket Mode or by signed HTTP requests. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Receiver, webApi } from "@slack/bolt";
import type { Chat, ChatParts } from "../../../ports/chat.ts";
import { answer, openForm } from "./answering.ts";
import { openChannels } from "./channels.ts";
import type { SlackOptions } from "./config.ts";
import { examine } from "./examine.ts";
import { listenWith } from "./listening.ts";
import { slackLogger } from "./logger.ts";
import { deliver, type PostingParts } from "./posting.ts";
import { openResponseUrls } from "./response-url.ts";
import { openSigned } from "./signed.ts";
import { openSockets } from "./sockets.ts";

/** About one message a second and channel; more are refused for a while. */
const PACE_MS = 1_000;
const TIMEOUT_MS = 10_000;

export type OpenedSlack = Chat & {
  /** What Slack sends over HTTP, where it is told to. */
  readonly listen?: (request: IncomingMessage, response: ServerResponse) => void;
};

/**
 * Reaches for Slack from now on, however long it is away. Throws where it could never be reached, as without a secret.
 *
 * @param channels those that the configuration posts to, for `examine`
 */
export function openSlack(
  options: SlackOptions,
  parts: ChatParts,
  channels: () => readonly string[] = () => [],
): OpenedSlack {
  const { clock, log } = parts;
  const secretOf = (named: { readonly secret: string } | undefined): string | undefined => {
    if (named === undefined) return undefined;
    const value = parts.secret(named.secret).trim();
    if (value === "") throw new Error(`the secret ${named.secret} is empty; put into it what Slack shows for the app`);
    return value;
  };
  const token = secretOf(options["bot-token"]) ?? "";
  const appToken = secretOf(options["app-token"]);
  const signingSecret = secretOf(options["signing-secret"]);
  const logger = slackLogger(log);
  // A failure is told at once: what is to be tried again, and when, the outbox knows.
  const clientOptions: webApi.WebClientOptions = {
    slackApiUrl: options.api,
    logger,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
  };
  const client = new webApi.WebClient(token, { ...clientOptions });
  const posting: PostingParts = {
    client,
    channels: openChannels(client, clock),
    responseUrls: openResponseUrls(clock),
    desk: parts.desk,
    wholeUrl: parts.wholeUrl,
    log,
  };
  const listenTo = (receivers: readonly Receiver[]) =>
    listenWith(receivers, { ...posting, clock, options, token, logger, clientOptions });

  const sockets =
    appToken === undefined || parts.onlyToLook
      ? undefined
      : openSockets({ appToken, logger, log, chance: parts.chance, clientOptions });
  const signed = signingSecret === undefined ? undefined : openSigned({ signingSecret, clock, log, logger });
  listenTo(sockets?.receivers ?? (signed ? [signed.receiver] : []));
  sockets?.start();

  return {
    name: "slack",
    paceMs: PACE_MS,
    nameOf: posting.channels.nameOf,
    deliver: (message) => deliver(posting, message),
    answer: (reply) => answer(posting, reply),
    openForm: (place, form, seal) => openForm(posting, place, form, seal),
    examine: () =>
      examine({
        client,
        clock,
        options,
        token,
        appToken,
        sockets,
        url: parts.url,
        channels: channels(),
        clientOptions,
      }),
    ...(signed && { listen: signed.listen }),
    close: async () => await sockets?.close(),
  };
}
