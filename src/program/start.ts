/** `calops start`: the bot in this process, with a prompt where a person sits at it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openTerminal } from "../adapters/chat/console/terminal.ts";
import { initRepository } from "../adapters/command-line/init.ts";
import { type RunningBot, startBot } from "../compose/bot.ts";
import { PRODUCTION, shortCommit } from "../core/environment/environment.ts";
import { isLive } from "../core/job/job.ts";
import { plural } from "../core/say.ts";
import { parseDuration } from "../core/time.ts";
import { type ProgramArguments, portOption, textOption, WrongUse } from "./arguments.ts";
import { dataOf } from "./bot-of.ts";
import { TEMPLATE } from "./init.ts";
import { operatingUser } from "./operating-user.ts";
import { version } from "./version.ts";
import { PORT, type World } from "./world.ts";

/** `--until-idle` waits for what comes by itself within this time: retries, delays, grace times. */
const WORTH_WAITING_MS = parseDuration("5m") ?? 0;
const LOOK_EVERY_MS = 100;

export async function start(args: ProgramArguments, world: World): Promise<number> {
  const [, extra] = args.words;
  if (extra !== undefined) throw new WrongUse(`start takes no ${extra}; calops --help shows its options`);
  const { env, input, output } = world;
  const data = dataOf(args, env);
  const interactive = input.isTTY === true && output.isTTY === true;
  const untilIdle = args.options["until-idle"] === true;
  const config = textOption(args, "config") ?? env["CALOPS_CONFIG"] ?? (await ownRepository(data));
  const store = textOption(args, "store") ?? env["CALOPS_STORE"];

  let stopped = false;
  let stop = () => {
    stopped = true;
  };
  const stopping = new Promise<void>((resolve) => {
    stop = () => {
      stopped = true;
      resolve();
    };
  });
  world.onStop(() => stop());
  // From the first moment on, since SIGHUP ends whoever does not listen; a start reads the newest anyway.
  let reload = () => {};
  world.onReload(() => reload());

  const running = await startBot({
    data,
    config,
    store: store === "" ? undefined : store,
    host: textOption(args, "host") ?? env["CALOPS_HOST"] ?? "127.0.0.1",
    port: portOption(args, env, untilIdle ? 0 : PORT),
    publicUrl: textOption(args, "url") ?? env["CALOPS_PUBLIC_URL"],
    quiet: interactive,
    version: version(),
    env,
  });
  const terminal = openPrompt(running, world, stop);
  try {
    greet(running, { data, config, interactive }, terminal.print);
    reload = () => running.bot.hurry();
    if (untilIdle) await Promise.race([stopping, idle(running, () => stopped)]);
    else await stopping;
    if (untilIdle && !stopped) await summarise(running, terminal.print);
  } finally {
    terminal.close();
    await running.stop();
  }
  return 0;
}

/** Without a repository of one's own, the template becomes one in the data directory. */
async function ownRepository(data: string): Promise<string> {
  const directory = join(data, "config-repo");
  if (!existsSync(directory)) await initRepository(TEMPLATE, directory);
  return directory;
}

function openPrompt(running: RunningBot, { input, output }: World, onLeave: () => void) {
  const { channel, desk, clock, queries, workspace } = running;
  return openTerminal({
    input,
    output,
    channel,
    desk,
    clock,
    actor: { id: operatingUser(), roles: [], owner: true, via: "terminal" },
    onLeave,
    async follow(log, print, stopped) {
      const attempt = await queries.attempt(log.job, log.attempt);
      if (!attempt) return;
      const live = async () => !stopped() && isLive((await queries.attempt(log.job, log.attempt))?.state ?? "lost");
      for await (const { text } of workspace.followLog(attempt.directory, log.from, live)) {
        if (stopped()) return;
        print(running.redact(text));
      }
    },
  });
}

function greet(
  { bot, url }: RunningBot,
  about: { data: string; config: string; interactive: boolean },
  print: (text: string) => void,
): void {
  const { commit } = bot.operations.condition();
  const { config } = bot.engine.scene.revisions.current(PRODUCTION);
  print(
    [
      commit === null
        ? `calops runs, and production has nothing from ${about.config}: ${bot.idleWhy ?? "it waits"}.`
        : `calops runs ${config.experiment}: ${plural(Object.keys(config.workflows).length, "workflow")} from ${about.config}, commit ${shortCommit(commit)}.`,
      `It listens at ${url} and keeps everything in ${about.data}.`,
      ...(about.interactive
        ? [
            "Type commands as in chat: status, runs, tasks, why TASK, logs TASK, help. exit leaves, and running jobs go on.",
          ]
        : []),
    ].join("\n"),
  );
}

async function idle({ bot, log }: RunningBot, stopped: () => boolean): Promise<void> {
  let quiet = 0;
  // Twice in a row: between two looks something may just have been on its way from one place to the next.
  while (!stopped() && quiet < 2) {
    await wait(LOOK_EVERY_MS);
    try {
      quiet = (await bot.quiet(WORTH_WAITING_MS)) ? quiet + 1 : 0;
    } catch (error) {
      log.warn({ error: (error as Error).message }, "it cannot be told whether anything is left to do");
      quiet = 0;
    }
  }
}

async function summarise({ queries }: RunningBot, print: (text: string) => void): Promise<void> {
  const counts = new Map<string, number>();
  for (const tally of await queries.tallies()) counts.set(tally.state, (counts.get(tally.state) ?? 0) + tally.count);
  const states = [...counts].filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  print(
    `Nothing is left that calops could do by itself: ${states.length === 0 ? "no tasks" : `tasks ${states.join(", ")}`}.`,
  );
}
