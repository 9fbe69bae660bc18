/** What the program gets from the machine that it runs on. */
import type { Readable, Writable } from "node:stream";

export type World = {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly input: Readable & { isTTY?: boolean };
  readonly output: Writable & { isTTY?: boolean; columns?: number };
  readonly errors: Writable;
  /** Calls back at SIGINT or SIGTERM, and at SIGHUP. */
  readonly onStop: (listener: () => void) => void;
  readonly onReload: (listener: () => void) => void;
};

/** Where the bot keeps everything, unless `--data` or `CALOPS_DATA` say otherwise. */
export const DATA = "data";
export const PORT = 8470;
