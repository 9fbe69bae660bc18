/** What people do in Slack, and what it brings to the app. */
import type { BlockAction, GlobalShortcut, MessageShortcut, SlashCommand, types, ViewSubmitAction } from "@slack/bolt";
import type { Brought, Line } from "./line.ts";
import { shownMessage } from "./methods.ts";
import { buttonsOf, textOfBlocks } from "./shown.ts";
import { BOT_ID, BOT_USER, type Message, TEAM, type Workspace } from "./workspace.ts";

export type Where = { readonly channel: string; readonly user: string; readonly thread?: string | null };

const APP = "A0CALOPS";
const TOKEN = "legacy-verification-token";
const LAB = { id: TEAM, domain: "lab" };

export class Persons {
  readonly #workspace: Workspace;
  readonly #line: Line;
  readonly #origin: string;

  constructor(workspace: Workspace, line: Line, origin: string) {
    this.#workspace = workspace;
    this.#line = line;
    this.#origin = origin;
  }

  /** A slash command, which cannot be given in a thread. */
  async types(line: string, { channel, user }: Where): Promise<Brought> {
    const { id, name, kind, members } = this.#workspace.channel(channel);
    const who = this.#workspace.user(user);
    members.add(who);
    const [command = "", ...words] = line.split(" ");
    const payload: SlashCommand = {
      token: TOKEN,
      team_id: TEAM,
      team_domain: LAB.domain,
      channel_id: id,
      channel_name: kind === "private" ? "privategroup" : name,
      user_id: who,
      user_name: this.#name(who),
      command,
      text: words.join(" "),
      api_app_id: APP,
      is_enterprise_install: "false",
      response_url: this.#responseUrl(who, id),
      trigger_id: this.#trigger(who),
    };
    const brought = await this.#line.bring("slash_commands", payload);
    const ack = brought.ack;
    const said = typeof ack === "string" ? { text: ack } : ack;
    if (said && (said["text"] || said["blocks"]))
      this.#workspace.post({
        channel: id,
        user: BOT_USER,
        text: String(said["text"] ?? ""),
        blocks: (said["blocks"] ?? []) as types.KnownBlock[],
        onlyFor: said["response_type"] === "in_channel" ? undefined : who,
      });
    return brought;
  }

  /** Says something to calops in a channel, also in a thread. */
  async mentions(line: string, { channel, user, thread }: Where, more: Partial<Event> = {}): Promise<Brought> {
    return await this.writes(`<@${BOT_USER}> ${line}`, { channel, user, ...(thread && { thread }) }, more);
  }

  /** Any message that mentions calops, or is for it alone. */
  async writes(text: string, { channel, user, thread }: Where, more: Partial<Event> = {}): Promise<Brought> {
    const { id, kind, members } = this.#workspace.channel(channel);
    const who = this.#workspace.user(user);
    members.add(who);
    const root = thread ? thread.split(":").at(-1) : undefined;
    const { ts } = this.#workspace.post({ channel: id, user: who, text, thread: root });
    const event = {
      type: kind === "direct" ? "message" : "app_mention",
      ...(kind === "direct" && { channel_type: "im" }),
      user: who,
      text,
      ts,
      channel: id,
      event_ts: ts,
      ...(root && { thread_ts: root }),
      ...more,
    };
    return await this.#event(event);
  }

  async opensHome(user: string): Promise<Brought> {
    const who = this.#workspace.user(user);
    const { id } = this.#workspace.direct(who);
    return await this.#event({ type: "app_home_opened", user: who, channel: id, tab: "home", event_ts: "1.1" });
  }

  /** What stands on somebody's page of the app. */
  home(user: string): { text: string; buttons: string[] } | undefined {
    const view = this.#workspace.homes.get(this.#workspace.user(user));
    const blocks = (view?.blocks ?? []) as types.KnownBlock[];
    return view && { text: textOfBlocks(blocks), buttons: buttonsOf(blocks).map((one) => one.text.text) };
  }

  /** A button of a message that this person sees, or of their page of the app: then `message` is `home`. */
  async presses(message: string, label: string, user: string): Promise<Brought> {
    const who = this.#workspace.user(user);
    const onHome = message === "home";
    const shown = onHome ? undefined : this.#seen(message, who);
    const blocks = (onHome ? this.#workspace.homes.get(who)?.blocks : shown?.blocks) ?? [];
    const button = buttonsOf(blocks as types.KnownBlock[]).find((one) => one.text.text === label);
    if (!button) throw new Error(`there is no button ${label} on ${message}`);
    const channel = shown && this.#workspace.channel(shown.channel);
    const payload: Omit<BlockAction, "response_url"> & { response_url?: string } = {
      type: "block_actions",
      user: { id: who, username: this.#name(who), name: this.#name(who), team_id: TEAM },
      api_app_id: APP,
      token: TOKEN,
      team: LAB,
      trigger_id: this.#trigger(who),
      container: shown
        ? {
            type: "message",
            message_ts: shown.ts,
            channel_id: shown.channel,
            is_ephemeral: shown.onlyFor !== undefined,
            ...(shown.thread && { thread_ts: shown.thread }),
          }
        : { type: "view", view_id: "V0HOME" },
      ...(shown && channel && { channel: { id: channel.id, name: channel.name } }),
      ...(shown && { response_url: this.#responseUrl(who, shown.channel) }),
      ...(shown && shown.onlyFor === undefined && { message: shownMessage(shown, false) }),
      actions: [
        {
          type: "button",
          action_id: button.action_id ?? "",
          block_id: "b1",
          text: button.text,
          value: button.value ?? "",
          ...(button.style && { style: button.style }),
          action_ts: this.#workspace.ts(),
        },
      ],
    };
    return await this.#line.bring("interactive", payload);
  }

  /** The form that stands before somebody, sent off. Fields are named by their label or their name. */
  async fills(user: string, values: Readonly<Record<string, string>>): Promise<Brought> {
    const who = this.#workspace.user(user);
    const modal = this.#workspace.modals.findLast((one) => one.user === who);
    if (!modal) throw new Error(`no form stands before ${user}`);
    const inputs = modal.view.blocks.filter((one) => one.type === "input") as types.InputBlock[];
    const unknown = Object.keys(values).find((name) => !inputs.some((input) => isNamed(input, name)));
    if (unknown) throw new Error(`the form has no field ${unknown}; it has ${inputs.map((one) => one.label.text)}`);
    const state = Object.fromEntries(
      inputs.map((input) => {
        const value = Object.entries(values).find(([name]) => isNamed(input, name))?.[1];
        return [input.block_id ?? "", { [actionOf(input)]: filled(input, value) }];
      }),
    );
    const { title, submit, close, blocks, callback_id = "", private_metadata = "" } = modal.view;
    const payload: ViewSubmitAction = {
      type: "view_submission",
      team: LAB,
      user: { id: who, name: this.#name(who), team_id: TEAM },
      api_app_id: APP,
      token: TOKEN,
      trigger_id: this.#trigger(who),
      view: {
        id: modal.id,
        team_id: TEAM,
        type: "modal",
        blocks: blocks as types.KnownBlock[],
        private_metadata,
        callback_id,
        state: { values: state },
        hash: "1",
        title: { type: "plain_text", text: title.text },
        close: close ? { type: "plain_text", text: close.text } : null,
        submit: submit ? { type: "plain_text", text: submit.text } : null,
        root_view_id: modal.id,
        previous_view_id: null,
        clear_on_close: false,
        notify_on_close: false,
        app_id: APP,
        bot_id: BOT_ID,
      },
    };
    const brought = await this.#line.bring("interactive", payload);
    const ack = brought.ack;
    // A form with mistakes stays.
    if (brought.tookMs !== undefined && !(typeof ack === "object" && ack["response_action"] === "errors"))
      this.#workspace.modals.splice(this.#workspace.modals.indexOf(modal), 1);
    return brought;
  }

  /** The form that stands before somebody, if one does. */
  form(user: string): { title: string; fields: string[] } | undefined {
    const modal = this.#workspace.modals.findLast((one) => one.user === this.#workspace.user(user));
    if (!modal) return undefined;
    const inputs = modal.view.blocks.filter((one) => one.type === "input") as types.InputBlock[];
    return { title: modal.view.title.text, fields: inputs.map((one) => one.label.text) };
  }

  /** @param message that it is taken from; without one it is a global shortcut */
  async takesShortcut(callback: string, user: string, message?: string): Promise<Brought> {
    const who = this.#workspace.user(user);
    const common = { callback_id: callback, trigger_id: this.#trigger(who), team: LAB, token: TOKEN, action_ts: "1.1" };
    if (message === undefined) {
      const payload: GlobalShortcut = {
        type: "shortcut",
        ...common,
        user: { id: who, username: this.#name(who), team_id: TEAM },
      };
      return await this.#line.bring("interactive", payload);
    }
    const seen = this.#seen(message, who);
    const payload: MessageShortcut = {
      type: "message_action",
      ...common,
      user: { id: who, name: this.#name(who) },
      channel: { id: seen.channel, name: this.#workspace.channel(seen.channel).name },
      message_ts: seen.ts,
      message: shownMessage(seen, false),
      response_url: this.#responseUrl(who, seen.channel),
    };
    return await this.#line.bring("interactive", payload);
  }

  async #event(event: Event): Promise<Brought> {
    return await this.#line.bring("events_api", {
      token: TOKEN,
      team_id: TEAM,
      api_app_id: APP,
      event,
      type: "event_callback",
      event_id: this.#workspace.id("Ev"),
      event_time: Math.floor(this.#workspace.clock.now() / 1_000),
      authorizations: [
        { enterprise_id: null, team_id: TEAM, user_id: BOT_USER, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
      event_context: "4-context",
    });
  }

  #seen(message: string, who: string): Message {
    const [channel = "", ts = ""] = message.split(":");
    const found = this.#workspace.find(channel, ts);
    if (!found || (found.onlyFor !== undefined && found.onlyFor !== who))
      throw new Error(`${who} sees no message ${message}`);
    return found;
  }

  #name(who: string): string {
    return this.#workspace.users.get(who) ?? who;
  }

  #trigger(user: string): string {
    const id = `${this.#workspace.id("")}.${TEAM}`;
    this.#workspace.triggers.set(id, { user, at: this.#workspace.clock.now(), used: false });
    return id;
  }

  #responseUrl(user: string, channel: string): string {
    const id = this.#workspace.id("R");
    this.#workspace.responseUrls.set(id, { user, channel, at: this.#workspace.clock.now(), uses: 0 });
    return `${this.#origin}/response/${id}`;
  }
}

type Event = { readonly type: string; readonly [key: string]: unknown };

function isNamed({ label, block_id }: types.InputBlock, name: string): boolean {
  return label.text === name || block_id === name;
}

function actionOf({ element }: types.InputBlock): string {
  return "action_id" in element ? (element.action_id ?? "") : "";
}

type Field = ViewSubmitAction["view"]["state"]["values"][string][string];

function filled({ element }: types.InputBlock, value: string | undefined): Field {
  if (element.type === "plain_text_input")
    return { type: "plain_text_input", value: value ?? element.initial_value ?? null };
  if (element.type === "static_select") {
    const options = element.options ?? [];
    const chosen = value === undefined ? element.initial_option : options.find((one) => one.value === value);
    if (value !== undefined && !chosen) throw new Error(`${value} is none of ${options.map((one) => one.value)}`);
    return { type: "static_select", selected_option: chosen ? optionOf(chosen) : null };
  }
  if (element.type !== "checkboxes") throw new Error(`nobody fills in ${element.type}`);
  const chosen = value === undefined ? element.initial_options : element.options.filter((one) => one.value === value);
  return { type: "checkboxes", selected_options: (chosen ?? []).map(optionOf) };
}

function optionOf({ text, value }: types.Option): NonNullable<Field["selected_option"]> {
  return { text: { type: "plain_text", text: text.text }, value: value ?? "" };
}
