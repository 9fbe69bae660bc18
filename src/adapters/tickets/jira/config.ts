import { z } from "zod";
import { secret, text } from "../../../core/config/values.ts";
import { hostAddress } from "../../code-hosts/host-address.ts";

export const jiraOptions = z.strictObject({
  url: hostAddress.meta({ description: "Address of the Jira: https://NAME.atlassian.net, or of your own server" }),
  project: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]+$/, "not the key of a project; write what its tickets begin with, such as CALIB")
    .meta({ description: "Key of the project" }),
  user: text.optional().meta({
    description:
      "In Jira Cloud the address of the account whose API token it is; left out for a token of a server of your own",
  }),
  token: secret.meta({ description: "An API token of Jira Cloud, or a personal access token of a server of your own" }),
  "issue-type": text.default("Task").meta({ description: "Of what type tickets are" }),
  link: text.default("Blocks").meta({ description: "The type of link by which one ticket holds another back" }),
});

export type JiraOptions = z.output<typeof jiraOptions>;
