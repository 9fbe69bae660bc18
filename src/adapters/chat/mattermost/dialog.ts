/** Forms as interactive dialogs, within the lengths that the server allows, which it counts in bytes. */
import type { Form, FormField } from "../../../core/chat/form.ts";
import { plainWords } from "./escape.ts";

const TITLE = 24;
const NAME = 24;
const HELP = 150;
const SHORT = 150;
const LONG = 3_000;

export type Dialog = {
  readonly callback_id: string;
  readonly title: string;
  readonly introduction_text: string;
  readonly elements: readonly DialogElement[];
  readonly submit_label: string;
  readonly notify_on_cancel: boolean;
  readonly state: string;
};

export type DialogElement = {
  readonly display_name: string;
  readonly name: string;
  readonly type: "text" | "textarea" | "select" | "bool";
  readonly default: string;
  readonly placeholder: string;
  readonly help_text: string;
  readonly optional: boolean;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly options?: readonly { readonly text: string; readonly value: string }[];
};

export function dialogOf(form: Form, callbackId: string, state: string): Dialog {
  return {
    callback_id: callbackId,
    title: within(plainWords(form.title), TITLE) || "calops",
    introduction_text: "",
    elements: form.fields.map(elementOf),
    submit_label: "Send",
    notify_on_cancel: false,
    state,
  };
}

function elementOf({ name, label, hint, kind, choices, optional, value }: FormField): DialogElement {
  const common = {
    display_name: within(plainWords(label), NAME) || within(name, NAME),
    name,
    help_text: within(plainWords(hint), HELP),
    placeholder: "",
    optional,
  };
  switch (kind) {
    case "flag":
      // A box that has to be ticked is no question.
      return {
        ...common,
        type: "bool",
        default: value === "yes" ? "true" : "false",
        placeholder: common.display_name,
        optional: true,
      };
    case "choice":
      return {
        ...common,
        type: "select",
        default: choices.includes(value) ? value : "",
        options: choices.map((choice) => ({ text: choice, value: choice })),
      };
    case "text": {
      const most = bytes(value) > SHORT ? LONG : SHORT;
      return {
        ...common,
        type: most === LONG ? "textarea" : "text",
        default: within(value, most),
        min_length: 0,
        max_length: most,
      };
    }
  }
}

export function valuesOf(submission: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(submission).flatMap(([name, value]) => {
      if (typeof value === "string") return [[name, value]];
      if (typeof value === "number") return [[name, String(value)]];
      if (typeof value === "boolean") return [[name, value ? "yes" : "no"]];
      return [];
    }),
  );
}

/** Whole characters. */
function within(text: string, most: number): string {
  if (bytes(text) <= most) return text;
  let short = "";
  for (const character of text) {
    if (bytes(short) + bytes(character) > most - 3) break;
    short += character;
  }
  return `${short}…`;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
