import { z } from "zod";
import { secret } from "../../../core/config/values.ts";
import { hostAddress } from "../host-address.ts";

export const gitlabOptions = z.strictObject({
  project: z
    .string()
    .regex(
      /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/,
      "not a project; write group/name, with all its groups, as in its address",
    )
    .meta({ description: "The config repository on GitLab, as group/name or group/subgroup/name" }),
  token: secret.meta({ description: "A token with the scope api, of the role Developer or higher in the project" }),
  url: hostAddress.default("https://gitlab.com").meta({ description: "Address of the GitLab" }),
});

export type GitlabOptions = z.output<typeof gitlabOptions>;
