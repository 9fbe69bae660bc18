/** By which names rights may speak of the place where somebody asks. */
import type { Place } from "../chat/request.ts";

/**
 * `slack` for anywhere in that chat, `slack:C012AB3CD` for one channel of it, and `direct` or `slack:direct` where nobody else
 * reads. Channels go by what the chat itself calls them: their names can be changed by those who are in them.
 */
export function namesOfPlace(chat: string, { channel, direct }: Pick<Place, "channel" | "direct">): string[] {
  return direct || channel === null ? [chat, `${chat}:direct`, "direct"] : [chat, `${chat}:${channel}`];
}

/** Where somebody is, in one word, for the history. */
export function placeOf({ at, via }: { readonly at?: readonly string[]; readonly via: string }): string {
  return at?.[1] ?? via;
}
