import type { Actor, Given } from "../core/command/command.ts";

/** Where commands are given, whatever they came through. */
export interface CommandDesk {
  /** Gives a command in words. A line that cannot be understood, or is not allowed, is answered too. */
  answer(words: readonly string[], actor: Actor): Promise<Given>;
  /** Names of commands, and what could come next on a line. */
  complete(line: string): readonly string[];
}
