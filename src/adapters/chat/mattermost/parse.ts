/** What the server sends when somebody types a command, presses a button, fills in a form or speaks to the bot. */
import { z } from "zod";
import type { Instant } from "../../../core/time.ts";
import type { Incoming } from "../../../ports/chat.ts";
import { writeRemote } from "./remote.ts";

const id = z.string().regex(/^[a-z0-9]{26}$/);
const name = z.string().max(256);

const command = z.object({
  token: z.string().max(256).default(""),
  team_id: id,
  channel_id: id,
  channel_name: name,
  user_id: id,
  user_name: name,
  command: name,
  text: z.string().max(20_000),
  trigger_id: z.string().min(1).max(2_000),
  root_id: z.union([id, z.literal("")]).default(""),
  response_url: z.string().max(2_000),
});

const action = z.object({
  user_id: id,
  user_name: name.default(""),
  channel_id: id,
  channel_name: name.default(""),
  post_id: id,
  trigger_id: z.string().min(1).max(2_000),
  context: z.object({ seal: z.string().min(1).max(20_000), root: z.union([id, z.enum(["self", ""])]).optional() }),
});

const submission = z.object({
  state: z.string().min(1).max(40_000),
  user_id: id,
  submission: z.record(z.string(), z.unknown()).nullish(),
  cancelled: z.boolean().default(false),
});

export type SlashCommand = z.output<typeof command>;
export type Action = z.output<typeof action>;
export type Submission = z.output<typeof submission>;

/** Undefined for what is no JSON. */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each undefined for what is not what the server sends. */
export function parseCommand(form: URLSearchParams): SlashCommand | undefined {
  return command.safeParse(Object.fromEntries(form)).data;
}

export function parseAction(body: unknown): Action | undefined {
  return action.safeParse(body).data;
}

export function parseSubmission(body: unknown): Submission | undefined {
  return submission.safeParse(body).data;
}

/**
 * Who made a trigger, and when, as it says itself: its name, the account, the moment and a signature that only the server can
 * check. Undefined where it is not of this form.
 */
export function readTrigger(
  trigger: string,
): { readonly name: string; readonly user: string; readonly at: Instant } | undefined {
  const parts = Buffer.from(trigger, "base64").toString("latin1").split(":");
  const [name = "", user = "", at = ""] = parts;
  if (parts.length !== 4 || !id.safeParse(name).success || !/^\d{1,15}$/.test(at)) return undefined;
  return { name, user, at: Number(at) };
}

/** The conversation with an account alone is named after the two. */
function isDirectWith(me: string, channelName: string): boolean {
  return channelName.split("__").includes(me);
}

/** As people see it; a conversation has no name. */
function named(channelName: string): { readonly name?: string } {
  return channelName === "" || channelName.includes("__") ? {} : { name: `#${channelName}` };
}

export function incomingOfCommand(given: SlashCommand, me: string, now: Instant): Incoming {
  const hook = /\/hooks\/commands\/([a-z0-9]{26})$/.exec(given.response_url)?.[1];
  return {
    key: `mattermost command ${readTrigger(given.trigger_id)?.name ?? given.trigger_id}`,
    account: { chat: "mattermost", id: given.user_id, name: given.user_name },
    place: {
      channel: given.channel_id,
      ...named(given.channel_name),
      thread: given.root_id || null,
      direct: isDirectWith(me, given.channel_name),
      remote: writeRemote({
        trigger: given.trigger_id,
        user: { id: given.user_id, name: given.user_name },
        ...(hook && { hook: { id: hook, at: now } }),
      }),
    },
    asking: { kind: "line", line: given.text },
  };
}

export function incomingOfAction(given: Action, me: string): Incoming {
  return {
    key: `mattermost press ${readTrigger(given.trigger_id)?.name ?? given.trigger_id}`,
    account: { chat: "mattermost", id: given.user_id, name: given.user_name },
    place: {
      channel: given.channel_id,
      ...named(given.channel_name),
      thread: given.context.root === "self" ? given.post_id : given.context.root || null,
      direct: isDirectWith(me, given.channel_name),
      remote: writeRemote({ trigger: given.trigger_id, user: { id: given.user_id, name: given.user_name } }),
    },
    asking: { kind: "press", seal: given.context.seal },
  };
}

const post = z.object({
  id,
  create_at: z.number(),
  user_id: z.string(),
  channel_id: id,
  root_id: z.string().default(""),
  message: z.string(),
  type: z.string().default(""),
  delete_at: z.number().default(0),
  props: z.record(z.string(), z.unknown()).nullish(),
});

export type Spoken = z.output<typeof post>;

export function parsePost(given: unknown): Spoken | undefined {
  return post.safeParse(given).data;
}

export type Self = { readonly id: string; readonly username: string };

export type Heard = { readonly direct: boolean; readonly channelName: string; readonly sender: string };

/** What a person said to the bot; undefined for everything else. */
export function incomingOfPost(spoken: Spoken, self: Self, heard: Heard): Incoming | undefined {
  const { direct } = heard;
  if (spoken.user_id === self.id || spoken.type !== "" || spoken.delete_at > 0 || isMachine(spoken)) return undefined;
  const said = withoutCode(spoken.message);
  const line = lineAfterMention(said, self.username) ?? (direct ? firstLine(said) : undefined);
  if (line === undefined) return undefined;
  return {
    key: `mattermost post ${spoken.id}`,
    account: { chat: "mattermost", id: spoken.user_id, name: heard.sender.replace(/^@/, "") },
    place: {
      channel: spoken.channel_id,
      ...named(heard.channelName),
      thread: spoken.root_id || (direct ? null : spoken.id),
      direct,
      remote: writeRemote({}),
    },
    asking: { kind: "line", line },
  };
}

function isMachine({ props }: Spoken): boolean {
  return ["from_bot", "from_webhook", "from_plugin", "from_oauth_app"].some((mark) => {
    const value = props?.[mark];
    return value === "true" || value === true;
  });
}

/** Nothing that is shown as code is asked. */
function withoutCode(message: string): string {
  return message
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm, "\n")
    .replace(/(`+)[^`\n][^\n]*?\1/g, " ")
    .split("\n")
    .filter((line) => !/^( {4}|\t|>)/.test(line))
    .join("\n");
}

function lineAfterMention(said: string, username: string): string | undefined {
  const quoted = username.replace(/[.\\+*?^$()[\]{}|-]/g, "\\$&");
  const mention = new RegExp(`(?<![\\w@.-])@${quoted}(?![\\w-]|\\.\\w)[,:.]?[ \\t]*([^\\n]*)`, "i");
  return mention.exec(said)?.[1]?.trim();
}

function firstLine(said: string): string {
  return (
    said
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "") ?? ""
  );
}
