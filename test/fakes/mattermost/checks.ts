/** What the server refuses in a post and in a dialog, after its own sources and `docs.mattermost.com/developers/integrate/reference`. */

export type Wrong = { readonly id: string; readonly message: string };

const LONGEST_MESSAGE = 16_383;
const LONGEST_PROPS = 800_000;
const STYLES = ["default", "primary", "success", "good", "warning", "danger"];

type Map_ = Readonly<Record<string, unknown>>;

export function wrongIn(post: { readonly message?: unknown; readonly props?: unknown }): Wrong | undefined {
  if (typeof post.message === "string" && [...post.message].length > LONGEST_MESSAGE)
    return { id: "model.post.is_valid.message_length.app_error", message: "Post message property is too long" };
  const props = (post.props ?? {}) as Map_;
  if ([...JSON.stringify(props)].length > LONGEST_PROPS)
    return { id: "model.post.is_valid.props.app_error", message: "Invalid props." };
  return wrongAttachments(props["attachments"]) ?? wrongBlocks(props);
}

export function wrongAttachments(attachments: unknown): Wrong | undefined {
  const wrong = (message: string): Wrong => ({ id: "model.post.is_valid.attachments.app_error", message });
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments)) return wrong("attachments is no list");
  for (const attachment of attachments as Map_[]) {
    const strange = strangeIn(attachment, [
      "fallback",
      "color",
      "pretext",
      "author_name",
      "author_link",
      "author_icon",
      "title",
      "title_link",
      "text",
      "fields",
      "image_url",
      "thumb_url",
      "footer",
      "footer_icon",
      "actions",
    ]);
    if (strange) return wrong(strange);
    for (const action of (attachment["actions"] ?? []) as Map_[]) {
      const unknown = strangeIn(action, ["id", "type", "name", "tooltip", "disabled", "style", "integration"]);
      const integration = (action["integration"] ?? {}) as Map_;
      if (unknown) return wrong(unknown);
      // The address of an action ends with its id, and takes no other characters.
      if (!/^[A-Za-z0-9]+$/.test(String(action["id"]))) return wrong(`the id of an action: ${action["id"]}`);
      if (action["type"] !== "button") return wrong("invalid action type");
      if (!action["name"]) return wrong("action must have a name");
      if (action["style"] !== undefined && !STYLES.includes(String(action["style"]))) return wrong("invalid style");
      if (!/^https?:\/\//.test(String(integration["url"]))) return wrong("action must have an valid integration URL");
      const strangeIntegration = strangeIn(integration, ["url", "context"]);
      if (strangeIntegration) return wrong(strangeIntegration);
    }
  }
  return undefined;
}

const MOST_BLOCKS = 100;
const DEEPEST = 32;
const LONGEST_TEXT = 16_000;
const MOST_ACTIONS = 50;

function wrongBlocks(props: Map_): Wrong | undefined {
  const wrong = (message: string): Wrong => ({ id: "model.post.is_valid.mm_blocks.app_error", message });
  const { mm_blocks: blocks, mm_blocks_actions: actions = {} } = props as {
    mm_blocks?: Map_[];
    mm_blocks_actions?: Map_;
  };
  if (blocks === undefined && Object.keys(actions).length === 0) return undefined;
  let count = 0;
  let text = 0;
  let problem: string | undefined;
  const used = new Set<string>();
  const walk = (list: readonly Map_[], depth: number) => {
    if (depth > DEEPEST) problem ??= "nested too deeply";
    for (const block of list) {
      count += 1;
      switch (block["type"]) {
        case "text":
          problem ??= strangeIn(block, ["type", "text", "is_subtle", "size"]);
          text += [...String(block["text"])].length;
          break;
        case "divider":
          break;
        case "button":
          problem ??= strangeIn(block, ["type", "text", "action_id", "style", "tooltip", "disabled", "query"]);
          text += [...String(block["text"])].length;
          used.add(String(block["action_id"]));
          break;
        case "container":
          problem ??= strangeIn(block, [
            "type",
            "content",
            "border",
            "accent_color",
            "background",
            "flow",
            "gap",
            "max_height",
          ]);
          walk((block["content"] ?? []) as Map_[], depth + 1);
          break;
        default:
          problem ??= `a block of the type ${block["type"]}`;
      }
    }
  };
  walk(blocks ?? [], 1);
  if (problem) return wrong(problem);
  if (count > MOST_BLOCKS) return wrong(`${count} blocks`);
  if (text > LONGEST_TEXT) return wrong(`${text} characters in blocks`);
  const ids = Object.keys(actions);
  if (ids.length > MOST_ACTIONS) return wrong(`${ids.length} actions`);
  const badId = ids.find((id) => !/^[A-Za-z0-9_-]{1,64}$/.test(id));
  if (badId !== undefined) return wrong(`the id of an action: ${badId}`);
  if (ids.some((id) => !used.has(id)) || [...used].some((id) => !ids.includes(id)))
    return wrong("unused or missing actions");
  for (const action of Object.values(actions) as Map_[]) {
    if (action["type"] !== "external") return wrong(`an action of the type ${action["type"]}`);
    const strange = strangeIn(action, ["type", "url", "context", "query"]);
    if (strange) return wrong(strange);
  }
  return undefined;
}

/** What the client would not show, or the server warns of: a form that is not as it should be. */
export function wrongDialog(dialog: Map_): string | undefined {
  const strange = strangeIn(dialog, [
    "callback_id",
    "title",
    "introduction_text",
    "icon_url",
    "elements",
    "submit_label",
    "notify_on_cancel",
    "state",
  ]);
  if (strange) return strange;
  const title = String(dialog["title"] ?? "");
  if (title === "" || bytes(title) > 24) return `invalid dialog title ${title}`;
  const names = new Set<string>();
  for (const element of (dialog["elements"] ?? []) as Map_[]) {
    const unknown = strangeIn(element, [
      "display_name",
      "name",
      "type",
      "subtype",
      "default",
      "placeholder",
      "help_text",
      "optional",
      "min_length",
      "max_length",
      "data_source",
      "options",
    ]);
    if (unknown) return unknown;
    const name = String(element["name"] ?? "");
    if (names.has(name)) return `duplicate dialog element ${name}`;
    names.add(name);
    const textual = element["type"] === "textarea" ? 3_000 : 150;
    const limits: Readonly<Record<string, number>> = {
      display_name: 24,
      name: 300,
      help_text: 150,
      placeholder: textual,
      default: textual,
    };
    for (const [key, most] of Object.entries(limits)) {
      const length = bytes(String(element[key] ?? ""));
      if (length > most) return `${key} of ${name} cannot be longer than ${most}`;
      if (length === 0 && (key === "display_name" || key === "name")) return `${key} cannot be empty`;
    }
    if (!["text", "textarea", "select", "bool"].includes(String(element["type"])))
      return `invalid element type ${element["type"]}`;
    if (Number(element["min_length"] ?? 0) > Number(element["max_length"] ?? 0))
      return "min length should be less then max length";
    const options = (element["options"] ?? []) as { value: string }[];
    if (
      element["type"] === "select" &&
      element["default"] !== "" &&
      !options.some(({ value }) => value === element["default"])
    )
      return `default value ${element["default"]} doesn't exist in options`;
    if (element["type"] === "bool" && !["", "true", "false"].includes(String(element["default"])))
      return "invalid default of bool";
  }
  return undefined;
}

export function strangeIn(given: Map_, known: readonly string[]): string | undefined {
  const strange = Object.keys(given).filter((key) => !known.includes(key));
  return strange.length > 0 ? `unknown: ${strange.join(", ")}` : undefined;
}

function bytes(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
