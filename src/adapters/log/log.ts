/** The bot's own log, as JSON lines: to standard error, or to a file where a person sits at the terminal. */
import { pino } from "pino";
import type { Redact } from "../../core/text/redact.ts";
import type { Log } from "../../ports/log.ts";

export function openLog(file: string | undefined, redact: () => Redact): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: file ?? 2, mkdir: true, sync: true }),
  );
  const clean = (facts: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, typeof value === "string" ? redact()(value) : value]),
    );
  return {
    info: (facts, message) => logger.info(clean(facts), message),
    warn: (facts, message) => logger.warn(clean(facts), message),
    error: (facts, message) => logger.error(clean(facts), message),
  };
}
