/** What people do in Slack -> what the bot is asked. Each is one request under a key that is the same however often Slack brings it. */
import type { BlockAction, MessageShortcut, SlashCommand, ViewOutput } from "@slack/bolt";
import type { Place } from "../../../core/chat/request.ts";
import type { Instant } from "../../../core/time.ts";
import type { Incoming } from "../../../ports/chat.ts";
import { carriedOf, FORM, LINE_FORM, lineIn, valuesOf } from "./form.ts";
import { asTyped, lineFromMention, lineFromText } from "./line.ts";
import { placeOf, remoteOf } from "./place.ts";
import { BUTTON } from "./render.ts";

export function commandIncoming(command: SlashCommand, at: Instant): Incoming {
  const { trigger_id, user_id, user_name, channel_id, response_url, text } = command;
  return {
    key: keyOf(trigger_id),
    account: account(user_id, user_name),
    // In direct messages of others the bot is told nothing else, and reads nothing: it is a channel like any.
    place: placeOf({ channel: channel_id }, { responseUrl: response_url, trigger: trigger_id, at }),
    asking: { kind: "line", line: asTyped(text) },
  };
}

/** The events of which requests are made, as far as they are the same. */
export type Said = {
  readonly type: string;
  readonly subtype?: string | undefined;
  readonly channel_type?: string | undefined;
  readonly bot_id?: string | undefined;
  readonly edited?: unknown;
  readonly user?: string | undefined;
  readonly text?: string | undefined;
  readonly channel: string;
  readonly thread_ts?: string | undefined;
  /** On home pages. */
  readonly tab?: string | undefined;
};

/** What somebody said to calops; undefined where nobody asked for anything. */
export function saidIncoming(said: Said, event: string, bot: string | undefined, at: Instant): Incoming | undefined {
  const { user, text = "", channel, thread_ts } = said;
  if (user === undefined || user === bot || said.bot_id !== undefined || said.edited !== undefined) return undefined;
  const direct = said.type === "message";
  if (direct && (said.channel_type !== "im" || (said.subtype !== undefined && said.subtype !== "file_share")))
    return undefined;
  const line = direct ? lineFromText(text.replaceAll(`<@${bot}>`, " ")) : lineFromMention(text, bot);
  return {
    key: keyOf(event),
    account: account(user, user),
    place: placeOf({ channel, thread: thread_ts, direct: direct || channel.startsWith("D") }, { at }),
    asking: { kind: "line", line },
  };
}

export function homeIncoming(said: Said, event: string, at: Instant): Incoming | undefined {
  const { user, tab } = said;
  if (tab !== "home" || user === undefined) return undefined;
  return {
    key: keyOf(event),
    account: account(user, user),
    place: placeOf({ channel: null, direct: true }, { at, home: user }),
    asking: { kind: "home" },
  };
}

/** Undefined where it is no button of calops. */
export function pressIncoming(body: BlockAction, at: Instant): Incoming | undefined {
  const [action] = body.actions;
  if (action?.type !== "button" || !action.action_id.startsWith(BUTTON) || !action.value) return undefined;
  const { container, response_url, trigger_id } = body;
  const channel = body.channel?.id ?? null;
  const isPrivate = container["is_ephemeral"] === true;
  // What everybody is to see hangs from the message that was pressed.
  const message: unknown = isPrivate ? undefined : container["message_ts"];
  const thread: unknown = body.message?.["thread_ts"] ?? container["thread_ts"] ?? message;
  return {
    key: keyOf(`${trigger_id}.${action.action_ts}`),
    account: account(body.user.id, body.user.username ?? body.user.name),
    place: placeOf(
      {
        channel,
        thread: typeof thread === "string" ? thread : undefined,
        // What only one can see may stand in a conversation of which the bot is no part.
        direct: channel?.startsWith("D") === true && !isPrivate,
      },
      { ...(response_url && { responseUrl: response_url }), trigger: trigger_id, at },
    ),
    asking: { kind: "press", seal: action.value },
  };
}

/** In the thread of the message that the shortcut was taken from. */
export function shortcutPlace(shortcut: MessageShortcut, at: Instant): Place {
  const { channel, message, message_ts, response_url } = shortcut;
  const thread: unknown = message["thread_ts"];
  return placeOf(
    { channel: channel.id, thread: typeof thread === "string" ? thread : message_ts },
    { responseUrl: response_url, at },
  );
}

/** Undefined where it is no form of calops. */
export function formIncoming(
  user: { readonly id: string; readonly name: string },
  view: Pick<ViewOutput, "id" | "callback_id" | "private_metadata" | "state">,
  trigger: string,
): Incoming | undefined {
  const opened = carriedOf(view.private_metadata);
  if (!opened || (view.callback_id !== FORM && view.callback_id !== LINE_FORM)) return undefined;
  const { place, seal } = opened;
  return {
    key: keyOf(view.id),
    account: account(user.id, user.name),
    place: { ...place, remote: JSON.stringify({ ...remoteOf(place), trigger }) },
    asking:
      view.callback_id === FORM
        ? { kind: "form", seal, values: valuesOf(view.state) }
        : { kind: "line", line: asTyped(lineIn(view.state)) },
  };
}

function account(id: string, name: string): Incoming["account"] {
  return { chat: "slack", id, name };
}

function keyOf(id: string): string {
  return `slack-${id}`;
}
