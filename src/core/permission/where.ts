/** By which names rights may speak of the place where somebody asks. */
import type { Place } from "../chat/request.ts";

/**
 * `slack` for anywhere in that chat, `slack:C012AB3CD` for one channel of it, and `direct` or `slack:direct` where nobody else
 * reads; by the name that people see, `slack:#timing`, where the chat tells it.
 */
export function namesOfPlace(
  chat: string,
  { channel, name, direct }: Pick<Place, "channel" | "name" | "direct">,
): string[] {
  if (direct || channel === null) return [chat, `${chat}:direct`, "direct"];
  return [chat, `${chat}:${channel}`, ...(name === undefined ? [] : [`#${bare(name)}`, `${chat}:#${bare(name)}`])];
}

/** Where somebody is, in one word, for the history. */
export function placeOf({ at, via }: { readonly at?: readonly string[]; readonly via: string }): string {
  return at?.[1] ?? via;
}

function bare(name: string): string {
  return name.replace(/^#/, "");
}
