/** A command of the chat, given from a command line: to the running bot, or to the store of one that does not run. */
import { liveText } from "../adapters/chat/console/live-text.ts";
import { renderBlocks, renderData } from "../adapters/chat/console/render.ts";
import { BotAway } from "../adapters/command-line/client.ts";
import type { Given } from "../core/command/command.ts";
import type { ProgramArguments } from "./arguments.ts";
import { botOf } from "./bot-of.ts";
import { operatingUser } from "./operating-user.ts";
import type { World } from "./world.ts";

export async function giveCommand(args: ProgramArguments, world: World): Promise<number> {
  const { client, data, remote } = botOf(args, world.env);
  const by = operatingUser();
  let answer: Given | undefined;
  if (client) {
    try {
      answer = await client.command(args.words, by);
    } catch (error) {
      // A bot that was killed leaves its address behind; its store can still be read.
      if (remote || !(error instanceof BotAway)) throw error;
    }
  }
  answer ??= await readOnly(data, args, by, world.env);
  show(answer, world);
  if (answer.follow && client) {
    const url = (answer.data as { url?: string }).url;
    const live = liveText((text) => world.output.write(text));
    if (url !== undefined) for await (const text of client.follow(url, answer.follow.from)) live.take(text);
    live.end();
  }
  return answer.ok ? 0 : answer.misused ? 2 : 1;
}

async function readOnly(data: string, args: ProgramArguments, by: string, env: NodeJS.ProcessEnv): Promise<Given> {
  const { openResting } = await import("../compose/resting.ts");
  const resting = await openResting(data, env);
  if (!resting)
    throw new Error(
      `there is no bot and no store in ${data}; start one with calops start, or name its directory with --data DIR`,
    );
  try {
    return await resting.desk.answer(args.words, { id: by, roles: [], owner: true, via: "command-line" });
  } finally {
    resting.close();
  }
}

function show(answer: Given, { output, errors }: World): void {
  if (answer.json && answer.data !== null) output.write(`${renderData(answer.data)}\n`);
  if (answer.json && answer.ok) return;
  const text = renderBlocks(answer.say, { width: output.columns ?? 200, now: Date.now() });
  (answer.ok ? output : errors).write(`${text}\n`);
}
