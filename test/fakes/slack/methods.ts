/** Slack's Web API, as far as calops asks for it: whatever else is asked is refused, and is a complaint. */
import type { types, webApi } from "@slack/bolt";
import { strangeIn, wrongMessageBlocks, wrongView } from "./blocks.ts";
import { BOT_ID, BOT_USER, type Channel, type Message, TEAM, type Workspace } from "./workspace.ts";

export type Call = { readonly method: string; readonly args: Readonly<Record<string, unknown>>; readonly at: number };
export type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

type Keys<T> = T extends unknown ? keyof T : never;
type Method<T> = {
  /** What Slack's types know, but for the token, which stands in the header. */
  readonly knows: readonly Exclude<Keys<T>, "token">[];
  readonly needs: readonly string[];
  readonly scope?: string | ((args: Args, workspace: Workspace) => readonly string[]);
  readonly app?: true;
  run(args: Args, world: World): Answer;
};
type Args = Readonly<Record<string, unknown>>;

export type World = {
  readonly workspace: Workspace;
  readonly origin: string;
  readonly complain: (what: string) => void;
  /** Of uploads that were begun. */
  readonly uploads: Map<string, { readonly length: number; bytes: Buffer | undefined }>;
  /** When the last message of each channel was posted. */
  readonly posted: Map<string, number>;
  readonly pageSize: number;
  readonly socketUrl: () => string;
};

export const TOO_MANY: Answer = { ok: false, error: "ratelimited" };
const EACH_CHANNEL_MS = 1_000;
const TRIGGER_MS = 3_000;

function method<T>(one: Method<T>): Method<unknown> {
  return one as unknown as Method<unknown>;
}

const MESSAGE = ["channel", "text", "blocks", "attachments", "thread_ts"] as const;

