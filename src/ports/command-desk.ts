import type { Actor, Given } from "../core/command/command.ts";

/** Where commands are given, whatever they came through. */
export interface CommandDesk {
  /**
   * Gives a command in words. A line that cannot be understood, or is not allowed, is answered too.
   *
   * @param request what is answered by it; the same request given again after a crash is the same
   */
  answer(words: readonly string[], actor: Actor, request?: string): Promise<Given>;
  /** The words of the line that a filled-in form stands for; undefined where there is no such command. */
  wordsOfForm(
    command: string,
    given: readonly string[],
    values: Readonly<Record<string, string>>,
  ): readonly string[] | undefined;
  /** Names of commands, and what could come next on a line. */
  complete(line: string): readonly string[];
}
