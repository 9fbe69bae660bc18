/** A whole bot in one process for tests: real SQLite, a configuration made of texts, an executor that plays a script, a clock set by hand. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { z } from "zod";
import type { Context } from "../../commands/context.ts";
import { COMMANDS } from "../../commands/index.ts";
import { linksFor } from "../../commands/logs.ts";
import { exporterOf } from "../../src/adapters/conditions-export/exporter.ts";
import { localOptions } from "../../src/adapters/executors/local/config.ts";
import { conditionsIn } from "../../src/adapters/store/conditions/conditions.ts";
import { openSqlite } from "../../src/adapters/store/sqlite.ts";
import type { OpenStore } from "../../src/adapters/store/store.ts";
import { workspaceIn } from "../../src/adapters/workspace/workspace.ts";
import type { Actor, Answer } from "../../src/core/command/command.ts";
import { wordsOf } from "../../src/core/command/parse.ts";
import { PRODUCTION } from "../../src/core/environment/environment.ts";
import type { Task } from "../../src/core/task/task.ts";
import { Bot } from "../../src/engine/bot.ts";
import { looksAt } from "../../src/engine/doctor/connections.ts";
import { examineAll } from "../../src/engine/doctor/examine.ts";
import { takeBatch } from "../../src/engine/stages/intake.ts";
import { commandDesk } from "../../src/engine/talk/command-desk.ts";
import type { Chat, ChatDesk, ChatParts } from "../../src/ports/chat.ts";
import type { CodeHost } from "../../src/ports/code-host.ts";
import type { CommandDesk } from "../../src/ports/command-desk.ts";
import type { Conditions } from "../../src/ports/conditions.ts";
import type { Outside } from "../../src/ports/outside.ts";
import type { Tickets } from "../../src/ports/tickets.ts";
import { type HandClock, handClock } from "../fakes/hand-clock.ts";
import { MemoryChat } from "../fakes/memory-chat.ts";
import { type Files, MemoryRepository } from "../fakes/memory-repository.ts";
import { type Script, ScriptedExecutor } from "../fakes/scripted-executor.ts";
import { sketchPainter } from "../fakes/sketch-painter.ts";

export type Harness = {
  readonly bot: Bot;
  readonly clock: HandClock;
  readonly chat: MemoryChat;
  readonly desk: CommandDesk;
  readonly executor: ScriptedExecutor;
  readonly repository: MemoryRepository;
  readonly store: OpenStore;
  readonly conditions: Conditions;
  readonly root: string;
  readonly faults: string[];
  /** Addresses that were told that the bot works. */
  readonly beats: string[];
  /** Runs come from the source. */
  take(...records: unknown[]): Promise<void>;
  /** Everything that can be decided now is decided. */
  settle(): Promise<void>;
  /** The remote is looked at, and what follows is decided. */
  follow(): Promise<void>;
  /** Time passes, and what it brings is decided. */
  pass(ms: number): Promise<void>;
  tasks(filter?: { workflow?: string; name?: string }): Promise<Task[]>;
  task(workflow: string, name: string, group: string, environment?: string): Promise<Task>;
  command(line: string, by?: Partial<Actor>): Promise<Answer>;
  /** Stops the bot and starts another on the same store. */
  restart(): Promise<Harness>;
  stop(): Promise<void>;
};

export type HarnessOptions = {
  readonly files: Files;
  readonly script?: Script;
  readonly outside?: Outside;
  readonly conditions?: Conditions;
  readonly capacity?: number;
  readonly sureAfter?: number;
  readonly host?: CodeHost;
  readonly tracker?: Tickets;
  readonly clock?: HandClock;
  /** Chats by the name that `calops.yaml` declares them with. */
  readonly rooms?: Readonly<Record<string, MemoryChat>>;
  /** One that is opened as it is for real; `calops.yaml` declares it by its name. */
  readonly openChat?: (parts: ChatParts) => Chat;
  /** The messages of the first start are kept. */
  readonly hearsStart?: boolean;
  readonly openStore?: (root: string, now: number) => Promise<OpenStore>;
};

const nobody: Outside = {
  fetchJson: () => Promise.reject(new Error("nobody is there")),
  runJson: () => Promise.reject(new Error("nobody is there")),
};

