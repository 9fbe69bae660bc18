/**
 * Mattermost. The bot speaks by its own account, hears what people say to it over a WebSocket, and is sent what they type as
 * a command, press and fill in over HTTP. It is opened whether or not the server is there, and connects when it is.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocketMessage } from "@mattermost/client";
import type { Instant } from "../../../core/time.ts";
import { type Chat, ChatError, type ChatParts, type Incoming } from "../../../ports/chat.ts";
import { answer, answerInstead } from "./answer.ts";
import { Channels } from "./channels.ts";
import { Commands } from "./commands.ts";
import type { MattermostOptions } from "./config.ts";
import { Connection, type Known } from "./connection.ts";
import { deliver } from "./deliver.ts";
import { examine } from "./examine.ts";
import { openForm } from "./form.ts";
import { listen } from "./listen.ts";
import { missedSince } from "./missed.ts";
import { asJson, incomingOfPost, parsePost } from "./parse.ts";
import type { PostParts } from "./post.ts";
import { actionSecret } from "./proof.ts";
import { Reach } from "./reach.ts";
import { asChatError, Refusal, Server } from "./server.ts";
import { openSocket, SOCKET_PAUSES, type Socket, type SocketPauses } from "./socket.ts";
import { Presses } from "./waiting.ts";

export type Mattermost = Chat & {
  /** Whatever the server sends to an address under `/chat/mattermost`, with its body unread. */
  listen(request: IncomingMessage, response: ServerResponse): void;
};

/** In milliseconds; how patient it is, which tests change. */
export type Patience = {
  readonly reconnect: SocketPauses;
  readonly firstRetry: number;
  readonly hold: number;
};

const PATIENCE: Patience = { reconnect: SOCKET_PAUSES, firstRetry: 1_000, hold: 700 };
const LONGEST_RETRY_MS = 60_000;
/** What was said so shortly before the bot started is answered too. */
const LOOK_BACK_MS = 10 * 60_000;

/**
 * Throws where the secret of the token is missing or empty; never because of the network.
 *
 * @param posted channels that the configuration posts to, for `examine`
 */
