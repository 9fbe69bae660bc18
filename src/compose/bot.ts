/** A bot, with everything that it is connected to. */
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Context, Links } from "../../commands/context.ts";
import { COMMANDS } from "../../commands/index.ts";
import { linksFor } from "../../commands/logs.ts";
import { type Channel, openChannel } from "../adapters/chat/console/channel.ts";
import { systemClock } from "../adapters/clock/system-clock.ts";
import { removeBotAddress, writeBotAddress } from "../adapters/command-line/bot-address.ts";
import { exporterOf } from "../adapters/conditions-export/exporter.ts";
import { GitConfigRepository } from "../adapters/git/config-repository.ts";
import { openHeartbeat } from "../adapters/heartbeat/heartbeat.ts";
import { openIsolation } from "../adapters/isolation/isolation.ts";
import { openLog } from "../adapters/log/log.ts";
import { outside } from "../adapters/outside/outside.ts";
import { painterInThread } from "../adapters/painter/painter.ts";
import { secretsFrom } from "../adapters/secrets/secrets.ts";
import type { SourceContext } from "../adapters/sources/source-context.ts";
import { conditionsIn } from "../adapters/store/conditions/conditions.ts";
import { type Access, identityOf, openAccess } from "../adapters/web/access.ts";
import { logPath, outputPath, saidPath } from "../adapters/web/addresses.ts";
import type { ChatListener } from "../adapters/web/chat-routes.ts";
import { sealWith } from "../adapters/web/seal.ts";
import { openServer } from "../adapters/web/server.ts";
import { workspaceIn } from "../adapters/workspace/workspace.ts";
import { addressesIn } from "../core/config/config.ts";
import { PRODUCTION, shortCommit } from "../core/environment/environment.ts";
import { redactor } from "../core/text/redact.ts";
import { Bot } from "../engine/bot.ts";
import { commandDesk } from "../engine/talk/command-desk.ts";
import type { ChatParts } from "../ports/chat.ts";
import type { Clock } from "../ports/clock.ts";
import type { CommandDesk } from "../ports/command-desk.ts";
import type { Log } from "../ports/log.ts";
import type { Queries } from "../ports/queries.ts";
import type { Workspace } from "../ports/workspace.ts";
import { checkDirectory } from "./check-directory.ts";
import { conditionsByConfig } from "./conditions.ts";
import { examineRunning } from "./doctor.ts";
import { GIT_TOKEN } from "./git-token.ts";
import { KINDS } from "./kinds.ts";
import { chatOf, executorOf, hostOf, openStore, sourceOf, trackerOf } from "./open.ts";
import { sha256 } from "./sha256.ts";

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
    const store = await openStore(options.store, data, clock);
    undo.push(() => store.close());
    const own = conditionsIn(store.database, { data, now: clock.now });
    undo.push(() => own.close());
    let made: Bot | undefined;
    const conditions = conditionsByConfig(own, {
      config: () => made?.engine.scene.revisions.current(PRODUCTION).config,
      secret: secrets.get,
      now: clock.now,
      data,
    });
    undo.push(() => conditions.close());
    const exporter = exporterOf({
      conditions,
      root: join(data, "export"),
      experiment: () => bot.engine.scene.revisions.current(PRODUCTION).config.experiment,
    });
    const repository = await GitConfigRepository.open({
      source: options.config,
      root: data,
      env: options.env,
      token: () => secrets.find(GIT_TOKEN),
    });
    const workspace = workspaceIn(data);
    const painter = painterInThread();
    undo.push(() => painter.close());
    const channel = openChannel(join(data, "channel.jsonl"), clock);
    const access = openAccess(join(data, "access.json"));
    const listeners = new Map<string, ChatListener | undefined>();
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

    const makeDesk = (bot: Bot) => {
      made = bot;
      const check: Context["check"] = async (directory) => {
        if (directory !== undefined) return { what: directory, ...(await checkDirectory(directory, options.env)) };
        const { commit, subject, ...found } = await bot.environments.checkNewest();
        return { what: `commit ${shortCommit(commit)} (${subject})`, ...found };
      };
      return commandDesk<Context>({
        commands: COMMANDS,
        log,
        remember: bot.operations.remember,
        knows: async (environment) => (await store.queries.environmentsNamed([environment])).length > 0,
        confirmations: bot.talk.confirmations,
        now: clock.now,
        contextFor: (actor, asked) => ({
          queries: store.queries,
          ...bot.deedsFor(actor, asked.command),
          config: bot.engine.scene.revisions.current(asked.environment).config,
          actor,
          ...asked,
          now: clock.now(),
          conditions,
          workspace,
          painter,
          links: linksFor(actor, links),
          redact: redact(),
          check,
          examine: () => examineRunning(options, bot, { secrets, clock, listening: url, is: identityOf(access) }),
          commands: COMMANDS,
        }),
      });
    };
    const bot = await Bot.start({
      store,
      repository,
      kinds: KINDS,
      console: channel,
      openChat: async (kind, declared, takes) => {
        const parts: ChatParts = {
          desk: takes,
          secret: secrets.get,
          clock,
          log,
          url: () => options.publicUrl ?? url ?? null,
          wholeUrl: links.said,
          chance: Math.random,
        };
        const chat = await chatOf(kind, declared, parts, () =>
          addressesIn(bot.engine.scene.revisions.current(PRODUCTION).config, kind),
        );
        listeners.set(kind, chat.listen?.bind(chat));
        return chat;
      },
      makeDesk,
      seal: sealWith(access),
      workspace,
      conditions,
      exporter,
      outside: outside(options.env, openIsolation(data, options.env)),
      heartbeat: openHeartbeat(),
      secret: secrets.find,
      clock,
      log,
      digest: sha256,
      version: options.version,
      logUrl: (of) => links.log(of) ?? "",
      outputUrl: links.output,
      url: () => options.publicUrl ?? url ?? null,
      secrets: secrets.known,
      openExecutor: async (name, config, everything) =>
        executorOf(name, config, { root: data, env: options.env, logLimit: everything.logs.limit }),
      openSource: (name, config, checkout) => sourceOf(name, config, contextFor(checkout)),
      openHost: (host) => hostOf(host, secrets.get),
      openTracker: (declared) => trackerOf(declared, secrets.get),
      chance: Math.random,
    });
    undo.push(() => bot.stop());

    const server = await openServer({
      host: options.host,
      port: options.port,
      queries: store.queries,
      workspace,
      access,
      redact,
      desk: bot.desk,
      log,
      backup: (file) => store.backup(file),
      chatListener: (chat) => listeners.get(chat),
      webhooks: {
        now: clock.now,
        hurry: () => bot.hurry(),
        secretOf: (kind) => {
          const name = bot.rules.rules.webhooks[kind];
          return name === undefined ? undefined : secrets.find(name);
        },
      },
      hsf: {
        conditions: bot.engine.scene.conditions,
        now: clock.now,
        url: () => options.publicUrl ?? url ?? null,
        served: () => {
          const { keeping, tags } = bot.engine.scene.revisions.current(PRODUCTION).config;
          const { rest } = keeping;
          return (
            rest && {
              token: () => (rest.secret === undefined ? undefined : secrets.find(rest.secret)),
              declaredTypes: Object.values(tags).flatMap(({ types }) => Object.keys(types)),
              countsChanges: keeping.server === undefined,
            }
          );
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
      desk: bot.desk,
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

function linksFrom(access: Access, base: () => string | undefined) {
  const at = (path: string) => {
    const url = base();
    return url === undefined ? null : `${url.replace(/\/$/, "")}${path}`;
  };
  return {
    log: (of) => at(logPath(access, of)),
    output: (of) => at(outputPath(access, of)),
    /** The whole of a message or an answer, by its key. */
    said: (key: string) => at(saidPath(access, key)),
  } satisfies Links & Record<"said", unknown>;
}
