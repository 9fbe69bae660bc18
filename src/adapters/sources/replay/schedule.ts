/** When each record of a replay is due. */
import { type Instant, parseInstant } from "../../../core/time.ts";
import { valueAt } from "../dotted.ts";
import type { ReplayOptions } from "./config.ts";

const DEFAULT_TIME = "start";

/** Milliseconds from the beginning of the replay to each record, never falling. Undefined when no record has a time. */
export function scheduleOf(
  records: readonly unknown[],
  { pace, speed, time = DEFAULT_TIME }: Pick<ReplayOptions, "pace" | "speed" | "time">,
): readonly number[] | undefined {
  if (pace !== undefined) return records.map((_, index) => index * pace);
  if (speed === undefined) return records.map(() => 0);
  const times = records.map((record) => momentOf(valueAt(record, time)));
  const first = times.find((at) => at !== undefined);
  if (first === undefined) return records.length === 0 ? [] : undefined;
  // A record without a time, or out of order, is due with the one before it: the order of the file is kept.
  let latest = 0;
  return times.map((at) => {
    latest = Math.max(latest, ((at ?? first) - first) / speed);
    return latest;
  });
}

/** An ISO time, or seconds since 1970, as records have them elsewhere. */
function momentOf(value: unknown): Instant | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return value * 1_000;
  return typeof value === "string" ? parseInstant(value) : undefined;
}
