/** The one file that knows every adapter: it makes them and puts them together. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Context, Links } from "../commands/context.ts";
import { COMMANDS } from "../commands/index.ts";
import { type Channel, openChannel } from "./adapters/chat/console/channel.ts";
import { systemClock } from "./adapters/clock/system-clock.ts";
import { type GithubOptions, githubOptions } from "./adapters/code-hosts/github/config.ts";
import { openGithub } from "./adapters/code-hosts/github/github.ts";
import { type GitlabOptions, gitlabOptions } from "./adapters/code-hosts/gitlab/config.ts";
import { openGitlab } from "./adapters/code-hosts/gitlab/gitlab.ts";
import { removeBotAddress, writeBotAddress } from "./adapters/command-line/bot-address.ts";
import { type LocalOptions, localOptions } from "./adapters/executors/local/config.ts";
import { StarterExecutor } from "./adapters/executors/local/starter.ts";
import { readConfigFiles } from "./adapters/git/config-files.ts";
import { GitConfigRepository } from "./adapters/git/config-repository.ts";
import { openIsolation } from "./adapters/isolation/isolation.ts";
import { openLog } from "./adapters/log/log.ts";
import { outside } from "./adapters/outside/outside.ts";
import { secretsFrom } from "./adapters/secrets/secrets.ts";
import { openCommandSource } from "./adapters/sources/command/command.ts";
import { type CommandOptions, commandOptions } from "./adapters/sources/command/config.ts";
import { type HttpOptions, httpOptions } from "./adapters/sources/http/config.ts";
import { openHttpSource } from "./adapters/sources/http/http.ts";
import { type ReplayOptions, replayOptions } from "./adapters/sources/replay/config.ts";
import { openReplaySource } from "./adapters/sources/replay/replay.ts";
import type { SourceContext } from "./adapters/sources/source-context.ts";
import { type WatchOptions, watchOptions } from "./adapters/sources/watch/config.ts";
import { openWatchSource } from "./adapters/sources/watch/watch.ts";
import { openSqlite, readSqlite } from "./adapters/store/sqlite.ts";
import { type Access, openAccess } from "./adapters/web/access.ts";
import { logPath, outputPath } from "./adapters/web/addresses.ts";
import { openServer } from "./adapters/web/server.ts";
import { workspaceIn } from "./adapters/workspace/workspace.ts";
import type { Actor } from "./core/command/command.ts";
import type { Config, ExecutorConfig, SourceConfig } from "./core/config/config.ts";
import type { Kinds } from "./core/config/kinds.ts";
import { readConfig } from "./core/config/read-config.ts";
import { PRODUCTION, shortCommit } from "./core/environment/environment.ts";
import type { EnvironmentRules } from "./core/environment/rules.ts";
import { redactor } from "./core/text/redact.ts";
import { Bot } from "./engine/bot.ts";
import { type Asked, commandDesk } from "./engine/command-desk.ts";
import type { Clock } from "./ports/clock.ts";
import type { CodeHost } from "./ports/code-host.ts";
import type { CommandDesk } from "./ports/command-desk.ts";
import type { Executor } from "./ports/executor.ts";
import type { Log } from "./ports/log.ts";
import type { Queries } from "./ports/queries.ts";
import type { RunSource } from "./ports/run-source.ts";
import type { Store } from "./ports/store.ts";
import type { Workspace } from "./ports/workspace.ts";

/** Every kind of source and executor that `calops.yaml` may name. */
export const KINDS: Kinds = {
  sources: { http: httpOptions, watch: watchOptions, command: commandOptions, replay: replayOptions },
  executors: { local: localOptions },
  hosts: { github: githubOptions, gitlab: gitlabOptions },
};

/** The secret by which a config repository at an https address is read, where it asks for one. */
const GIT_TOKEN = "CALOPS_GIT_TOKEN";

