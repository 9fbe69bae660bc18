import { COMMANDS } from "../../commands/index.ts";
import { mattermostOptions } from "../adapters/chat/mattermost/config.ts";
import { slackOptions } from "../adapters/chat/slack/config.ts";
import { githubOptions } from "../adapters/code-hosts/github/config.ts";
import { gitlabOptions } from "../adapters/code-hosts/gitlab/config.ts";
import { belle2Options } from "../adapters/conditions/belle2/config.ts";
import { hsfOptions } from "../adapters/conditions/hsf/config.ts";
import { localOptions } from "../adapters/executors/local/config.ts";
import { commandOptions } from "../adapters/sources/command/config.ts";
import { httpOptions } from "../adapters/sources/http/config.ts";
import { replayOptions } from "../adapters/sources/replay/config.ts";
import { watchOptions } from "../adapters/sources/watch/config.ts";
import { githubTicketOptions } from "../adapters/tickets/github/config.ts";
import { gitlabTicketOptions } from "../adapters/tickets/gitlab/config.ts";
import { jiraOptions } from "../adapters/tickets/jira/config.ts";
import type { Kinds } from "../core/config/kinds.ts";

/** Every kind of source and executor that `calops.yaml` may name. */
export const KINDS: Kinds = {
  sources: { http: httpOptions, watch: watchOptions, command: commandOptions, replay: replayOptions },
  executors: { local: localOptions },
  chats: { slack: slackOptions, mattermost: mattermostOptions },
  conditions: { hsf: hsfOptions, belle2: belle2Options },
  hosts: { github: githubOptions, gitlab: gitlabOptions },
  tickets: { jira: jiraOptions, gitlab: gitlabTicketOptions, github: githubTicketOptions },
  commands: COMMANDS,
  accounts: {
    slack: { pattern: /^[UW][A-Z0-9]{4,}$/, example: "U012AB3CD" },
    mattermost: { pattern: /^[a-z0-9]{26}$/, example: "fk5sr1mxufbnbkjpzwr6ynyugc" },
  },
};
