/** Where the configuration comes from, and how it may be spoken of: an address can hold a password. */
import { resolve } from "node:path";
import { redactor } from "../../core/text/redact.ts";

export type Address = {
  /** As git takes it: an address, or an absolute path. Everybody on the machine can read it there: no password is in it. */
  readonly source: string;
  /** A path of this machine. */
  readonly local: boolean;
  /** As messages show it. */
  readonly shown: string;
  /** `https://host:port`: the only place that a token is sent to. Undefined for what is not http. */
  readonly origin: string | undefined;
  /** `name:password` that stood before the host of an http address. */
  readonly login: string | undefined;
  /** What of it nobody may see. */
  readonly secrets: readonly string[];
};

const PROTOCOLS = ["file:", "ssh:", "http:", "https:"];

/** Throws for what git could take for an option, or for more than one line. */
export function addressOf(source: string): Address {
  if (source === "" || source.startsWith("-") || hasControls(source))
    throw new Error(
      `the source of the configuration, ${JSON.stringify(source)}, is none that git is given; write an address or a path`,
    );
  const protocol = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(source)?.[1];
  if (protocol !== undefined) return addressWith(protocol, source);
  const local = !/^[^/\s]+@[^/\s]+:/.test(source);
  const found = local ? resolve(source) : source;
  return { source: found, local, shown: found, origin: undefined, login: undefined, secrets: [] };
}

/** Takes these secrets, and whoever stands before the host of an address, out of a text. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  const redact = redactor(secrets);
  return (text) => redact(text).replaceAll(/(\bhttps?:\/\/)[^\s/@]+@/gi, "$1***@");
}

function addressWith(protocol: string, source: string): Address {
  if (!PROTOCOLS.includes(protocol))
    throw new Error(
      `configurations are not fetched by ${protocol}// as in ${hiding([])(source)}; write an address that begins with https://, ssh:// or file://, or a path`,
    );
  if (protocol === "file:")
    return { source, local: false, shown: source, origin: undefined, login: undefined, secrets: [] };
  const url = parsed(source);
  const { username, password } = url;
  const http = protocol !== "ssh:";
  // Alone before a host of http it is a token; before one of ssh it is a name.
  const secret = password !== "" ? password : http ? username : "";
  const secrets = secret === "" ? [] : [secret, decoded(secret), `${username}:${password}`];
  const shown = secret === "" ? source : source.replace(/\/\/[^/]*@/, http ? "//***@" : `//${username}:***@`);
  const origin = http ? url.origin : undefined;
  if (!http || password === "") return { source, local: false, shown, origin, login: undefined, secrets };
  const login = `${decoded(username)}:${decoded(password)}`;
  return { source: source.replace(/\/\/[^/]*@/, "//"), local: false, shown, origin, login, secrets };
}

function parsed(source: string): URL {
  try {
    return new URL(source);
  } catch {
    // Nothing of it is repeated: what cannot be taken apart may hold a password anywhere.
    throw new Error(
      "the source of the configuration is no address; write for example https://host/group/repository.git",
    );
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return /[\u0000-\u001f\u007f]/.test(text);
}
