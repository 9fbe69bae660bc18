/** A prompt at which commands are typed as in chat, and messages appear as a channel shows them. */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Actor } from "../../../core/command/command.ts";
import { wordsOf } from "../../../core/command/parse.ts";
import { cleanLine } from "../../../core/text/clean.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { CommandDesk } from "../../../ports/command-desk.ts";
import type { Channel, Entry } from "./channel.ts";
import { liveText } from "./live-text.ts";
import { momentInWords, renderBlocks, renderData, type Screen } from "./render.ts";

export type TerminalParts = {
  readonly input: Readable & { isTTY?: boolean };
  readonly output: Writable & { isTTY?: boolean; columns?: number };
  readonly channel: Channel;
  readonly desk: CommandDesk;
  readonly actor: Actor;
  readonly clock: Clock;
  /** Follows a log until it ends or `stopped` says so. */
  readonly follow: (
    log: { job: number; attempt: number; from: number },
    print: (text: string) => void,
    stopped: () => boolean,
  ) => Promise<void>;
  /** The person leaves: end of input, `exit`, Ctrl-C. */
  readonly onLeave: () => void;
};

const PROMPT = "calops> ";
const EARLIER = 5;

export function openTerminal(parts: TerminalParts): { print(text: string): void; close(): void } {
  const { input, output, channel, desk, actor, clock } = parts;
  const interactive = input.isTTY === true && output.isTTY === true;
  const lines = createInterface({
    input,
    output: interactive ? output : undefined,
    terminal: interactive,
    prompt: PROMPT,
    completer: (line: string) => [[...desk.complete(line)], line],
  });
  const screen = (): Screen => ({ width: output.columns ?? 160, now: clock.now() });
  let answering: Promise<void> = Promise.resolve();
  let following = false;
  let closed = false;

  const print = (text: string): void => {
    if (interactive) output.write(`\r\u001b[K${text}\n`);
    else output.write(`${text}\n`);
    if (interactive && !closed && !following) lines.prompt(true);
  };
  const show = (entry: Entry): void => {
    const edited = entry.edition > 1 ? " (edited)" : "";
    const under = entry.thread === undefined ? "" : `, of ${cleanLine(entry.thread)}`;
    print(
      `${momentInWords(entry.at, screen())} ${cleanLine(entry.channel)}${under}${edited}\n${indent(renderBlocks(entry.blocks, screen()))}`,
    );
  };

  const earlier = channel.recent(EARLIER);
  if (interactive && earlier.length > 0) {
    print("Earlier in the channel:");
    earlier.forEach(show);
  }
  channel.onEntry(show);

  lines.on("line", (line) => {
    if (following) {
      following = false;
      return;
    }
    answering = answering.then(() => answer(line)).catch((error) => print(`That failed: ${(error as Error).message}`));
  });
  lines.on("close", () => {
    closed = true;
    // A person at a terminal who ends the input leaves; a program whose input ends may still want to see what comes.
    void answering.then(() => {
      if (interactive) parts.onLeave();
    });
  });

  async function answer(line: string): Promise<void> {
    const words = wordsOf(line.replace(/^\s*\/?(calops|cal)\s+/, ""));
    if (words.length === 0) {
      if (interactive) lines.prompt();
      return;
    }
    if (words[0] === "exit" || words[0] === "quit") {
      parts.onLeave();
      return;
    }
    const given = await desk.answer(words, actor);
    print(given.json && given.data !== null ? renderData(given.data) : renderBlocks(given.say, screen()));
    if (!given.follow) return;
    following = true;
    print("(it goes on as it grows; Enter stops)");
    const live = liveText((text) => output.write(text));
    await parts.follow(given.follow, live.take, () => !following || closed);
    live.end();
    following = false;
    if (interactive && !closed) lines.prompt();
  }

  if (interactive) lines.prompt();
  return {
    print,
    close() {
      closed = true;
      lines.close();
    },
  };
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
