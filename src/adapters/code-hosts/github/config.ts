import { z } from "zod";
import { secret } from "../../../core/config/values.ts";
import { hostAddress } from "../host-address.ts";

export const githubOptions = z.strictObject({
  repository: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/,
      "not a repository; write owner/name, as in its address",
    )
    .meta({ description: "The config repository on GitHub, as owner/name" }),
  token: secret.meta({
    description: "A token that may read and write pull requests and commit statuses of the repository",
  }),
  api: hostAddress
    .default("https://api.github.com")
    .meta({ description: "Address of the API; of a GitHub Enterprise Server https://HOST/api/v3" }),
  web: hostAddress.default("https://github.com").meta({ description: "Address of the pages" }),
});

export type GithubOptions = z.output<typeof githubOptions>;