export async function startHarness(
  options: HarnessOptions,
  before?: {
    root: string;
    clock: HandClock;
    repository: MemoryRepository;
    executor: ScriptedExecutor;
    chat: MemoryChat;
  },
): Promise<Harness> {
  const root = before?.root ?? mkdtempSync(join(tmpdir(), "calops-"));
  const clock = before?.clock ?? options.clock ?? handClock();
  const repository = before?.repository ?? new MemoryRepository(root, options.files);
  const executor =
    before?.executor ??
    new ScriptedExecutor({
      root,
      clock,
      script: options.script ?? (() => ({})),
      ...(options.capacity ? { capacity: options.capacity } : {}),
      ...(options.sureAfter ? { sureAfter: options.sureAfter } : {}),
    });
  const chat = before?.chat ?? new MemoryChat();
  const { rooms = {} } = options;
  const faults: string[] = [];
  const beats: string[] = [];
  const store = options.openStore
    ? await options.openStore(root, clock.now())
    : await openSqlite({ file: join(root, "calops.sqlite"), now: clock.now() });
  const workspace = workspaceIn(root);
  const conditions = options.conditions ?? conditionsIn(store.database, { data: root, now: clock.now });
  const makeDesk = (bot: Bot) =>
    commandDesk<Context>({
      commands: COMMANDS,
      log: { info: () => {}, warn: () => {}, error: (facts) => faults.push(JSON.stringify(facts)) },
      remember: bot.operations.remember,
      confirmations: bot.talk.confirmations,
      now: clock.now,
      knows: async (environment) => (await store.queries.environmentsNamed([environment])).length > 0,
      contextFor: (actor, asked) => ({
        queries: store.queries,
        ...bot.deedsFor(actor, asked.command),
        config: bot.engine.scene.revisions.current(asked.environment).config,
        actor,
        ...asked,
        now: clock.now(),
        conditions,
        workspace,
        painter: sketchPainter(),
        links: linksFor(actor, {
          log: (of) => `http://bot/logs/${of.jobId}/${of.attempt}`,
          output: (of) => `http://bot/outputs/${of.path}`,
        }),
        redact: (text) => text,
        check: async () => ({ what: "test", issues: [], workflows: 0 }),
        examine: () => examineAll(looksAt(bot.connections), { redact: (text) => text }),
        commands: COMMANDS,
      }),
    });
  const bot = await Bot.start({
    store,
    repository,
    kinds: {
      sources: { test: z.strictObject({}) },
      executors: { local: localOptions },
      hosts: { test: z.strictObject({}) },
      tickets: { test: z.strictObject({}) },
      chats: Object.fromEntries(
        ["slack", "mattermost", ...Object.keys(rooms)].map((name) => [name, z.strictObject({})]),
      ),
    },
    console: chat,
    openChat: async (kind, _options, takes) => {
      if (options.openChat) return options.openChat(partsFor(takes, clock));
      rooms[kind]?.opened(takes);
      return rooms[kind] ?? failing(`there is no ${kind} here`);
    },
    makeDesk,
    seal: {
      seal: (content) => `sealed.${Buffer.from(JSON.stringify(content)).toString("base64url")}`,
      open: (sealed) =>
        sealed.startsWith("sealed.") ? JSON.parse(Buffer.from(sealed.slice(7), "base64url").toString()) : undefined,
    },
    workspace,
    conditions,
    exporter: exporterOf({ conditions, root: join(root, "export"), experiment: () => "test" }),
    outside: options.outside ?? nobody,
    heartbeat: { beat: async (url) => void beats.push(url) },
    secret: (name) => (name === "BEAT" ? "http://beat.example/secret" : undefined),
    clock,
    log: {
      info: () => {},
      warn: (facts, message) => faults.push(`${message} ${JSON.stringify(facts)}`),
      error: (facts, message) => faults.push(`${message} ${JSON.stringify(facts)}`),
    },
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    version: "0.0.0",
    paceMs: 0,
    logUrl: ({ workflow, task, group, jobId, attempt }) =>
      `http://bot/logs/${workflow}-${task}-${group}-${jobId}-${attempt}.log`,
    outputUrl: ({ jobId, attempt, path }) => `http://bot/outputs/${jobId}/${attempt}/${path}`,
    url: () => "http://bot",
    secrets: () => ["hunter2-the-secret"],
    openExecutor: async () => executor,
    openSource: async () => ({
      read: async () => ({ records: [], cursor: null, more: false }),
      onChange: () => {},
      close: async () => {},
    }),
    openTracker: () => options.tracker ?? failing("no tracker was given"),
    openHost: () => options.host ?? failing("no code host was given"),
    chance: () => 0.5,
  });

  const follow = async () => {
    bot.hurry();
    await settle();
  };
  // Jobs that were left running are the world's business.
  const settle = async () => {
    for (let looks = 0; looks < 3; ) {
      await breathe();
      looks = (await bot.quiet(0, { despiteJobs: true })) ? looks + 1 : 0;
    }
  };
  const stop = async () => {
    await bot.stop();
    await conditions.close();
    await store.close();
  };
  const harness: Harness = {
    bot,
    clock,
    chat,
    desk: bot.desk,
    executor,
    repository,
    store,
    conditions,
    root,
    faults,
    beats,
    settle,
    follow,
    async take(...records) {
      const { config } = bot.engine.scene.revisions.current("production");
      await bot.engine.do("records", (ledger) =>
        takeBatch(ledger, bot.engine.scene, { source: "test", records, cursor: null }, config),
      );
      await settle();
    },
    async pass(ms) {
      clock.pass(ms);
      bot.nudge();
      await settle();
    },
    async tasks(filter = {}) {
      const all = await store.queries.taskPage({ limit: 10_000 });
      return all
        .filter(
          (task) =>
            (!filter.workflow || task.workflow === filter.workflow) && (!filter.name || task.name === filter.name),
        )
        .sort((a, b) => a.id - b.id);
    },
    async task(workflow, name, group, environment = PRODUCTION) {
      const found = await store.queries.taskByName(environment, workflow, name, group);
      if (!found)
        throw new Error(
          `no task ${workflow}/${name} of ${group}; there are ${(await harness.tasks()).map((task) => `${task.workflow}/${task.name}@${task.groupKey}`).join(", ")}`,
        );
      return found;
    },
    async command(line, by = {}) {
      const answer = await bot.desk.answer(wordsOf(line), {
        id: "ann",
        roles: [],
        owner: true,
        via: "command-line",
        ...by,
      });
      await settle();
      return answer;
    },
    async restart() {
      await stop();
      return await startHarness(options, { root, clock, repository, executor, chat });
    },
    async stop() {
      await stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
  await settle();
  // What a first start says of its deployment is for the tests of deployments.
  if (!before && !options.hearsStart) chat.forget();
  return harness;
}

function partsFor(desk: ChatDesk, clock: HandClock): ChatParts {
  return {
    desk,
    clock,
    secret: (name) => name,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    url: () => "http://bot",
    wholeUrl: (key) => `http://bot/said/${encodeURIComponent(key)}`,
    chance: () => 0.5,
  };
}

function failing(why: string): never {
  throw new Error(why);
}
