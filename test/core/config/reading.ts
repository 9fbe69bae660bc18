/** Reading a configuration that is written in a test: as issues in the lines that people see, or as what it says. */
import { COMMANDS } from "../../../commands/index.ts";
import { mattermostOptions } from "../../../src/adapters/chat/mattermost/config.ts";
import { slackOptions } from "../../../src/adapters/chat/slack/config.ts";
import { githubOptions } from "../../../src/adapters/code-hosts/github/config.ts";
import { belle2Options } from "../../../src/adapters/conditions/belle2/config.ts";
import { hsfOptions } from "../../../src/adapters/conditions/hsf/config.ts";
import { localOptions } from "../../../src/adapters/executors/local/config.ts";
import { commandOptions } from "../../../src/adapters/sources/command/config.ts";
import { httpOptions } from "../../../src/adapters/sources/http/config.ts";
import { replayOptions } from "../../../src/adapters/sources/replay/config.ts";
import { watchOptions } from "../../../src/adapters/sources/watch/config.ts";
import { jiraOptions } from "../../../src/adapters/tickets/jira/config.ts";
import type { Config } from "../../../src/core/config/config.ts";
import { formatIssue } from "../../../src/core/config/issue.ts";
import { type ConfigReading, readConfig } from "../../../src/core/config/read-config.ts";
import type { Workflow } from "../../../src/core/workflow/workflow.ts";

export const KINDS = {
  sources: { http: httpOptions, watch: watchOptions, command: commandOptions, replay: replayOptions },
  executors: { local: localOptions },
  chats: { slack: slackOptions, mattermost: mattermostOptions },
  conditions: { hsf: hsfOptions, belle2: belle2Options },
  hosts: { github: githubOptions },
  tickets: { jira: jiraOptions },
  commands: COMMANDS,
  accounts: {
    slack: { pattern: /^[UW][A-Z0-9]{4,}$/, example: "U012AB3CD" },
    mattermost: { pattern: /^[a-z0-9]{26}$/, example: "fk5sr1mxufbnbkjpzwr6ynyugc" },
  },
};

/** Texts by path. A file whose name ends in `.sh` is a program; one that may not be executed ends in `.sh!`. */
export type Written = Readonly<Record<string, string>>;

export function reading(files: Written): ConfigReading {
  const entries = Object.entries(files).map(
    ([path, text]) => [path.replace("!", ""), text, path.endsWith(".sh")] as const,
  );
  return readConfig(
    {
      texts: new Map(entries.filter(([path]) => /\.(yaml|ics)$/.test(path)).map(([path, text]) => [path, text])),
      programs: new Map(entries.map(([path, , executable]) => [path, executable])),
    },
    KINDS,
  );
}

/** `file:line:column: what; instead`, one for each mistake. */
export function issuesOf(files: Written): string[] {
  return (reading(files).issues ?? []).map(formatIssue);
}

export function configOf(files: Written): Config {
  const { config, issues } = reading(files);
  if (!config) throw new Error((issues ?? []).map(formatIssue).join("\n"));
  return config;
}

const HEAD = "description: Time zero\nowner: ann\n";

/** A repository of one workflow, `t0`, whose description and owner stand in its first two lines. */
export function oneWorkflow(text: string, more: Written = {}): Written {
  return { "calops.yaml": "experiment: Driftwood\n", "workflows/t0/workflow.yaml": HEAD + text, ...more };
}

export function workflowOf(text: string, more: Written = {}): Workflow {
  return configOf(oneWorkflow(text, more)).workflows["t0"] as Workflow;
}
