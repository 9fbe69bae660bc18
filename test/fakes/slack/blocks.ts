/** What is wrong with blocks, as Slack would find it. The fields are those of Slack's own types; the compiler sees that they are. */
import type * as types from "@slack/types";

type Fields<T> = readonly (T extends unknown ? keyof T : never)[];
type Wrong = string | undefined;
type Data = Readonly<Record<string, unknown>>;

const SECTION: Fields<types.SectionBlock> = ["type", "block_id", "text", "fields", "accessory", "expand"];
const ACTIONS: Fields<types.ActionsBlock> = ["type", "block_id", "elements"];
const INPUT: Fields<types.InputBlock> = ["type", "block_id", "label", "hint", "optional", "element", "dispatch_action"];
const TABLE: Fields<types.TableBlock> = ["type", "block_id", "rows", "column_settings"];
const RICH_TEXT: Fields<types.RichTextBlock> = ["type", "block_id", "elements"];
const BUTTON: Fields<types.Button> = [
  "type",
  "text",
  "value",
  "url",
  "style",
  "accessibility_label",
  "action_id",
  "confirm",
];
const PLAIN_INPUT: Fields<types.PlainTextInput> = [
  "type",
  "action_id",
  "initial_value",
  "multiline",
  "min_length",
  "max_length",
  "placeholder",
  "focus_on_load",
  "dispatch_action_config",
];
const CHECKBOXES: Fields<types.Checkboxes> = [
  "type",
  "action_id",
  "options",
  "initial_options",
  "confirm",
  "focus_on_load",
];
const SELECT: Fields<types.StaticSelect> = [
  "type",
  "action_id",
  "options",
  "option_groups",
  "initial_option",
  "placeholder",
  "confirm",
  "focus_on_load",
];
const TEXT: Fields<types.RichTextText> = ["type", "text", "style"];
const LINK: Fields<types.RichTextLink> = ["type", "text", "url", "unsafe", "style"];
const DATE: Fields<types.RichTextDate> = ["type", "timestamp", "format", "url", "fallback", "style"];
const MODAL: Fields<types.ModalView> = [
  "type",
  "blocks",
  "title",
  "submit",
  "close",
  "callback_id",
  "private_metadata",
  "external_id",
  "clear_on_close",
  "notify_on_close",
];
const HOME: Fields<types.HomeView> = ["type", "blocks", "callback_id", "private_metadata", "external_id"];

/** More than that over all blocks of a message is too long. */
const MOST_CHARACTERS = 13_200;
const MOST_IN_TABLES = 10_000;

/** The name of Slack's refusal, and what it refuses. */
export function wrongMessageBlocks(blocks: unknown): { error: string; detail: string } | undefined {
  if (!Array.isArray(blocks)) return { error: "invalid_blocks_format", detail: "blocks is no list" };
  const wrong = wrongBlocks(blocks, 50, ["section", "actions", "table", "rich_text"]);
  if (wrong !== undefined) return { error: "invalid_blocks", detail: wrong };
  if (blocks.filter((one) => one.type === "table").length > 1)
    return { error: "invalid_attachments", detail: "only_one_table_allowed" };
  if (charactersIn(blocks) > MOST_CHARACTERS)
    return { error: "msg_blocks_too_long", detail: `${charactersIn(blocks)} characters` };
  return undefined;
}

export function wrongView(view: unknown, type: "modal" | "home"): Wrong {
  if (!isData(view) || view["type"] !== type) return `no ${type} view`;
  const strange = strangeIn(view, type === "modal" ? MODAL : HOME);
  if (strange) return strange;
  if (String(view["private_metadata"] ?? "").length > 3_000) return "private_metadata is longer than 3000";
  if (type === "modal") {
    const wrong =
      wrongPlain(view["title"], 24, "title") ??
      (view["submit"] === undefined ? undefined : wrongPlain(view["submit"], 24, "submit")) ??
      (view["close"] === undefined ? undefined : wrongPlain(view["close"], 24, "close"));
    if (wrong) return wrong;
    const inputs = Array.isArray(view["blocks"]) && view["blocks"].some((one) => one.type === "input");
    if (inputs && view["submit"] === undefined) return "input blocks without submit";
  }
  if (!Array.isArray(view["blocks"])) return "blocks is no list";
  return wrongBlocks(
    view["blocks"],
    100,
    type === "modal" ? ["section", "input", "actions", "rich_text"] : ["section", "actions", "rich_text"],
  );
}