export const METHODS: Readonly<Record<string, Method<unknown>>> = {
  "api.test": method<webApi.APITestArguments>({ knows: ["error"], needs: [], run: () => ({ ok: true }) }),
  "auth.test": method<webApi.AuthTestArguments>({
    knows: [],
    needs: [],
    run: (_args, { origin }) => ({
      ok: true,
      url: origin,
      team: "Lab",
      user: "calops",
      team_id: TEAM,
      user_id: BOT_USER,
      bot_id: BOT_ID,
    }),
  }),
  "apps.connections.open": method<webApi.AppsConnectionsOpenArguments>({
    knows: [],
    needs: [],
    app: true,
    run: (_args, { socketUrl }) => ({ ok: true, url: socketUrl() }),
  }),
  "chat.postMessage": method<webApi.ChatPostMessageArguments>({
    knows: [...MESSAGE, "metadata", "unfurl_links", "unfurl_media", "reply_broadcast", "mrkdwn", "parse", "link_names"],
    needs: ["channel"],
    scope: "chat:write",
    run(args, world) {
      const { workspace, posted } = world;
      const channel = openChannel(args, workspace);
      if ("ok" in channel) return channel;
      const wrong = wrongContent(args, world) ?? wrongThread(args, channel, workspace);
      if (wrong) return wrong;
      const now = workspace.clock.now();
      if (now - (posted.get(channel.id) ?? Number.NEGATIVE_INFINITY) < EACH_CHANNEL_MS) return TOO_MANY;
      posted.set(channel.id, now);
      const message = workspace.post({ channel: channel.id, user: BOT_USER, ...contentOf(args) });
      return { ok: true, channel: channel.id, ts: message.ts, message: shownMessage(message, false) };
    },
  }),
  "chat.postEphemeral": method<webApi.ChatPostEphemeralArguments>({
    knows: [...MESSAGE, "user", "parse", "link_names"],
    needs: ["channel", "user"],
    scope: "chat:write",
    run(args, world) {
      const { workspace } = world;
      const channel = openChannel(args, workspace);
      if ("ok" in channel) return channel;
      const user = String(args["user"]);
      if (!channel.members.has(user)) return refusal("user_not_in_channel");
      const wrong = wrongContent(args, world) ?? wrongThread(args, channel, workspace);
      if (wrong) return wrong;
      const message = workspace.post({ channel: channel.id, user: BOT_USER, onlyFor: user, ...contentOf(args) });
      return { ok: true, message_ts: message.ts };
    },
  }),
  "chat.update": method<webApi.ChatUpdateArguments>({
    knows: ["channel", "ts", "text", "blocks", "attachments", "metadata", "parse", "link_names", "reply_broadcast"],
    needs: ["channel", "ts"],
    scope: "chat:write",
    run(args, world) {
      const { workspace } = world;
      const message = workspace.find(String(args["channel"]), String(args["ts"]));
      if (!message || message.onlyFor !== undefined) return refusal("message_not_found");
      if (message.user !== BOT_USER) return refusal("cant_update_message");
      const wrong = wrongContent(args, world);
      if (wrong) return wrong;
      const { text, blocks, metadata } = contentOf(args);
      Object.assign(message, { text, blocks, edited: true, ...(metadata && { metadata }) });
      return { ok: true, channel: message.channel, ts: message.ts, text: message.text };
    },
  }),
  "conversations.list": method<webApi.ConversationsListArguments>({
    knows: ["types", "exclude_archived", "limit", "cursor", "team_id"],
    needs: [],
    scope: ({ types = "public_channel" }) =>
      String(types)
        .split(",")
        .map((type) => (type === "private_channel" ? "groups:read" : "channels:read")),
    run(args, { workspace, pageSize }) {
      const kinds = String(args["types"] ?? "public_channel").split(",");
      const all = [...workspace.channels.values()].filter(
        (one) =>
          (one.kind === "public" && kinds.includes("public_channel")) ||
          (one.kind === "private" && kinds.includes("private_channel") && one.members.has(BOT_USER)),
      );
      const from = Number(args["cursor"] ?? 0);
      const size = Math.min(Number(args["limit"] ?? 100), pageSize);
      const channels = all
        .slice(from, from + size)
        .filter((one) => !(one.archived && args["exclude_archived"] === "true"))
        .map(({ id, name, kind, members }) => ({
          id,
          name,
          is_channel: true,
          is_private: kind === "private",
          is_member: members.has(BOT_USER),
        }));
      const next = from + size < all.length ? String(from + size) : "";
      return { ok: true, channels, response_metadata: { next_cursor: next } };
    },
  }),
  "conversations.open": method<webApi.ConversationsOpenArguments>({
    knows: ["users", "channel", "return_im", "prevent_creation"],
    needs: ["users"],
    scope: "im:write",
    run(args, { workspace }) {
      const user = String(args["users"]);
      if (!workspace.users.has(user)) return refusal("user_not_found");
      return { ok: true, channel: { id: workspace.direct(user).id } };
    },
  }),
  "conversations.history": method<webApi.ConversationsHistoryArguments>({
    knows: ["channel", "include_all_metadata", "limit", "cursor", "latest", "oldest", "inclusive"],
    needs: ["channel"],
    scope: historyScope,
    run(args, world) {
      const channel = openChannel(args, world.workspace);
      if ("ok" in channel) return channel;
      const all = world.workspace.messages
        .filter((one) => one.channel === channel.id && one.thread === undefined && one.onlyFor === undefined)
        .reverse();
      return pageOf(all, args, world);
    },
  }),
  "conversations.replies": method<webApi.ConversationsRepliesArguments>({
    knows: ["channel", "ts", "include_all_metadata", "limit", "cursor", "latest", "oldest", "inclusive"],
    needs: ["channel", "ts"],
    scope: historyScope,
    run(args, world) {
      const channel = openChannel(args, world.workspace);
      if ("ok" in channel) return channel;
      const ts = String(args["ts"]);
      if (!world.workspace.find(channel.id, ts)) return refusal("thread_not_found");
      const all = world.workspace.messages.filter(
        (one) => one.channel === channel.id && (one.ts === ts || one.thread === ts) && one.onlyFor === undefined,
      );
      return pageOf(all, args, world);
    },
  }),
  "views.open": method<webApi.ViewsOpenArguments>({
    knows: ["trigger_id", "view", "interactivity_pointer"] as never,
    needs: ["trigger_id", "view"],
    run(args, { workspace, complain }) {
      const trigger = workspace.triggers.get(String(args["trigger_id"]));
      if (!trigger) return refusal("invalid_trigger_id");
      if (trigger.used) return refusal("exchanged_trigger_id");
      if (workspace.clock.now() - trigger.at > TRIGGER_MS) return refusal("expired_trigger_id");
      const view = parsed(args["view"]);
      const wrong = wrongView(view, "modal");
      if (wrong) {
        complain(`views.open: ${wrong}`);
        return refusal("invalid_arguments");
      }
      trigger.used = true;
      const id = workspace.id("V");
      workspace.modals.push({ id, user: trigger.user, view: view as types.ModalView });
      return { ok: true, view: { id } };
    },
  }),
  "views.publish": method<webApi.ViewsPublishArguments>({
    knows: ["user_id", "view", "hash"],
    needs: ["user_id", "view"],
    run(args, { workspace, complain }) {
      const view = parsed(args["view"]);
      const wrong = wrongView(view, "home");
      if (wrong) {
        complain(`views.publish: ${wrong}`);
        return refusal("invalid_arguments");
      }
      workspace.homes.set(String(args["user_id"]), view as types.HomeView);
      return { ok: true, view: { id: workspace.id("V") } };
    },
  }),
  "files.getUploadURLExternal": method<webApi.FilesGetUploadURLExternalArguments>({
    knows: ["filename", "length", "alt_text", "snippet_type"],
    needs: ["filename", "length"],
    scope: "files:write",
    run(args, { workspace, uploads, origin }) {
      const id = workspace.id("F");
      uploads.set(id, { length: Number(args["length"]), bytes: undefined });
      return { ok: true, file_id: id, upload_url: `${origin}/upload/${id}` };
    },
  }),
  "files.completeUploadExternal": method<webApi.FilesCompleteUploadExternalArguments>({
    knows: ["files", "channel_id", "thread_ts", "initial_comment", "blocks"],
    needs: ["files"],
    scope: "files:write",
    run(args, { workspace, uploads }) {
      const files = parsed(args["files"]) as { id: string; title?: string }[];
      const channel =
        args["channel_id"] === undefined ? undefined : openChannel({ channel: args["channel_id"] }, workspace);
      if (channel && "ok" in channel) return channel;
      for (const { id, title = "" } of files) {
        const upload = uploads.get(id);
        if (!upload?.bytes) return refusal("file_not_found");
        const thread = args["thread_ts"] === undefined ? undefined : String(args["thread_ts"]);
        workspace.files.push({ title, channel: channel?.id ?? "", thread, bytes: upload.bytes });
        if (channel) workspace.post({ channel: channel.id, user: BOT_USER, text: `[file: ${title}]`, thread });
      }
      return { ok: true, files: files.map(({ id, title }) => ({ id, title })) };
    },
  }),
};

