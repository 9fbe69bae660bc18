/** The address of one request. */
import type { HttpOptions, Paging } from "./config.ts";
import type { Mark } from "./since.ts";

/** Which page: its number, how many records lie before it, or its own address. */
export type Place = number | string;

export function firstPlace(paging: Paging | undefined): Place {
  switch (paging?.kind) {
    case "number":
      return paging.first;
    case "offset":
      return 0;
    default:
      return "";
  }
}

export function addressOf({ url, page, since }: HttpOptions, from: Mark | undefined, place: Place): URL {
  if (page?.kind === "next" && place !== "") return new URL(String(place));
  const address = new URL(url);
  if (page && page.kind !== "next") {
    address.searchParams.set(page.parameter, String(place));
    if (page.size) address.searchParams.set(page.size.parameter, String(page.size.value));
  }
  if (since && from !== undefined) address.searchParams.set(since.parameter, String(from));
  return address;
}

/** As it may be shown: a query can carry a token. */
export function shown(address: URL): string {
  return `${address.origin}${address.pathname}`;
}
