/**
 * The chat of an installation without a chat account: a channel is a file of JSON lines in the data directory, and terminals
 * are views of it. A message that is there under its key is there once, however often it is delivered.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  truncateSync,
  writeSync,
} from "node:fs";
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
  /** The key of the message that it is a detail of. */
  readonly thread?: string;
};

export interface Channel extends Chat {
  /** The newest messages, each as it reads now; oldest first. */
  recent(count: number): readonly Entry[];
  onEntry(listener: (entry: Entry) => void): void;
}

/** Messages that are remembered to be recognised when they are delivered again. */
const REMEMBERED = 5_000;
const READ_BACK = 8 * 1024 * 1024;

export function openChannel(file: string, clock: Clock): Channel {
  const newest = new Map<string, Entry>();
  const listeners: ((entry: Entry) => void)[] = [];
  for (const entry of readEntries(file)) remember(newest, entry);
  return {
    name: "console",
    paceMs: 0,
    nameOf: (name) => name,
    recent: (count) => [...newest.values()].slice(-count),
    onEntry: (listener) => listeners.push(listener),
    async deliver({ key, channel, edition, blocks, thread }: Delivery) {
      if ((newest.get(key)?.edition ?? 0) >= edition) return { remoteRef: key };
      const entry: Entry = { key, channel, edition, at: clock.now(), blocks, ...(thread !== null && { thread }) };
      append(file, entry);
      remember(newest, entry);
      for (const listener of listeners) listener(entry);
      return { remoteRef: key };
    },
    // Whoever types at a terminal is answered there.
    async answer() {
      throw new ChatError("nobody asks through the channel's file", { hopeless: true });
    },
    openForm: async () => false,
    async examine() {
      return [{ about: "console", state: "good", found: `messages are written to ${file}`, fix: null }];
    },
    async close() {
      listeners.length = 0;
    },
  };
}

/** By key, in the order in which they last changed. */
function remember(newest: Map<string, Entry>, entry: Entry): void {
  newest.delete(entry.key);
  newest.set(entry.key, entry);
  const [oldest] = newest.keys();
  if (newest.size > REMEMBERED && oldest !== undefined) newest.delete(oldest);
}

function append(file: string, entry: Entry): void {
  try {
    const handle = openSync(file, "a", 0o600);
    const before = fstatSync(handle).size;
    try {
      writeSync(handle, `${JSON.stringify(entry)}\n`);
      fdatasyncSync(handle);
    } catch (error) {
      // Half a line on a full disk would hide the next one.
      ftruncateSync(handle, before);
      throw error;
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new ChatError(`the channel file cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/** The newest entries; of a channel that is years old only the end is read. */
function readEntries(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const handle = openSync(file, "r");
  const size = fstatSync(handle).size;
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
  return lines.flatMap((line) => readEntry(line) ?? []);
}

/** A line that was damaged hides itself alone: its message is not shown again, and would be posted anew if it changed. */
function readEntry(line: string): Entry | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as Entry);
  } catch {
    return undefined;
  }
}
