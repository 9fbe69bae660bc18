import type { Seal } from "../../ports/seal.ts";
import type { Access } from "./access.ts";

/** Sealed with the key of the data directory's links, so that a bot that starts anew still knows what it has sealed. */
export function sealWith(access: Access): Seal {
  const markOf = (text: string) => access.keyFor(`seal ${text}`);
  return {
    seal(content) {
      const text = Buffer.from(JSON.stringify(content)).toString("base64url");
      return `${text}.${markOf(text)}`;
    },
    open(sealed) {
      const [, text, mark] = /^([\w-]{1,4000})\.([\w-]{1,100})$/.exec(sealed) ?? [];
      if (text === undefined || !access.opens(`seal ${text}`, mark)) return undefined;
      return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    },
  };
}
