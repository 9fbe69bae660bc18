import { z } from "zod";
import { secret } from "../../../core/config/values.ts";
import { hostAddress } from "../../code-hosts/host-address.ts";

export const githubTicketOptions = z.strictObject({
  repository: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/,
      "not a repository; write owner/name, as in its address",
    )
    .meta({ description: "The repository whose issues are the tickets, as owner/name" }),
  token: secret.meta({ description: "A token that may read and write issues of the repository" }),
  api: hostAddress
    .default("https://api.github.com")
    .meta({ description: "Address of the API; of a GitHub Enterprise Server https://HOST/api/v3" }),
});

export type GithubTicketOptions = z.output<typeof githubTicketOptions>;
