/** `calops doctor`: a bot that runs looks at what it is connected to; where none does, it is opened just to be looked at. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { renderBlocks, renderData } from "../adapters/chat/console/render.ts";
import { BotAway, type BotClient } from "../adapters/command-line/client.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { findingsAsData, findingsInWords, isWell } from "../core/doctor/words.ts";
import { type ProgramArguments, portOption, textOption, WrongUse } from "./arguments.ts";
import { botOf, dataOf } from "./bot-of.ts";
import { TEMPLATE } from "./init.ts";
import { operatingUser } from "./operating-user.ts";
import { version } from "./version.ts";
import { PORT, type World } from "./world.ts";

/** Nobody wonders before. */
const PROGRESS_MS = 2_000;

export async function doctor(args: ProgramArguments, world: World): Promise<number> {
  const extra = args.words.find((word, index) => index > 0 && word !== "--json");
  if (extra !== undefined) throw new WrongUse(`doctor takes no ${extra}; calops --help shows its options`);
  const findings = await tellingProgress(world, (onProgress) => look(args, world, onProgress));
  if (args.words.includes("--json")) world.output.write(`${renderData(findingsAsData(findings))}\n`);
  else {
    const width = world.output.columns ?? 200;
    world.output.write(`${renderBlocks(findingsInWords(findings), { width, now: Date.now() })}\n`);
  }
  return isWell(findings) ? 0 : 1;
}

type OnProgress = (left: readonly string[]) => void;

async function look(args: ProgramArguments, world: World, onProgress: OnProgress): Promise<readonly Finding[]> {
  const { client, remote } = botOf(args, world.env);
  if (client) {
    onProgress(["what the running bot looks at"]);
    try {
      return await askBot(client);
    } catch (error) {
      // A bot that was killed leaves its address behind.
      if (remote || !(error instanceof BotAway)) throw error;
    }
  }
  const { env } = world;
  const data = dataOf(args, env);
  const { examineResting } = await import("../compose/doctor-resting.ts");
  const store = textOption(args, "store") ?? env["CALOPS_STORE"];
  return await examineResting(
    {
      data,
      config: textOption(args, "config") ?? env["CALOPS_CONFIG"] ?? ownRepository(data),
      store: store === "" ? undefined : store,
      host: textOption(args, "host") ?? env["CALOPS_HOST"] ?? "127.0.0.1",
      port: portOption(args, env, PORT),
      publicUrl: textOption(args, "url") ?? env["CALOPS_PUBLIC_URL"],
      version: version(),
      env,
    },
    onProgress,
  );
}

async function askBot(client: BotClient): Promise<readonly Finding[]> {
  const { ok, say, data } = await client.command(["doctor"], operatingUser());
  if (ok) return (data as { readonly findings: readonly Finding[] }).findings;
  throw new Error(renderBlocks(say, { width: 200, now: Date.now() }));
}

/** Where none is named, what `start` would take: the template's copy, which is made then. */
function ownRepository(data: string): string {
  const own = resolve(join(data, "config-repo"));
  return existsSync(own) ? own : TEMPLATE;
}

/** What is waited for, now and then, where it takes long. */
async function tellingProgress<T>({ errors }: World, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  let left: readonly string[] = [];
  const timer = setInterval(() => {
    if (left.length > 0) errors.write(`still looking at: ${left.join(", ")}\n`);
  }, PROGRESS_MS);
  try {
    return await work((now) => {
      left = now;
    });
  } finally {
    clearInterval(timer);
  }
}
