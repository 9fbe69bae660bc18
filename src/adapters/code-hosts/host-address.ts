import { z } from "zod";

/** Where a host of code is. The token goes there with every question, so it has to be encrypted beyond this machine. */
export const hostAddress = z.string().superRefine((value, context) => {
  const mistake = (message: string) => context.addIssue({ code: "custom", message });
  if (!URL.canParse(value)) return mistake("not an address; write for example https://git.example.org");
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (protocol !== "https:" && !(protocol === "http:" && isThisMachine(hostname)))
    mistake("not encrypted, and the token would go there for all to read; write https://");
  if (username !== "" || password !== "")
    mistake("a user or password in the address; leave them out, the token is enough");
  if (search !== "" || hash !== "") mistake("more than an address; leave out what begins with ? or #");
});

/** Without a slash at its end. */
export function baseOf(address: string): string {
  return new URL(address).href.replace(/\/+$/, "");
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
