/** A message as the server takes it: all that is said in its text, and what can be pressed beside it. */
import type { Block, Button } from "../../../core/say.ts";
import { cut } from "../../../core/text/clean.ts";
import { plainWords } from "./escape.ts";
import { buttonsOf, renderBlocks } from "./render.ts";

export type Press = {
  /** Where the server sends a press to. */
  readonly url: string;
  readonly seal: (button: Button) => string;
  /** What the thread hangs from in which a press is answered: a post, the pressed one itself, or nothing. */
  readonly root: string | "self";
};

export type PostParts = {
  readonly most: number;
  readonly wholeUrl: string | null;
  /** The slash command. */
  readonly command: string;
  /** Null where presses cannot reach the bot, and buttons are lines to type. */
  readonly press: Press | null;
  /** The server knows Mattermost Blocks. */
  readonly blocks: boolean;
};

/** By what a post is found again when nobody knows whether it was made. */
export const KEY = "calops_key";

const LABEL = 60;
/** A server takes 50, and nobody reads more than these; the others are lines to type. */
const PRESSABLE = 20;

export type Body = { readonly message: string; readonly props: Readonly<Record<string, unknown>> };

export function postOf(blocks: readonly Block[], key: string, parts: PostParts): Body {
  const { message, actions } = actionsOf(blocks, parts);
  if (actions.length === 0) return { message, props: { [KEY]: key } };
  return {
    message,
    props: { [KEY]: key, ...(parts.blocks ? asBlocks(actions) : { attachments: asAttachments(actions) }) },
  };
}

/** For what is told to one person alone; these are attachments on every server. */
export function responseOf(
  blocks: readonly Block[],
  parts: PostParts,
): { readonly text: string; readonly attachments?: readonly unknown[] } {
  const { message, actions } = actionsOf(blocks, parts);
  return { text: message, ...(actions.length > 0 && { attachments: asAttachments(actions) }) };
}

export type Action = {
  readonly id: string;
  readonly name: string;
  readonly style: "default" | "primary" | "danger";
  readonly url: string;
  readonly context: Readonly<Record<string, string>>;
};

function actionsOf(blocks: readonly Block[], { most, wholeUrl, command, press }: PostParts) {
  const pressable = press === null ? [] : buttonsOf(blocks).slice(0, PRESSABLE);
  const typed = withoutButtons(blocks, new Set(pressable));
  const { pieces } = renderBlocks(typed, { most, wholeUrl, typed: command });
  const actions = pressable.map((button, index): Action => {
    const { url, seal, root } = press as Press;
    return {
      id: `press${index + 1}`,
      name: cut(plainWords(button.label), LABEL) || "Do it",
      style: button.look ?? "default",
      url,
      context: { seal: seal(button), root },
    };
  });
  return { message: pieces.join("\n\n"), actions };
}

function withoutButtons(blocks: readonly Block[], gone: ReadonlySet<Button>): Block[] {
  return blocks.map((block) =>
    block.kind === "buttons" ? { ...block, buttons: block.buttons.filter((button) => !gone.has(button)) } : block,
  );
}

function asAttachments(actions: readonly Action[]): readonly unknown[] {
  const buttons = actions.map(({ id, name, style, url, context }) => ({
    id,
    name,
    style,
    type: "button",
    integration: { url, context },
  }));
  return [{ fallback: "", actions: buttons }];
}

function asBlocks(actions: readonly Action[]): Readonly<Record<string, unknown>> {
  const buttons = actions.map(({ id, name, style }) => ({ type: "button", text: name, style, action_id: id }));
  const registry = actions.map(({ id, url, context }) => [id, { type: "external", url, context }]);
  return {
    mm_blocks: [{ type: "container", flow: "horizontal", gap: "small", content: buttons }],
    mm_blocks_actions: Object.fromEntries(registry),
  };
}