export type StartOptions = {
  readonly data: string;
  /** A repository by address or path, or a plain directory. */
  readonly config: string;
  /** `postgres://...`, or undefined for SQLite in the data directory. */
  readonly store: string | undefined;
  readonly host: string;
  readonly port: number;
  /** The address under which others reach the bot, where it is not the one it listens at. */
  readonly publicUrl: string | undefined;
  /** The bot's log goes to a file of the data directory instead of standard error. */
  readonly quiet: boolean;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
};

export type RunningBot = {
  readonly bot: Bot;
  readonly url: string;
  readonly channel: Channel;
  readonly desk: CommandDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly queries: Queries;
  readonly workspace: Workspace;
  /** Takes the secrets that are known now out of a text. */
  redact(text: string): string;
  stop(): Promise<void>;
};

export async function startBot(options: StartOptions): Promise<RunningBot> {
  const data = resolve(options.data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const clock = systemClock();
  const secrets = secretsFrom(options.env, join(data, "secrets"));
  const redact = () => redactor(secrets.known());
  const log = openLog(options.quiet ? join(data, "calops.log") : undefined, redact);

  // Undone from the last to the first, whatever of it had been made when something failed.
  const undo: (() => Promise<void> | void)[] = [];
  const undoAll = async () => {
    for (const one of undo.splice(0).reverse()) await one();
  };
  try {
    const store = await openStore(options, data, clock);
    undo.push(() => store.close());
    const repository = await GitConfigRepository.open({
      source: options.config,
      root: data,
      env: options.env,
      token: () => secrets.find(GIT_TOKEN),
    });
    const workspace = workspaceIn(data);
    const channel = openChannel(join(data, "channel.jsonl"), clock);
    const access = openAccess(join(data, "access.json"));
    let url: string | undefined;
    const links = linksFrom(access, () => options.publicUrl ?? url);
    // Beside a repository on this machine lie the lists that it speaks of; one from elsewhere has only what is in it.
    const local = existsSync(options.config) ? resolve(options.config) : undefined;
    const contextFor = (checkout: string): SourceContext => ({
      base: local ?? checkout,
      clock,
      secret: secrets.get,
      env: options.env,
    });

    const bot = await Bot.start({
      store,
      repository,
      kinds: KINDS,
      chat: channel,
      workspace,
      outside: outside(options.env, openIsolation(data, options.env)),
      clock,
      log,
      digest: sha256,
      version: options.version,
      logUrl: (of) => links.log(of) ?? "",
      url: () => options.publicUrl ?? url ?? null,
      secrets: secrets.known,
      openExecutor: async (name, config, everything) =>
        executorOf(name, config, { root: data, env: options.env, logLimit: everything.logs.limit }),
      openSource: (name, config, checkout) => sourceOf(name, config, contextFor(checkout)),
      openHost: (host) => hostOf(host, secrets.get),
      chance: Math.random,
    });
    undo.push(() => bot.stop());

    const check = checker(async () => {
      const newest = await bot.environments.newest();
      return { what: `commit ${shortCommit(newest.commit)} (${newest.subject})`, directory: newest.checkout };
    });
    const desk = commandDesk<Context>({
      commands: COMMANDS,
      log,
      remember: bot.operations.remember,
      knows: async (environment) => (await store.queries.environmentsNamed([environment])).length > 0,
      contextFor: (actor, asked) => ({
        queries: store.queries,
        operations: bot.operations,
        environments: bot.environments,
        config: bot.engine.scene.revisions.current(asked.environment).config,
        actor,
        ...asked,
        now: clock.now(),
        workspace,
        links,
        redact: redact(),
        check,
        commands: COMMANDS,
      }),
    });
    const server = await openServer({
      host: options.host,
      port: options.port,
      queries: store.queries,
      workspace,
      access,
      redact,
      desk,
      log,
      backup: (file) => store.backup(file),
      webhooks: {
        now: clock.now,
        hurry: () => bot.hurry(),
        secretOf: (kind) => {
          const name = bot.rules.rules.webhooks[kind];
          return name === undefined ? undefined : secrets.find(name);
        },
      },
      health: () => ({ stalled: bot.operations.condition().stalled }),
    });
    url = server.url;
    undo.push(() => server.close());
    writeBotAddress(data, { url, pid: process.pid });
    undo.push(() => removeBotAddress(data));
    return {
      bot,
      url,
      channel,
      desk,
      clock,
      log,
      queries: store.queries,
      workspace,
      redact: (text) => redact()(text),
      stop: undoAll,
    };
  } catch (error) {
    await undoAll();
    throw error;
  }
}

async function openStore(options: StartOptions, data: string, clock: Clock): Promise<Store> {
  const now = clock.now();
  if (options.store === undefined) return await openSqlite({ file: join(data, "calops.sqlite"), now });
  // Most bots never need its driver.
  const { openPostgres } = await import("./adapters/store/postgres.ts");
  return await openPostgres({
    url: options.store,
    now,
    backupFile: (version) => join(data, `before-migration-from-${version}.dump`),
  });
}

type ExecutorContext = {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logLimit: number;
};

function executorOf(name: string, config: ExecutorConfig, context: ExecutorContext): Executor {
  return new StarterExecutor({ name, options: config.options as LocalOptions, ...context });
}

async function sourceOf(name: string, config: SourceConfig, context: SourceContext): Promise<RunSource> {
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

function hostOf({ kind, options }: NonNullable<EnvironmentRules["host"]>, secret: (name: string) => string): CodeHost {
  switch (kind) {
    case "github":
      return openGithub(options as GithubOptions, { secret });
    case "gitlab":
      return openGitlab(options as GitlabOptions, { secret });
    default:
      throw new Error(`the code host is of kind ${kind}, which nobody knows`);
  }
}

function linksFrom(access: Access, base: () => string | undefined): Links {
  const at = (path: string) => {
    const url = base();
    return url === undefined ? null : `${url.replace(/\/$/, "")}${path}`;
  };
  return { log: (of) => at(logPath(access, of)), output: (of) => at(outputPath(access, of)) };
}

/** Checks a directory that somebody names, or whatever `newest` gives. */
export function checker(newest: () => Promise<{ what: string; directory: string }>): Context["check"] {
  return async (named) => {
    const { what, directory } = named === undefined ? await newest() : { what: named, directory: resolve(named) };
    const read = readConfig(await readConfigFiles(directory), KINDS);
    return { what, issues: read.issues ?? [], workflows: Object.keys(read.config?.workflows ?? {}).length };
  };
}

/** The commands on a data directory that no bot runs on: they read, and refuse to change anything. */
export async function openResting(
  data: string,
  env: NodeJS.ProcessEnv,
): Promise<{ desk: CommandDesk; close(): void } | undefined> {
  const file = join(resolve(data), "calops.sqlite");
  if (!existsSync(file)) return undefined;
  const { queries, close } = readSqlite(file);
  const secrets = secretsFrom(env, join(data, "secrets"));
  const config = await lastConfig(queries, data);
  const contextFor = (actor: Actor, asked: Asked): Context => ({
    queries,
    operations: null,
    environments: null,
    config,
    actor,
    ...asked,
    now: systemClock().now(),
    workspace: workspaceIn(resolve(data)),
    links: { log: () => null, output: () => null },
    redact: redactor(secrets.known()),
    check: checker(async () => ({ what: "this directory", directory: process.cwd() })),
    commands: COMMANDS,
  });
  const log = openLog(undefined, () => redactor(secrets.known()));
  const knows = async (environment: string) => (await queries.environmentsNamed([environment])).length > 0;
  return {
    desk: commandDesk<Context>({ commands: COMMANDS, contextFor, knows, remember: async () => {}, log }),
    close,
  };
}

async function lastConfig(queries: Queries, data: string): Promise<Config | null> {
  const [production] = await queries.environmentsNamed([PRODUCTION]);
  const checkout = production?.commit ? join(resolve(data), "checkouts", production.commit) : undefined;
  if (checkout === undefined || !existsSync(checkout)) return null;
  return readConfig(await readConfigFiles(checkout), KINDS).config ?? null;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
