/** Forms as Slack's modals, and what was filled in. */
import type { types } from "@slack/bolt";
import { z } from "zod";
import type { Form, FormField } from "../../../core/chat/form.ts";
import type { Place } from "../../../core/chat/request.ts";
import { printable } from "./elements.ts";
import { cutTo } from "./graphemes.ts";
import { type Remote, remoteOf } from "./place.ts";

/** Of a command whose arguments were missing. */
export const FORM = "calops-form";
/** A line to type, for whoever cannot type it where they are. */
export const LINE_FORM = "calops-line";

const MOST_IN_TITLE = 24;
const MOST_IN_LABEL = 2_000;
const MOST_IN_INPUT = 3_000;
const MOST_IN_OPTION = 75;
const MOST_OPTIONS = 100;
const MOST_CARRIED = 3_000;
const VALUE = "value";
const LINE = "line";

/** What a modal carries from its opening to its submission: Slack shows it to nobody, and brings it back as it was. */
export type Carried = { readonly seal: string; readonly place: Place };

const carried = z.object({
  seal: z.string(),
  place: z.object({
    channel: z.string().nullable(),
    thread: z.string().nullable(),
    direct: z.boolean(),
    remote: z.string(),
  }),
});

/** Undefined where the seal is longer than Slack carries. */
export function modalOf(form: Form, { seal, place }: Carried): types.ModalView | undefined {
  const metadata = carriedText({ seal, place });
  if (metadata === undefined) return undefined;
  return {
    type: "modal",
    callback_id: FORM,
    private_metadata: metadata,
    title: plain(form.title === "" ? "calops" : form.title, MOST_IN_TITLE),
    submit: plain("Go on", MOST_IN_TITLE),
    close: plain("Cancel", MOST_IN_TITLE),
    blocks: form.fields.map(inputOf),
  };
}

export function lineModal(place: Place, command: string): types.ModalView {
  return {
    type: "modal",
    callback_id: LINE_FORM,
    private_metadata: carriedText({ seal: "", place }) ?? "",
    title: plain("calops", MOST_IN_TITLE),
    submit: plain("Go on", MOST_IN_TITLE),
    close: plain("Cancel", MOST_IN_TITLE),
    blocks: [
      {
        type: "input",
        block_id: LINE,
        label: plain("Command", MOST_IN_LABEL),
        hint: plain(`What you would type after ${command}; help lists the commands.`, MOST_IN_LABEL),
        element: { type: "plain_text_input", action_id: VALUE, max_length: MOST_IN_INPUT },
      },
    ],
  };
}

/** Undefined where it is no form of calops. */
export function carriedOf(metadata: string): Carried | undefined {
  try {
    return carried.parse(JSON.parse(metadata));
  } catch {
    // Whatever it is, nobody who filled in a form of calops sent it.
    return undefined;
  }
}

/** The first field, where Slack shows what is wrong with a form. */
export function firstField(state: Filled): string {
  return Object.keys(state.values)[0] ?? LINE;
}

export type Filled = {
  readonly values: Readonly<Record<string, Readonly<Record<string, FilledField>>>>;
};

type FilledField = {
  readonly value?: string | null | undefined;
  readonly selected_option?: { readonly value?: string } | null | undefined;
  readonly selected_options?: readonly { readonly value?: string }[] | undefined;
};

export function valuesOf(state: Filled): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state.values).map(([name, fields]) => {
      const field = fields[VALUE];
      const chosen = field?.selected_option?.value ?? field?.selected_options?.[0]?.value;
      return [name, field?.value ?? chosen ?? ""];
    }),
  );
}

export function lineIn(state: Filled): string {
  return valuesOf(state)[LINE] ?? "";
}

function carriedText({ seal, place }: Carried): string | undefined {
  const whole = JSON.stringify({ seal, place });
  if (whole.length <= MOST_CARRIED) return whole;
  // Without the address for answers it is answered in another way.
  const { at, home }: Remote = remoteOf(place);
  const less = JSON.stringify({ seal, place: { ...place, remote: JSON.stringify({ at, home }) } });
  return less.length <= MOST_CARRIED ? less : undefined;
}

function inputOf({ name, label, hint, optional, ...field }: FormField): types.InputBlock {
  return {
    type: "input",
    block_id: name,
    label: plain(label === "" ? name : label, MOST_IN_LABEL),
    ...(hint !== "" && { hint: plain(hint, MOST_IN_LABEL) }),
    // What is not ticked is not filled in, as Slack sees it.
    optional: optional || field.kind === "flag",
    element: elementOf(field),
  };
}

function elementOf({ kind, choices, value }: Pick<FormField, "kind" | "choices" | "value">): types.InputBlockElement {
  if (kind === "flag") {
    const yes = { text: plain("yes", MOST_IN_OPTION), value: "yes" };
    return { type: "checkboxes", action_id: VALUE, options: [yes], ...(value === "yes" && { initial_options: [yes] }) };
  }
  const fits =
    choices.length > 0 &&
    choices.length <= MOST_OPTIONS &&
    choices.every((choice) => choice !== "" && choice.length <= MOST_IN_OPTION);
  if (kind === "choice" && fits) {
    const options = choices.map((choice) => ({ text: plain(choice, MOST_IN_OPTION), value: choice }));
    const initial = options.find((option) => option.value === value);
    return { type: "static_select", action_id: VALUE, options, ...(initial && { initial_option: initial }) };
  }
  const initial = cutTo(value, MOST_IN_INPUT);
  return {
    type: "plain_text_input",
    action_id: VALUE,
    max_length: MOST_IN_INPUT,
    ...(initial !== "" && { initial_value: initial }),
  };
}

function plain(text: string, most: number): types.PlainTextElement {
  return { type: "plain_text", text: cutTo(printable(text), most), emoji: false };
}
