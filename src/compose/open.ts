/** Which adapter is behind a kind that a configuration names, or an option of the start. */
import { join } from "node:path";
import type { MattermostOptions } from "../adapters/chat/mattermost/config.ts";
import type { SlackOptions } from "../adapters/chat/slack/config.ts";
import type { GithubOptions } from "../adapters/code-hosts/github/config.ts";
import { openGithub } from "../adapters/code-hosts/github/github.ts";
import type { GitlabOptions } from "../adapters/code-hosts/gitlab/config.ts";
import { openGitlab } from "../adapters/code-hosts/gitlab/gitlab.ts";
import type { LocalOptions } from "../adapters/executors/local/config.ts";
import { StarterExecutor } from "../adapters/executors/local/starter.ts";
import { openCommandSource } from "../adapters/sources/command/command.ts";
import type { CommandOptions } from "../adapters/sources/command/config.ts";
import type { HttpOptions } from "../adapters/sources/http/config.ts";
import { openHttpSource } from "../adapters/sources/http/http.ts";
import type { ReplayOptions } from "../adapters/sources/replay/config.ts";
import { openReplaySource } from "../adapters/sources/replay/replay.ts";
import type { SourceContext } from "../adapters/sources/source-context.ts";
import type { WatchOptions } from "../adapters/sources/watch/config.ts";
import { openWatchSource } from "../adapters/sources/watch/watch.ts";
import { examineSqlite } from "../adapters/store/examine-sqlite.ts";
import { openSqlite } from "../adapters/store/sqlite.ts";
import type { OpenStore } from "../adapters/store/store.ts";
import type { GithubTicketOptions } from "../adapters/tickets/github/config.ts";
import { openGithubTickets } from "../adapters/tickets/github/github.ts";
import type { GitlabTicketOptions } from "../adapters/tickets/gitlab/config.ts";
import { openGitlabTickets } from "../adapters/tickets/gitlab/gitlab.ts";
import type { JiraOptions } from "../adapters/tickets/jira/config.ts";
import { openJira } from "../adapters/tickets/jira/jira.ts";
import type { ChatListener } from "../adapters/web/chat-routes.ts";
import type { ExecutorConfig, SourceConfig, TrackerConfig } from "../core/config/config.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { EnvironmentRules } from "../core/environment/rules.ts";
import type { Chat, ChatParts } from "../ports/chat.ts";
import type { Clock } from "../ports/clock.ts";
import type { CodeHost } from "../ports/code-host.ts";
import type { Executor } from "../ports/executor.ts";
import type { RunSource } from "../ports/run-source.ts";
import type { Tickets } from "../ports/tickets.ts";

export async function openStore(url: string | undefined, data: string, clock: Clock): Promise<OpenStore> {
  const now = clock.now();
  if (url === undefined) return await openSqlite({ file: join(data, "calops.sqlite"), now });
  // Most bots never need its driver.
  const { openPostgres } = await import("../adapters/store/postgres.ts");
  return await openPostgres({
    url,
    now,
    backupFile: (version) => join(data, `before-migration-from-${version}.dump`),
  });
}

/** A store is looked at beside whoever works with it, and without being opened as a bot opens it, which would bring it forward. */
export async function lookAtStore(url: string | undefined, data: string, clock: Clock): Promise<Finding[]> {
  if (url === undefined) return examineSqlite(join(data, "calops.sqlite"));
  return await (await import("../adapters/store/examine-postgres.ts")).examinePostgres(url, clock);
}

type ExecutorContext = {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logLimit: number;
};

export function executorOf(name: string, config: ExecutorConfig, context: ExecutorContext): Executor {
  return new StarterExecutor({ name, options: config.options as LocalOptions, ...context });
}

export async function sourceOf(name: string, config: SourceConfig, context: SourceContext): Promise<RunSource> {
  switch (config.kind) {
    case "http":
      return openHttpSource(config.options as HttpOptions, context);
    case "watch":
      return openWatchSource(config.options as WatchOptions, context);
    case "command":
      return openCommandSource(config.options as CommandOptions, context);
    case "replay":
      return openReplaySource(config.options as ReplayOptions, context);
    default:
      throw new Error(`run source ${name} is of kind ${config.kind}, which nobody knows`);
  }
}

/** What a chat's server sends by itself, the bot's own server hands to it. */
export type OpenedChat = Chat & { listen?: ChatListener };

/** @param channels that it posts to, as the configuration names them now */
export async function chatOf(
  kind: string,
  options: unknown,
  parts: ChatParts,
  channels: () => readonly string[],
): Promise<OpenedChat> {
  switch (kind) {
    case "slack":
      // Slack's packages are large, and most bots have no use for them.
      return (await import("../adapters/chat/slack/slack.ts")).openSlack(options as SlackOptions, parts, channels);
    case "mattermost":
      return (await import("../adapters/chat/mattermost/mattermost.ts")).openMattermost(
        options as MattermostOptions,
        parts,
        channels,
      );
    default:
      throw new Error(`the chat is of kind ${kind}, which nobody knows`);
  }
}

export function hostOf(
  { kind, options }: NonNullable<EnvironmentRules["host"]>,
  secret: (name: string) => string,
): CodeHost {
  switch (kind) {
    case "github":
      return openGithub(options as GithubOptions, { secret });
    case "gitlab":
      return openGitlab(options as GitlabOptions, { secret });
    default:
      throw new Error(`the code host is of kind ${kind}, which nobody knows`);
  }
}

export function trackerOf({ kind, options }: TrackerConfig, secret: (name: string) => string): Tickets {
  switch (kind) {
    case "jira":
      return openJira(options as JiraOptions, { secret });
    case "gitlab":
      return openGitlabTickets(options as GitlabTicketOptions, { secret });
    case "github":
      return openGithubTickets(options as GithubTicketOptions, { secret });
    default:
      throw new Error(`the tracker is of kind ${kind}, which nobody knows`);
  }
}
