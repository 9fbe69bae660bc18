/** What the server sends to a bot: commands, presses and forms, each as the real one does, with what it makes of the answer. */
import { createHmac } from "node:crypto";
import { strangeIn, wrongAttachments } from "./checks.ts";
import { type Reply, refuse } from "./reply.ts";
import type { Channel, Post, User, World } from "./world.ts";

type Given = { readonly user: User; readonly channel: Channel; readonly root: string; readonly team: string };
type Hook = { readonly id: string; readonly given: Given; readonly at: number; uses: number };
export type OpenDialog = {
  readonly user: string;
  readonly url: string;
  readonly dialog: Readonly<Record<string, unknown>>;
  readonly given: { channel: string; team: string };
};

/** What was sent to the bot, and what it answered. */
export type Sent = { readonly what: "command" | "press" | "form"; readonly status: number; readonly ms: number };

const LONGEST_ANSWER = 1024 * 1024;
const HOOK_MS = 30 * 60_000;
const HOOK_USES = 5;
const TRIGGER_MS = 30_000;

export class Integrations {
  readonly #world: World;
  readonly #hooks = new Map<string, Hook>();
  readonly #triggers = new Map<string, { user: string; at: number; channel: string; team: string }>();
  readonly dialogs: OpenDialog[] = [];
  readonly sent: Sent[] = [];
  tell: (user: string, event: string, data: unknown) => void = () => {};

  constructor(world: World) {
    this.#world = world;
  }

