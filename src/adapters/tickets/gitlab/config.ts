import { z } from "zod";
import { secret } from "../../../core/config/values.ts";
import { hostAddress } from "../../code-hosts/host-address.ts";

export const gitlabTicketOptions = z.strictObject({
  project: z
    .string()
    .regex(
      /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/,
      "not a project; write group/name, with all its groups, as in its address",
    )
    .meta({ description: "The project whose issues are the tickets, as group/name or group/subgroup/name" }),
  token: secret.meta({ description: "A token with the scope api, of the role Reporter or higher in the project" }),
  url: hostAddress.default("https://gitlab.com").meta({ description: "Address of the GitLab" }),
});

export type GitlabTicketOptions = z.output<typeof gitlabTicketOptions>;
