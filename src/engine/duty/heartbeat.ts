/**
 * Tells a service outside that the bot works, again and again. It does so only after a turn that wrote something to the disk:
 * a bot that hangs or whose disk is full is as silent as one that died, and somebody hears of it.
 */
import type { AlertRules } from "../../core/alert/rules.ts";
import { iso } from "../../core/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Heartbeat } from "../../ports/heartbeat.ts";
import type { Log } from "../../ports/log.ts";
import type { Engine } from "../engine.ts";
import { Stopping } from "../stopping.ts";

export type HeartParts = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeat: Heartbeat;
  readonly rule: () => AlertRules["heartbeat"];
  /** Undefined where nobody knows it. */
  readonly secret: (name: string) => string | undefined;
};

/** How often it is looked whether there is somebody to tell at all. */
const LOOK_MS = 10_000;

export class Heart {
  readonly #parts: HeartParts;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #next = 0;
  #trouble: string | undefined;
  #stopped = false;

  constructor(parts: HeartParts) {
    this.#parts = parts;
  }

  get resting(): boolean {
    return this.#beating === undefined;
  }

  /** Beats where it is time to, and comes back when it is again. */
  nudge(): void {
    const rule = this.#parts.rule();
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const { clock } = this.#parts;
    if (rule && !this.#beating && clock.now() >= this.#next) {
      this.#next = clock.now() + rule.everyMs;
      this.#beating = this.#beat(rule.secret).finally(() => {
        this.#beating = undefined;
      });
    }
    const wait = rule ? Math.max(20, this.#next - clock.now()) : LOOK_MS;
    this.#timer = setTimeout(() => this.nudge(), Math.min(wait, LOOK_MS));
    this.#timer.unref();
  }

  /** What is on its way is let go. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #beat(name: string): Promise<void> {
    const { engine, heartbeat, secret, log } = this.#parts;
    try {
      await engine.do("heartbeat", async (ledger) =>
        ledger.put("facts", { name: "heartbeat", value: iso(ledger.now) }),
      );
      const url = secret(name);
      if (url === undefined) throw new Error(`nobody knows the secret ${name}`);
      await heartbeat.beat(url);
      if (this.#trouble !== undefined) log.info({}, "the heartbeat is heard again");
      this.#trouble = undefined;
    } catch (error) {
      if (this.#stopped || error instanceof Stopping) return;
      const { message } = error as Error;
      if (message !== this.#trouble) log.warn({ error: message }, "the heartbeat is not heard");
      this.#trouble = message;
    }
  }
}
