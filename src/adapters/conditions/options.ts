/** What is said of every server that keeps conditions: `conditions: server: KIND: ...` in `calops.yaml`. */
import { isAbsolute } from "node:path";
import { z } from "zod";
import { duration, secret } from "../../core/config/values.ts";

const address = z.string().superRefine((value, context) => {
  const mistake = (message: string) => context.addIssue({ code: "custom", message });
  if (!URL.canParse(value)) return mistake("not an address; write for example https://conditions.example.org/rest/");
  const { protocol, username, password, search } = new URL(value);
  if (protocol !== "http:" && protocol !== "https:") mistake("not an address of the web; write http:// or https://");
  if (username !== "" || password !== "") mistake("a user or password in the address; write token: { secret: NAME }");
  if (search !== "") mistake("an address with a query; leave out what follows the ?");
});

export const serverOptions = {
  url: address,
  token: secret.optional().meta({ description: "Sent as a bearer; needed where the server asks for one" }),
  payloads: z
    .union(
      [
        z.strictObject({
          directory: z.string().refine(isAbsolute, "not an absolute path; write for example /data/payloads"),
        }),
        z.strictObject({ url: address }),
      ],
      { error: "not a place; write { directory: /data/payloads }, or { url: https://... } to read only" },
    )
    .meta({ description: "Where the bytes of payloads are, below which the server's addresses of them lead" }),
  timeout: duration.prefault("30s").meta({ description: "How long one answer may take" }),
};

export type PayloadsAt = { readonly directory: string } | { readonly url: string };