  /** @returns what the one who typed sees as an error; undefined where all is well */
  async command(line: string, given: Given): Promise<string | undefined> {
    const world = this.#world;
    const [, trigger = "", text = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
    const command = world.commands.find((one) => one.team_id === given.team && one.trigger === trigger);
    if (!command) return `Command with a trigger of '/${trigger}' not found.`;
    if (world.settings.siteUrl === "") return "SiteURL must be set to use slash commands.";
    const hook: Hook = { id: world.id(), given, at: world.clock.now(), uses: 0 };
    this.#hooks.set(hook.id, hook);
    const form = new URLSearchParams({
      token: command.token,
      team_id: given.team,
      team_domain: world.teams.find(({ id }) => id === given.team)?.name ?? "",
      channel_id: given.channel.id,
      channel_name: given.channel.name,
      user_id: given.user.id,
      user_name: given.user.username,
      command: `/${trigger}`,
      text,
      trigger_id: this.trigger(given),
      root_id: given.root,
      response_url: `${world.settings.siteUrl}/hooks/commands/${hook.id}`,
    });
    const headers = {
      accept: "application/json",
      authorization: `Token ${command.token}`,
      "content-type": "application/x-www-form-urlencoded",
    };
    const answer = await this.callOut("command", command.url, { headers, body: form.toString() });
    if (typeof answer === "string") return `Command with a trigger of '${trigger}' failed: ${answer}`;
    if (answer.status !== 200) return `Command with a trigger of '${trigger}' returned response ${answer.status}.`;
    const parsed = json(answer.text);
    if (parsed === undefined) return `Command with a trigger of '${trigger}' failed: no JSON`;
    return this.#respond(parsed, given);
  }

  /** Something is said by a command's address for answers. */
  hook(id: string, body: Readonly<Record<string, unknown>>): Reply {
    const hook = this.#hooks.get(id);
    if (!hook || this.#world.clock.now() - hook.at > HOOK_MS)
      return refuse(404, "web.command_webhook.general.app_error");
    if (hook.uses >= HOOK_USES) return refuse(400, "web.command_webhook.general.app_error");
    hook.uses += 1;
    const problem = this.#respond(body, hook.given);
    return problem === undefined
      ? { status: 200, body: "ok" }
      : refuse(400, "web.command_webhook.parse.app_error", problem);
  }

  #respond(given: Readonly<Record<string, unknown>>, { user, channel, root }: Given): string | undefined {
    const world = this.#world;
    const strange = strangeIn(given, [
      "response_type",
      "text",
      "username",
      "icon_url",
      "attachments",
      "skip_slack_parsing",
      "props",
      "goto_location",
      "extra_responses",
      "channel_id",
      "type",
    ]);
    const wrong = strange ?? wrongAttachments(given["attachments"])?.message;
    if (wrong) {
      world.complaints.push(`an answer to a command: ${wrong}`);
      return wrong;
    }
    const text = String(given["text"] ?? "");
    if (text === "" && given["attachments"] === undefined) return undefined;
    if (given["skip_slack_parsing"] !== true) world.complaints.push("an answer to a command is read as Slack's markup");
    if (given["response_type"] === "in_channel")
      world.complaints.push("an answer to a command is posted as the person who gave it");
    world.add({
      user_id: user.id,
      channel_id: channel.id,
      root_id: root,
      message: text,
      props: given["attachments"] === undefined ? {} : { attachments: given["attachments"] },
      only: user.id,
    });
    return undefined;
  }

  /** @returns what the one who pressed sees as an error */
  async press(post: Post, label: string, user: User): Promise<string | undefined> {
    const world = this.#world;
    const found = actionOf(post, label);
    if (!found) throw new Error(`there is no button ${label} on ${post.message}`);
    const channel = world.channels.find(({ id }) => id === post.channel_id) as Channel;
    const body = {
      user_id: user.id,
      user_name: user.username,
      channel_id: channel.id,
      channel_name: channel.name,
      team_id: channel.team_id,
      team_domain: world.teams.find(({ id }) => id === channel.team_id)?.name ?? "",
      post_id: post.id,
      trigger_id: this.trigger({ user, channel, team: channel.team_id }),
      type: "button",
      data_source: "",
      context: found.context,
    };
    const answer = await this.callOut("press", found.url, asJson(body));
    if (typeof answer === "string" || answer.status !== 200) return "Action integration error.";
    if (answer.text === "") return undefined;
    const parsed = json(answer.text);
    if (parsed === undefined) return "Action integration error.";
    const strange = strangeIn(parsed, ["update", "ephemeral_text", "skip_slack_parsing", "error"]);
    if (strange) world.complaints.push(`an answer to a press: ${strange}`);
    if (parsed["ephemeral_text"])
      world.add({
        user_id: user.id,
        channel_id: channel.id,
        root_id: post.root_id || post.id,
        message: String(parsed["ephemeral_text"]),
        only: user.id,
      });
    return undefined;
  }

  /** @returns the error that the form shows, or those of its fields */
  async submit(open: OpenDialog, submission: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const { url, dialog, user, given } = open;
    const body = {
      type: "dialog_submission",
      callback_id: dialog["callback_id"],
      state: dialog["state"],
      user_id: user,
      channel_id: given.channel,
      team_id: given.team,
      submission,
      cancelled: false,
    };
    const answer = await this.callOut("form", url, asJson(body));
    if (typeof answer === "string" || answer.status !== 200) return { error: "Action integration error." };
    const parsed = json(answer.text) ?? {};
    const strange = strangeIn(parsed, ["error", "errors", "type", "form"]);
    if (strange) this.#world.complaints.push(`an answer to a form: ${strange}`);
    return parsed;
  }

  trigger({ user, channel, team }: Pick<Given, "user" | "channel" | "team">): string {
    const name = this.#world.id();
    const at = this.#world.clock.now();
    const data = `${name}:${user.id}:${at}:`;
    const signature = createHmac("sha256", "the key of the server").update(data).digest("base64");
    const trigger = Buffer.from(data + signature).toString("base64");
    this.#triggers.set(trigger, { user: user.id, at, channel: channel.id, team });
    return trigger;
  }

  openDialog(trigger: string, url: string, dialog: Readonly<Record<string, unknown>>): string | undefined {
    const made = this.#triggers.get(trigger);
    if (!made) return "interactive_message.decode_trigger_id.verify_signature_failed";
    if (this.#world.clock.now() - made.at > TRIGGER_MS) return "interactive_message.decode_trigger_id.expired";
    this.dialogs.push({ user: made.user, url, dialog, given: { channel: made.channel, team: made.team } });
    this.tell(made.user, "open_dialog", { dialog: JSON.stringify({ trigger_id: trigger, url, dialog }) });
    return undefined;
  }

  /** @returns the answer, or why there is none */
  async callOut(
    what: Sent["what"],
    url: string,
    of: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  ): Promise<{ readonly status: number; readonly text: string } | string> {
    const { hostname } = new URL(url);
    const inside = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^localhost$|^\[?::1/.test(hostname);
    if (inside && !this.#world.settings.allowedInternal.includes(hostname)) return "address forbidden";
    const began = performance.now();
    try {
      const response = await fetch(url, { method: "POST", ...of, redirect: "manual" });
      const text = await response.text();
      this.sent.push({ what, status: response.status, ms: performance.now() - began });
      return text.length > LONGEST_ANSWER ? "the answer is too long" : { status: response.status, text };
    } catch (error) {
      return String((error as Error).cause ?? error);
    }
  }
}

type Action = { readonly url: string; readonly context: unknown };

function actionOf(post: Post, label: string): Action | undefined {
  const {
    attachments = [],
    mm_blocks = [],
    mm_blocks_actions = {},
  } = post.props as {
    attachments?: { actions?: { name: string; integration: Action }[] }[];
    mm_blocks?: { content?: { text: string; action_id: string }[] }[];
    mm_blocks_actions?: Record<string, Action>;
  };
  const attached = attachments.flatMap(({ actions = [] }) => actions).find(({ name }) => name === label);
  if (attached) return attached.integration;
  const block = mm_blocks.flatMap(({ content = [] }) => content).find(({ text }) => text === label);
  return block && mm_blocks_actions[block.action_id];
}

export function labelsOf(post: Post): string[] {
  const { attachments = [], mm_blocks = [] } = post.props as {
    attachments?: { actions?: { name: string }[] }[];
    mm_blocks?: { content?: { text: string }[] }[];
  };
  return [
    ...attachments.flatMap(({ actions = [] }) => actions.map(({ name }) => name)),
    ...mm_blocks.flatMap(({ content = [] }) => content.map(({ text }) => text)),
  ];
}

function asJson(body: unknown) {
  return { headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify(body) };
}

function json(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