/** Refuses what Slack's types do not know, and what they ask for and is missing. */
export function wrongArguments(name: string, args: Args): string | undefined {
  const one = METHODS[name];
  if (!one) return `there is no method ${name}`;
  const missing = one.needs.find((key) => args[key] === undefined);
  if (missing !== undefined) return `${name} without ${missing}`;
  const strange = strangeIn(args, one.knows as readonly string[]);
  return strange === undefined ? undefined : `${name}: ${strange}`;
}

export function refusal(error: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { ok: false, error, ...more };
}

function historyScope({ channel }: Args, { channels }: Workspace): string[] {
  const kind = channels.get(String(channel))?.kind;
  return [kind === "direct" ? "im:history" : kind === "private" ? "groups:history" : "channels:history"];
}

export function neededFor(name: string, args: Args, workspace: Workspace): readonly string[] {
  const scope = METHODS[name]?.scope;
  return typeof scope === "function" ? scope(args, workspace) : scope === undefined ? [] : [scope];
}

/** All that a method of Slack's packages may need, wherever it is used. */
export function scopesOf(name: string): readonly string[] {
  if (name === "files.uploadV2") return scopesOf("files.completeUploadExternal");
  if (/^conversations\.(history|replies)$/.test(name)) return ["channels:history", "groups:history", "im:history"];
  if (name === "conversations.list") return ["channels:read", "groups:read"];
  const scope = METHODS[name]?.scope;
  return typeof scope === "string" ? [scope] : [];
}

function openChannel({ channel }: Args, { channels }: Workspace): Channel | Answer {
  const one = channels.get(String(channel));
  if (!one || (one.kind !== "public" && !one.members.has(BOT_USER))) return refusal("channel_not_found");
  if (one.archived) return refusal("is_archived");
  return one.members.has(BOT_USER) ? one : refusal("not_in_channel");
}

export function wrongContent(args: Args, { complain }: Pick<World, "complain">): Answer | undefined {
  const blocks = args["blocks"] === undefined ? undefined : parsed(args["blocks"]);
  const text = String(args["text"] ?? "");
  if (text === "" && blocks === undefined) return refusal("no_text");
  if (text.length > 40_000) return refusal("msg_too_long");
  const wrong = blocks === undefined ? undefined : wrongMessageBlocks(blocks);
  if (wrong === undefined) return undefined;
  complain(`${wrong.error}: ${wrong.detail}`);
  return refusal(wrong.error, { response_metadata: { messages: [`[ERROR] ${wrong.detail}`] } });
}

function wrongThread(args: Args, channel: Channel, workspace: Workspace): Answer | undefined {
  if (args["thread_ts"] === undefined) return undefined;
  return workspace.find(channel.id, String(args["thread_ts"])) ? undefined : refusal("thread_not_found");
}

export function contentOf(args: Args): Pick<Message, "text" | "blocks" | "metadata" | "thread"> {
  return {
    text: String(args["text"] ?? ""),
    blocks: (args["blocks"] === undefined ? [] : parsed(args["blocks"])) as types.KnownBlock[],
    metadata: args["metadata"] === undefined ? undefined : (parsed(args["metadata"]) as types.MessageMetadata),
    thread: args["thread_ts"] === undefined ? undefined : String(args["thread_ts"]),
  };
}

function pageOf(all: readonly Message[], args: Args, { pageSize }: World): Answer {
  const from = Number(args["cursor"] ?? 0);
  const size = Math.min(Number(args["limit"] ?? 100), pageSize);
  const messages = all
    .slice(from, from + size)
    .map((one) => shownMessage(one, args["include_all_metadata"] === "true"));
  const more = from + size < all.length;
  return { ok: true, messages, has_more: more, response_metadata: { next_cursor: more ? String(from + size) : "" } };
}

export function shownMessage(
  { ts, user, text, thread, blocks, metadata }: Message,
  withMetadata: boolean,
): { readonly type: "message"; readonly ts: string; readonly [key: string]: unknown } {
  return {
    type: "message",
    ts,
    user,
    text,
    blocks,
    ...(user === BOT_USER && { bot_id: BOT_ID }),
    ...(thread !== undefined && { thread_ts: thread }),
    ...(withMetadata && metadata && { metadata }),
  };
}

/** Arguments that are no plain values come as JSON in a form. */
function parsed(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}
