/**
 * What calops says, before it is known where: commands and alerts make blocks, and each chat renders them within its own
 * limits. Everything in a block is plain text from somewhere; nothing in it is markup, whoever wrote it. A moment is carried
 * as a moment and shown in the zone of whoever reads it.
 */
import type { Instant } from "./time.ts";

export type Link = { readonly url: string; readonly label: string };
export type Moment = { readonly at: Instant };
export type Part = string | Link | Moment;

export type Block =
  | { readonly kind: "text"; readonly parts: readonly Part[] }
  | { readonly kind: "table"; readonly columns: readonly Column[]; readonly rows: readonly (readonly Part[])[] }
  | { readonly kind: "fields"; readonly fields: readonly (readonly [name: string, value: readonly Part[]])[] }
  | { readonly kind: "list"; readonly items: readonly (readonly Part[])[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "picture"; readonly png: string; readonly title: string }
  | { readonly kind: "buttons"; readonly buttons: readonly Button[] };

/** What stands where a picture cannot be shown is its title; `png` is base64. */
export type Picture = Extract<Block, { kind: "picture" }>;

/**
 * A command that is given by pressing. Where nothing can be pressed it is shown as the line to type. Whoever presses it is
 * asked for the same rights as whoever types it.
 */
export type Button = {
  readonly label: string;
  /** The words of the line. */
  readonly words: readonly string[];
  readonly look?: "primary" | "danger";
  /** As long as this holds; what has changed since makes the button stale. Without it the command itself must know. */
  readonly while?: Standing;
};

/** How something was when a button for it was shown. */
export type Standing =
  | { readonly task: number; readonly state: string; readonly since: Instant }
  /** All of them, the newest of them since then. */
  | { readonly tasks: readonly number[]; readonly state: string; readonly since: Instant }
  | { readonly alert: number; readonly state: string }
  | { readonly deployment: number; readonly state: string }
  /** Bound to what was shown with it. */
  | { readonly signoff: number; readonly state: string; readonly shown: string };

export type Column = { readonly title: string; readonly align?: "right" };

/** What may be put into a block; a missing value becomes a dash. */
export type Sayable = Part | number | null | undefined;

/** One paragraph. */
export function say(strings: TemplateStringsArray, ...values: readonly Sayable[]): Block {
  return { kind: "text", parts: parts(strings, ...values) };
}

/** The parts of a sentence, for fields and list items. */
export function parts(strings: TemplateStringsArray, ...values: readonly Sayable[]): Part[] {
  return strings
    .flatMap((text, index) => [text, ...(index < values.length ? [partOf(values[index])] : [])])
    .filter((part) => part !== "");
}

export function table(columns: readonly (string | Column)[], rows: readonly (readonly Sayable[])[]): Block {
  return {
    kind: "table",
    columns: columns.map((column) => (typeof column === "string" ? { title: column } : column)),
    rows: rows.map((row) => row.map(partOf)),
  };
}

/** Fields without a value are left out. */
export function fields(entries: Readonly<Record<string, Sayable | readonly Part[]>>): Block {
  const shown = Object.entries(entries).filter(([, value]) => value !== undefined && value !== null);
  return {
    kind: "fields",
    fields: shown.map(([name, value]) => [name, Array.isArray(value) ? value : [partOf(value as Sayable)]]),
  };
}

export function list(items: readonly (Sayable | readonly Part[])[]): Block {
  return { kind: "list", items: items.map((item) => (Array.isArray(item) ? item : [partOf(item as Sayable)])) };
}

export function code(text: string): Block {
  return { kind: "code", text };
}

export function buttons(...all: readonly (Button | undefined)[]): Block {
  return { kind: "buttons", buttons: all.filter((one) => one !== undefined) };
}

export function picture(png: string, title: string): Block {
  return { kind: "picture", png, title };
}

export function moment(at: Instant | null | undefined): Moment | null {
  return at === null || at === undefined ? null : { at };
}

/** A column of numbers. */
export function right(title: string): Column {
  return { title, align: "right" };
}

/** `1 job`, `3 jobs` */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function partOf(value: Sayable): Part {
  if (value === null || value === undefined) return "-";
  return typeof value === "number" ? String(value) : value;
}