function wrongBlocks(blocks: readonly unknown[], most: number, allowed: readonly string[]): Wrong {
  if (blocks.length > most) return `${blocks.length} blocks, of ${most}`;
  const ids = blocks.flatMap((one) => (isData(one) && one["block_id"] !== undefined ? [one["block_id"]] : []));
  if (new Set(ids).size !== ids.length) return "two blocks of one block_id";
  return first(blocks, (block) => {
    if (!isData(block)) return "a block that is none";
    if (!allowed.includes(String(block["type"]))) return `unsupported block type ${block["type"]}`;
    if (String(block["block_id"] ?? "").length > 255) return "block_id is longer than 255";
    return wrongBlock(block);
  });
}

function wrongBlock(block: Data): Wrong {
  switch (block["type"]) {
    case "section":
      if (strangeIn(block, SECTION)) return strangeIn(block, SECTION);
      if (block["text"] === undefined && block["fields"] === undefined) return "a section of nothing";
      return (
        (block["text"] === undefined ? undefined : wrongText(block["text"], 3_000, "text")) ??
        wrongList(block["fields"], 10, (one) => wrongText(one, 2_000, "field"))
      );
    case "actions": {
      const elements = block["elements"];
      const strange = strangeIn(block, ACTIONS);
      if (strange) return strange;
      if (!Array.isArray(elements) || elements.length === 0) return "actions without elements";
      const ids = elements.map((one) => one.action_id);
      if (new Set(ids).size !== ids.length) return "two elements of one action_id";
      return wrongList(elements, 25, wrongButton);
    }
    case "input":
      return (
        strangeIn(block, INPUT) ??
        wrongPlain(block["label"], 2_000, "label") ??
        (block["hint"] === undefined ? undefined : wrongPlain(block["hint"], 2_000, "hint")) ??
        wrongInput(block["element"])
      );
    case "table":
      return wrongTable(block);
    default:
      return wrongRichText(block);
  }
}

function wrongButton(button: unknown): Wrong {
  if (!isData(button) || button["type"] !== "button") return "only buttons are expected here";
  return (
    strangeIn(button, BUTTON) ??
    wrongPlain(button["text"], 75, "a button's text") ??
    (String(button["value"] ?? "").length > 2_000 ? "a button's value is longer than 2000" : undefined) ??
    (String(button["action_id"] ?? "").length > 255 ? "action_id is longer than 255" : undefined) ??
    (["primary", "danger", undefined].includes(button["style"] as string | undefined) ? undefined : "unknown style")
  );
}

function wrongInput(element: unknown): Wrong {
  if (!isData(element)) return "an input without an element";
  switch (element["type"]) {
    case "plain_text_input":
      return (
        strangeIn(element, PLAIN_INPUT) ??
        (Number(element["max_length"] ?? 1) > 3_000 ? "max_length is more than 3000" : undefined) ??
        (element["initial_value"] === "" ? "initial_value is empty" : undefined)
      );
    case "checkboxes":
      return strangeIn(element, CHECKBOXES) ?? wrongOptions(element["options"], 10);
    case "static_select": {
      const initial = element["initial_option"];
      const among = (element["options"] as unknown[]).some((one) => JSON.stringify(one) === JSON.stringify(initial));
      return (
        strangeIn(element, SELECT) ??
        wrongOptions(element["options"], 100) ??
        (initial !== undefined && !among ? "initial_option is none of the options" : undefined)
      );
    }
    default:
      return `unsupported element ${element["type"]}`;
  }
}

function wrongOptions(options: unknown, most: number): Wrong {
  if (!Array.isArray(options) || options.length === 0) return "no options";
  return wrongList(options, most, (one) => {
    if (!isData(one)) return "an option that is none";
    return (
      wrongPlain(one["text"], 75, "an option") ??
      (String(one["value"] ?? "").length > 150 ? "an option's value is longer than 150" : undefined)
    );
  });
}

