/** A bot in this process on a given store, whose executor ends every job the moment it is handed over: what is left is calops' own work. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../commands/context.ts";
import { COMMANDS } from "../commands/index.ts";
import { systemClock } from "../src/adapters/clock/system-clock.ts";
import { exporterOf } from "../src/adapters/conditions-export/exporter.ts";
import { localOptions } from "../src/adapters/executors/local/config.ts";
import { GitConfigRepository } from "../src/adapters/git/config-repository.ts";
import { painterInThread } from "../src/adapters/painter/painter.ts";
import { conditionsIn } from "../src/adapters/store/conditions/conditions.ts";
import { openSqlite } from "../src/adapters/store/sqlite.ts";
import { workspaceIn } from "../src/adapters/workspace/workspace.ts";
import type { Order } from "../src/core/job/order.ts";
import { Bot } from "../src/engine/bot.ts";
import { takeBatch } from "../src/engine/stages/intake.ts";
import { commandDesk } from "../src/engine/talk/command-desk.ts";
import type { Chat, ChatParts } from "../src/ports/chat.ts";
import type { Executor, Receipt, Sighting, Survey } from "../src/ports/executor.ts";
import type { Log } from "../src/ports/log.ts";

class EndingAtOnce implements Executor {
  readonly name = "local";
  readonly capacity = 200;
  readonly sureAfter = 1;
  #listener: (sightings: readonly Sighting[]) => void = () => {};

  onSighting(listener: (sightings: readonly Sighting[]) => void): void {
    this.#listener = listener;
  }

  async submit(orders: readonly Order[]): Promise<readonly Receipt[]> {
    const at = Date.now();
    this.#listener(orders.map(({ key }) => ({ key, state: "running", at, host: "bench" })));
    const end = { startedAt: at, endedAt: at, host: "bench", cpuMs: 0, exitCode: 0, signal: null, ended: null };
    const failed = { ...end, exitCode: 1 };
    setImmediate(() =>
      this.#listener(orders.map(({ key }) => ({ key, state: "ended", end: key.startsWith("failing") ? failed : end }))),
    );
    return orders.map(() => ({ kind: "accepted", externalId: null }));
  }

  async survey(): Promise<Survey> {
    return { answered: true, sightings: [] };
  }

  async cannotIsolate(): Promise<string> {
    return "there are no processes";
  }

  async cancel(): Promise<void> {}
  async close(): Promise<void> {}
}

/** A configuration with the workflows of the stored season and one more, whose task has as many jobs as a run says. */
export function writeConfig(directory: string, slots = 2): void {
  const workflow = (name: string, text: string) => {
    mkdirSync(join(directory, "workflows", name), { recursive: true });
    writeFileSync(
      join(directory, "workflows", name, "workflow.yaml"),
      `description: Workflow ${name}\nowner: bench\n${text}`,
    );
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, "calops.yaml"),
    `experiment: Bench\nruns: { attributes: { jobs: int } }\nexecutors: { local: { local: { slots: ${slots} } } }\nsources: { list: { watch: { path: ${join(directory, "..", "runs.jsonl")}, settle: 0s }, every: 1s } }\nchats: { slack: {} }\n`,
  );
  writeFileSync(join(directory, "..", "runs.jsonl"), "");
  for (let n = 0; n < 20; n++) workflow(`stored-${n}`, 'select: "false"\ntasks: { calibrate: { run: ["true"] } }\n');
  for (let n = 0; n < 10; n++)
    workflow(
      `failing-${n}`,
      `select: run.type == "failing" && run.number % 10 == ${n}\nchannel: "#failing-${n % 3}"\npause-after: never\ntasks: { break: { run: ["false"], retries: 0 } }\n`,
    );
  workflow(
    "many",
    'select: run.type == "bench"\ntasks: { work: { run: [sleep, "0.02"], split: { jobs: run.jobs } } }\n',
  );
}

/** A chat that the configuration declares as `slack`. */
export type OpenChat = (parts: ChatParts) => Chat;

/** @param source the config repository; a directory of the root by default */
export async function benchBot(root: string, log: Log, source = join(root, "config"), openChat?: OpenChat) {
  const clock = systemClock();
  const store = await openSqlite({ file: join(root, "calops.sqlite"), now: clock.now() });
  const workspace = workspaceIn(root);
  const conditions = conditionsIn(store.database, { data: root, now: clock.now });
  const makeDesk = (bot: Bot) =>
    commandDesk<Context>({
      commands: COMMANDS,
      log,
      remember: async () => {},
      now: clock.now,
      knows: async () => true,
      contextFor: (actor, asked) => ({
        queries: store.queries,
        operations: bot.operations,
        environments: bot.environments,
        duty: bot.duty,
        tags: bot.tags,
        campaigns: bot.campaigns,
        linking: bot.talk.linking,
        config: bot.engine.scene.revisions.current(asked.environment).config,
        actor,
        ...asked,
        now: clock.now(),
        conditions,
        workspace,
        painter: painterInThread(),
        links: { log: () => null, output: () => null },
        redact: (text) => text,
        check: async () => ({ what: "", issues: [], workflows: 0 }),
        examine: null,
        commands: COMMANDS,
      }),
    });
  const bot = await Bot.start({
    store,
    repository: await GitConfigRepository.open({ source, root, env: process.env }),
    kinds: {
      sources: { watch: localOptions.loose() },
      executors: { local: localOptions },
      chats: { slack: localOptions.loose() },
    },
    console: {
      name: "none",
      paceMs: 0,
      nameOf: (channel) => channel,
      deliver: async () => ({ remoteRef: null }),
      answer: async () => {},
      openForm: async () => false,
      examine: async () => [],
      close: async () => {},
    },
    openChat: async (kind, _options, takes) => {
      if (!openChat) throw new Error(`there is no ${kind} here`);
      const nowhere = () => null;
      return openChat({
        desk: takes,
        secret: String,
        clock,
        log,
        url: nowhere,
        wholeUrl: nowhere,
        chance: Math.random,
      });
    },
    makeDesk,
    seal: { seal: JSON.stringify, open: JSON.parse },
    workspace,
    conditions,
    exporter: exporterOf({ conditions, root: join(root, "export"), experiment: () => "bench" }),
    outside: { fetchJson: async () => null, runJson: async () => null },
    heartbeat: { beat: async () => {} },
    secret: () => undefined,
    clock,
    log,
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    version: "bench",
    logUrl: () => "",
    outputUrl: () => null,
    url: () => null,
    secrets: () => [],
    openExecutor: async () => new EndingAtOnce(),
    openSource: async () => ({
      read: async () => ({ records: [], cursor: null, more: false }),
      onChange: () => {},
      close: async () => {},
    }),
    openTracker: () => {
      throw new Error("nobody keeps tickets");
    },
    openHost: () => {
      throw new Error("nobody reviews");
    },
    chance: () => 0.5,
  });
  const quiet = async (everyMs = 2) => {
    while (!(await bot.quiet(0))) await new Promise((resolve) => setTimeout(resolve, everyMs));
  };
  return {
    bot,
    desk: bot.desk,
    store,
    conditions,
    async take(records: readonly unknown[]) {
      const { config } = bot.engine.scene.revisions.current("production");
      await bot.engine.do("records", (ledger) =>
        takeBatch(ledger, bot.engine.scene, { source: "list", records, cursor: null }, config),
      );
    },
    quiet,
    /** Looks at the config repository, and does all that follows. */
    async look() {
      bot.hurry();
      await quiet(1);
    },
    async stop() {
      await bot.stop();
      await store.close();
    },
  };
}
