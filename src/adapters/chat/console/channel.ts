/**
 * The chat of an installation without a chat account: a channel is a file of JSON lines in the data directory, and terminals
 * are views of it. A message that is there under its key is there once, however often it is delivered.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readSync, statSync, truncateSync, writeSync } from "node:fs";
import type { Block } from "../../../core/say.ts";
import type { Instant } from "../../../core/time.ts";
import { type Chat, ChatError, type Delivery } from "../../../ports/chat.ts";
import type { Clock } from "../../../ports/clock.ts";

export type Entry = {
  readonly key: string;
  readonly channel: string;
  readonly edition: number;
  readonly at: Instant;
  readonly blocks: readonly Block[];
};

export interface Channel extends Chat {
  /** The newest entries, oldest first. */
  recent(count: number): readonly Entry[];
  onEntry(listener: (entry: Entry) => void): void;
}

/** Entries that are remembered to be recognised when they are delivered again. */
const REMEMBERED = 5_000;
const READ_BACK = 8 * 1024 * 1024;

export function openChannel(file: string, clock: Clock): Channel {
  const entries = readEntries(file).slice(-REMEMBERED);
  const editions = new Map(entries.map((entry) => [entry.key, entry.edition]));
  const listeners: ((entry: Entry) => void)[] = [];
  return {
    name: "console",
    recent: (count) => entries.slice(-count),
    onEntry: (listener) => listeners.push(listener),
    async deliver(delivery: Delivery) {
      if ((editions.get(delivery.key) ?? 0) >= delivery.edition) return { remoteRef: delivery.key };
      const { key, channel, edition, blocks } = delivery;
      const entry: Entry = { key, channel, edition, at: clock.now(), blocks };
      append(file, entry);
      editions.set(key, edition);
      entries.push(entry);
      if (entries.length > 2 * REMEMBERED) entries.splice(0, REMEMBERED);
      for (const listener of listeners) listener(entry);
      return { remoteRef: key };
    },
    async close() {
      listeners.length = 0;
    },
  };
}

function append(file: string, entry: Entry): void {
  const before = existsSync(file) ? statSync(file).size : 0;
  const handle = openSync(file, "a", 0o600);
  try {
    writeSync(handle, `${JSON.stringify(entry)}\n`);
    fdatasyncSync(handle);
  } catch (error) {
    // Half a line on a full disk would hide the next one.
    truncateSync(file, before);
    throw new ChatError(`the channel file cannot be written: ${(error as Error).message}`, { cause: error });
  } finally {
    closeSync(handle);
  }
}

/** The newest entries; of a channel that is years old only the end is read. */
function readEntries(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const handle = openSync(file, "r");
  const size = statSync(file).size;
  const start = Math.max(0, size - READ_BACK);
  const bytes = Buffer.alloc(size - start);
  readSync(handle, bytes, 0, bytes.length, start);
  closeSync(handle);
  const end = bytes.lastIndexOf(10) + 1;
  // A last line without its end was being written when the machine stopped.
  if (end < bytes.length) truncateSync(file, start + end);
  const lines = bytes
    .subarray(0, end)
    .toString("utf8")
    .split("\n")
    .slice(start > 0 ? 1 : 0);
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Entry);
}
