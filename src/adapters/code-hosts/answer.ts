/** What a host answered, whatever it is. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string };

/** Undefined for what is no JSON, such as a page for people from a server in between. Whoever wants something of it says so. */
export function jsonOf({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