function wrongTable(block: Data): Wrong {
  const strange = strangeIn(block, TABLE);
  if (strange) return strange;
  const rows = block["rows"];
  if (!Array.isArray(rows) || rows.length === 0) return "a table without rows";
  if (Array.isArray(block["column_settings"]) && block["column_settings"].length > 20) return "more than 20 columns";
  const characters = rows.flat().reduce((sum, cell) => sum + charactersIn(cell), 0);
  if (characters > MOST_IN_TABLES) return `${characters} characters in the cells of tables`;
  return wrongList(rows, 100, (row) =>
    wrongList(row, 20, (cell) => {
      if (!isData(cell)) return "a cell that is none";
      if (cell["type"] === "raw_text") return cell["text"] === "" ? "an empty cell" : strangeIn(cell, ["type", "text"]);
      return cell["type"] === "rich_text" ? wrongRichText(cell) : `unsupported cell ${cell["type"]}`;
    }),
  );
}

function wrongRichText(block: Data): Wrong {
  const strange = strangeIn(block, RICH_TEXT);
  if (strange) return strange;
  const elements = block["elements"];
  if (!Array.isArray(elements) || elements.length === 0) return "rich text without elements";
  return first(elements, (element) => {
    if (!isData(element)) return "an element that is none";
    switch (element["type"]) {
      case "rich_text_section":
        return wrongInline(element["elements"], ["text", "link", "date"]);
      case "rich_text_preformatted":
        return wrongInline(element["elements"], ["text", "link"]);
      case "rich_text_list":
        if (!["bullet", "ordered"].includes(String(element["style"]))) return "a list without a style";
        return first(element["elements"] as unknown[], (item) =>
          isData(item) && item["type"] === "rich_text_section"
            ? wrongInline(item["elements"], ["text", "link", "date"])
            : "a list of something else than sections",
        );
      default:
        return `unsupported element ${element["type"]}`;
    }
  });
}

function wrongInline(elements: unknown, allowed: readonly string[]): Wrong {
  if (!Array.isArray(elements) || elements.length === 0) return "a section without elements";
  return first(elements, (one) => {
    if (!isData(one) || !allowed.includes(String(one["type"]))) return "an element that does not stand there";
    switch (one["type"]) {
      case "text":
        return strangeIn(one, TEXT) ?? (one["text"] === "" ? "an empty text" : wellFormed(one["text"]));
      case "link":
        return (
          strangeIn(one, LINK) ??
          (/^https?:\/\//.test(String(one["url"])) && String(one["url"]).length <= 3_000 ? undefined : "no address")
        );
      default:
        return (
          strangeIn(one, DATE) ?? (Number.isInteger(one["timestamp"]) ? undefined : "timestamp is no whole number")
        );
    }
  });
}

function wrongText(text: unknown, most: number, what: string): Wrong {
  if (!isData(text)) return `${what} is no text`;
  if (text["type"] === "plain_text") return wrongPlain(text, most, what);
  if (text["type"] !== "mrkdwn") return `${what} is no text`;
  return strangeIn(text, ["type", "text", "verbatim"]) ?? wrongLength(text["text"], most, what);
}

function wrongPlain(text: unknown, most: number, what: string): Wrong {
  if (!isData(text) || text["type"] !== "plain_text") return `${what} is no plain text`;
  return strangeIn(text, ["type", "text", "emoji"]) ?? wrongLength(text["text"], most, what);
}

function wrongLength(text: unknown, most: number, what: string): Wrong {
  if (typeof text !== "string" || text.length === 0) return `${what} is empty`;
  return text.length > most ? `${what} is longer than ${most}` : wellFormed(text);
}

function wellFormed(text: unknown): Wrong {
  return typeof text === "string" && text.isWellFormed() ? undefined : "half a character";
}

function wrongList(list: unknown, most: number, wrong: (one: unknown) => Wrong): Wrong {
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) return "no list";
  return list.length > most ? `${list.length} of ${most}` : first(list, wrong);
}

function first(list: readonly unknown[], wrong: (one: unknown) => Wrong): Wrong {
  for (const one of list) {
    const what = wrong(one);
    if (what !== undefined) return what;
  }
  return undefined;
}

export function strangeIn(given: Data, known: readonly string[]): Wrong {
  const strange = Object.keys(given).filter((key) => !known.includes(key));
  return strange.length === 0 ? undefined : `unknown: ${strange.join(", ")}`;
}

/** Of everything that is shown. */
export function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charactersIn(one), 0);
  if (!isData(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) =>
      sum + ((key === "text" || key === "url") && typeof one === "string" ? one.length : charactersIn(one)),
    0,
  );
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