export function openMattermost(
  options: MattermostOptions,
  parts: ChatParts,
  posted: () => readonly string[] = () => [],
  patience = PATIENCE,
): Mattermost {
  const token = secretOf(options.token.secret, parts);
  const givenToken = options["command-token"] ? secretOf(options["command-token"].secret, parts) : null;
  const { clock, log, desk } = parts;
  const server = new Server(options.url, token, clock);
  const connection = new Connection(server, options.team);
  const channels = new Channels(server);
  const presses = new Presses();
  const reach = new Reach();
  let commands: Commands | undefined;
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let lastSeen: Instant = clock.now() - LOOK_BACK_MS;

  const baseUrl = (): string | null => (parts.url() === null ? null : (options["bot-url"] ?? parts.url()));
  const addressOf = (what: string): string | null => {
    const base = baseUrl();
    return base === null ? null : `${base.replace(/\/+$/, "")}/chat/mattermost/${what}`;
  };
  const partsFor = ({ longest, blocks }: Known, key: string, root: string | "self"): PostParts => {
    const url = addressOf(`action/${actionSecret(token)}`);
    return {
      most: longest,
      wholeUrl: parts.wholeUrl(key),
      command: options.command,
      blocks,
      press: url === null ? null : { url, root, seal: (button) => desk.seal(button) },
    };
  };
  const posting = { server, connection, channels, partsFor };
  const answering = { ...posting, clock, waiting: presses };

  /** Tries until everything is as it should be, and again when the connection was lost. */
  const connect = async (failures: number): Promise<void> => {
    let wait = Math.min(LONGEST_RETRY_MS, patience.firstRetry * 2 ** Math.min(failures, 10));
    try {
      const known = await connection.refresh();
      if (closed) return;
      socket ??= openSocket({
        url: server.getWebSocketUrl(),
        token,
        onEvent: hear,
        onMissed: () => void catchUp().catch((error) => warn(error, "what was said meanwhile could not be read")),
        pauses: patience.reconnect,
      });
      const url = addressOf("command");
      if (url !== null) {
        commands ??= new Commands({ server, trigger: options.command, url, givenToken, clock });
        await commands.keepRight(known);
        return;
      }
      wait = patience.firstRetry;
    } catch (error) {
      warn(error, "Mattermost does not answer; it is tried again");
    }
    if (!closed) timer = setTimeout(() => void connect(failures + 1), wait);
  };

  const warn = (error: unknown, what: string) => {
    if (closed) return;
    const refusal = error instanceof Refusal ? { status: error.status, id: error.id } : {};
    log.warn({ url: options.url, ...refusal, error: asChatError(error, "nothing was done").message }, what);
  };

  const hear = (event: WebSocketMessage): void => {
    if (event.event !== "posted") return;
    const { post: text, channel_type, channel_name, sender_name } = event.data;
    const self = connection.known?.self;
    const post = parsePost(asJson(text));
    if (!post || !self) return;
    lastSeen = Math.max(lastSeen, post.create_at);
    const asked = incomingOfPost(post, self, {
      direct: channel_type === "D",
      channelName: channel_name,
      sender: sender_name,
    });
    if (asked) void take(asked);
  };

  const catchUp = async (): Promise<void> => {
    const since = lastSeen;
    const known = await connection.refresh();
    for (const asked of await missedSince(server, known, since)) await take(asked);
    await commands?.keepRight(known);
  };

  const take = async (asked: Incoming): Promise<void> => {
    try {
      const taken = await desk.take(asked);
      if (!taken.taken) await answer(answering, { ...asked, blocks: taken.say });
    } catch (error) {
      warn(error, "what somebody said to the bot could not be taken");
    }
  };

  if (!parts.onlyToLook) void connect(0);
  return {
    name: "mattermost",
    paceMs: 1_000,
    nameOf: (channel) => channels.nameOf(channel),
    async deliver(message) {
      const { place, key } = message;
      // Whoever pressed need not be kept waiting for what is told to all.
      presses.answer(key.replace(/^answer /, ""), "");
      try {
        return await deliver(posting, message);
      } catch (error) {
        const closedToBot = error instanceof Refusal && (error.status === 403 || error.status === 404);
        if (closedToBot && place && (await answerInstead(answering, place, key, message.blocks)))
          return { remoteRef: null };
        const failed = asChatError(error, `the message for ${message.channel} was not posted`);
        if (closedToBot)
          throw new ChatError(
            `${failed.message}; invite the bot into the channel: /invite @${connection.known?.self.username}`,
            {
              cause: error,
            },
          );
        throw failed;
      }
    },
    async answer(reply) {
      try {
        await answer(answering, reply);
      } catch (error) {
        throw asChatError(error, `the answer to @${reply.account.name} was not given`);
      }
    },
    async openForm(place, form, seal) {
      const url = addressOf("dialog");
      if (url === null) return false;
      try {
        const opened = await openForm({ server, token, url }, place, form, seal);
        return opened;
      } catch (error) {
        throw asChatError(error, "no form was opened");
      }
    },
    examine: () =>
      examine({
        options,
        server,
        connection,
        reach,
        clock,
        url: parts.onlyToLook ? null : baseUrl(),
        commands,
        channels,
        posted: posted(),
        connected: () => socket?.connected() ?? false,
      }),
    async close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
      presses.release();
    },
    listen(request, response) {
      const listening = { server, connection, commands: () => commands, presses, reach, desk, token, clock, log };
      void listen({ ...listening, holdMs: patience.hold }, request, response);
    },
  };
}

function secretOf(name: string, parts: ChatParts): string {
  const value = parts.secret(name).trim();
  if (value === "")
    throw new Error(
      `the secret ${name} is empty, so Mattermost cannot be used; write the token of the bot account into it`,
    );
  return value;
}
