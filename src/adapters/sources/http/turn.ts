/** Where the list goes on after a page. */
import { valueAt } from "../dotted.ts";
import { type Place, shown } from "./address.ts";
import type { Paging } from "./config.ts";
import type { Answer } from "./parse.ts";

export type Turn =
  | { readonly kind: "on"; readonly to: Place }
  | { readonly kind: "end" }
  | { readonly kind: "refused"; readonly why: string };

const END: Turn = { kind: "end" };

/**
 * Pages that are counted end at an empty one. A short page is not taken for the last: a server that gives fewer records
 * a page than it is asked for, as many do, would be left after its first.
 */
export function turnAfter(
  paging: Paging | undefined,
  page: { readonly place: Place; readonly address: URL; readonly answer: Answer },
): Turn {
  const { place, answer } = page;
  switch (paging?.kind) {
    case undefined:
      return END;
    case "number":
      return answer.items.length === 0 ? END : { kind: "on", to: Number(place) + 1 };
    case "offset":
      return answer.items.length === 0 ? END : { kind: "on", to: Number(place) + answer.items.length };
    case "next":
      return toNext(valueAt(answer.body, paging.path), paging.path, page.address);
  }
}

/** The address of the next page comes from outside, and the headers, secrets among them, go where it leads. */
function toNext(next: unknown, path: string, here: URL): Turn {
  if (next === undefined || next === null || next === "") return END;
  if (typeof next !== "string" || !URL.canParse(next, here.href)) {
    return { kind: "refused", why: `${path} in its answer is not an address: look at page.next` };
  }
  const address = new URL(next, here);
  if (address.origin !== here.origin) {
    return {
      kind: "refused",
      why: `its next page is on ${address.origin}, another server, which must not see the headers: write the url under which the registry names itself`,
    };
  }
  if (address.username !== "" || address.password !== "") {
    return { kind: "refused", why: `the address of its next page, ${shown(address)}, holds a user or password` };
  }
  return { kind: "on", to: address.href };
}
