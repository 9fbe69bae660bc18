/** The directory of one attempt: what the executor puts there, and what the wrapper leaves. */
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Order } from "../../../core/job/order.ts";
import type { Instant } from "../../../core/time.ts";
import { type Claim, parseClaim, parseVerdict, type Verdict } from "./verdict.ts";

/** Why the executor ends a job. It is written down before the job is asked to end, so that a restart knows it too. */
export type Stop = "walltime" | "log-limit" | "cancelled";

export type AttemptDirectory = ReturnType<typeof attemptDirectory>;

export function attemptDirectory(root: string, directory: string) {
  const at = (name: string) => join(root, directory, name);
  return {
    path: join(root, directory),
    job: at("job.json"),
    out: at("out"),
    work: at("work"),

    /**
     * Makes everything that the job finds, and opens its log. A second time changes nothing that is there.
     * @returns the descriptor of the log
     */
    prepare(order: Order): number {
      mkdirSync(at("work"), { recursive: true });
      mkdirSync(at("out"), { recursive: true });
      // A program that it leaves there with the setuid bit would run as the bot, for everybody who gets to it.
      if (order.isolated) chmodSync(join(root, directory), 0o700);
      writeFileSync(at("job.json"), `${JSON.stringify(order.facts, null, 1)}\n`);
      return openSync(at("log"), "a");
    },
    logBytes: (): number => statSync(at("log"), { throwIfNoEntry: false })?.size ?? 0,

    claim(): Claim | undefined {
      const text = read(at("claim"));
      return text === undefined ? undefined : (parseClaim(text) ?? { pid: 0, start: "-", boot: "-" });
    },
    claimedAt: (): Instant | null => momentOf(at("claim")),
    verdict(): (Verdict & { readonly at: Instant }) | undefined {
      const text = read(at("verdict"));
      const verdict = text === undefined ? undefined : parseVerdict(text);
      return verdict && { ...verdict, at: momentOf(at("verdict")) ?? 0 };
    },

    stop(): Stop | undefined {
      return read(at("stop"))?.trim() as Stop | undefined;
    },
    writeStop(why: Stop): void {
      try {
        if (!existsSync(at("stop"))) writeFileSync(at("stop"), why);
      } catch {
        // On a full disk the job is ended all the same; only a bot restarted before it has gone will not know why.
      }
    },
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function momentOf(file: string): Instant | null {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? Math.round(found.mtimeMs) : null;
}
