/**
 * Paints in a thread of its own, so that the bot goes on meanwhile. The thread begins with the first picture and ends when
 * none was asked for a while, and what it needs is loaded in it alone: a bot that paints nothing pays nothing.
 */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Drawing } from "../../core/chart/drawing.ts";
import type { Painted, Painter } from "../../ports/painter.ts";

const MAIN = new URL(`./painter-main${extname(import.meta.url)}`, import.meta.url);
/** A picture takes a tenth of a second; the first one also loads the painter. */
const LONGEST_MS = 15_000;
const IDLE_MS = 60_000;
const MOST_WAITING = 20;

type Commission = { readonly drawing: Drawing; readonly deliver: (painted: Painted) => void };

export type PainterLimits = { readonly longestMs?: number; readonly idleMs?: number; readonly mostWaiting?: number };

export function painterInThread({
  longestMs = LONGEST_MS,
  idleMs = IDLE_MS,
  mostWaiting = MOST_WAITING,
}: PainterLimits = {}): Painter {
  const waiting: Commission[] = [];
  let thread: Worker | undefined;
  let current: Commission | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function next(): void {
    if (current) return;
    clearTimeout(timer);
    current = waiting.shift();
    if (!current) {
      timer = setTimeout(() => void stop(), idleMs).unref();
      return;
    }
    thread ??= begin();
    timer = setTimeout(() => {
      void stop();
      finish({ ok: false, why: `it took longer than ${longestMs / 1_000} seconds` });
    }, longestMs);
    // Whoever waits for a picture is a reason not to end; a thread that waits for work is none.
    thread.ref();
    thread.postMessage(current.drawing);
  }

  function finish(painted: Painted): void {
    const done = current;
    current = undefined;
    thread?.unref();
    done?.deliver(painted);
    next();
  }

  function begin(): Worker {
    // No variable of the bot's is of any use there, and some are secrets.
    const worker = new Worker(MAIN, { env: { DISABLE_SYSTEM_FONTS_LOAD: "1" }, execArgv: [] });
    // One that was stopped may still have an answer on its way; it belongs to nobody.
    const still = (then: () => void) => {
      if (thread === worker) then();
    };
    const lost = (why: string) =>
      still(() => {
        thread = undefined;
        finish({ ok: false, why });
      });
    worker.on("message", (painted: Painted) => still(() => finish(painted)));
    worker.on("error", (error) => lost(error.message));
    worker.on("exit", () => lost("the painter ended"));
    return worker;
  }

  async function stop(): Promise<void> {
    const stopped = thread;
    thread = undefined;
    await stopped?.terminate();
  }

  return {
    paint: (drawing) =>
      new Promise((deliver) => {
        if (closed) return deliver({ ok: false, why: "the bot is stopping" });
        if (waiting.length >= mostWaiting)
          return deliver({ ok: false, why: "many charts are being drawn already; try again in a minute" });
        waiting.push({ drawing, deliver });
        next();
      }),
    async close() {
      closed = true;
      for (const { deliver } of waiting.splice(0)) deliver({ ok: false, why: "the bot is stopping" });
      const stopping = stop();
      if (current) finish({ ok: false, why: "the bot is stopping" });
      clearTimeout(timer);
      await stopping;
    },
  };
}
