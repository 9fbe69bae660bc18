/** Options that an adapter declared and the core does not know: whatever they are, what differs in them is told. */
import { redactor } from "../text/redact.ts";
import { type SettingChange, type Settings, settingChanges } from "./settings.ts";

/** @param under the key that they stand under */
export function optionChanges(under: string, before: unknown, after: unknown): SettingChange[] {
  return settingChanges(flat(under, before), flat(under, after)).map(({ what, from, to }) => ({
    what,
    from: from === null ? null : shown(what, from),
    to: to === null ? null : shown(what, to),
  }));
}

/** Every text in options, for those that name files. */
export function textsIn(options: unknown): string[] {
  if (typeof options === "string") return [options];
  return typeof options === "object" && options !== null ? Object.values(options).flatMap(textsIn) : [];
}

const redact = redactor([]);

/** Secrets are named and not written here; where one was written all the same, the plan does not carry it further. */
function shown(what: string, value: string): string {
  const mayBeSecret = /header|token|passw|secret|credential|authori|cookie|api-?key/i.test(what);
  return mayBeSecret && !value.startsWith("secret ") ? "(not shown)" : redact(value);
}

/** `http.page.size.value`: `100` */
function flat(under: string, value: unknown): Settings {
  if (value === undefined || value === null || typeof value === "function") return [];
  if (typeof value !== "object") return [[under, String(value)]];
  if (value instanceof RegExp) return [[under, value.source]];
  if (isSecret(value)) return [[under, `secret ${value.secret}`]];
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return [[under, `[${value.join(", ")}]`]];
  return Object.entries(value).flatMap(([key, inner]) => flat(`${under}.${key}`, inner));
}

function isSecret(value: object): value is { readonly secret: string } {
  return "secret" in value && typeof value.secret === "string" && Object.keys(value).length === 1;
}
