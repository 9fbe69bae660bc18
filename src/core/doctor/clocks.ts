/** This machine's clock, against those of the servers that it spoke with. */
import { formatDuration } from "../time.ts";
import { bad, doubtful, type Finding, good, unknown } from "./finding.ts";

/** What one server said that the time is. */
export type ClockReading = {
  readonly of: string;
  /** How far this machine's clock is ahead of it, in milliseconds; negative where it is behind. */
  readonly aheadMs: number;
  /** It may be so much more or less: an answer takes its time, and says whole seconds. */
  readonly unsureMs: number;
};

const ABOUT = "the clock of this machine";
/** Slack refuses what is five minutes off, and some certificates are as young. */
const BAD_MS = 5 * 60_000;
const DOUBTFUL_MS = 30_000;
const FIX = "let the machine follow a time server: timedatectl set-ntp true, then timedatectl shows whether it does";

/** One server with a wrong clock says nothing of this machine's: what most of them say counts. */
export function clockFinding(readings: readonly ClockReading[]): Finding {
  const [reading] = readings.toSorted((a, b) => a.aheadMs - b.aheadMs).slice(Math.floor((readings.length - 1) / 2));
  if (!reading)
    return unknown(
      ABOUT,
      "no server was asked that says what time it is",
      "timedatectl shows whether the machine follows a time server",
    );
  const { of, aheadMs, unsureMs } = reading;
  const off = Math.max(0, Math.abs(aheadMs) - unsureMs);
  if (off < DOUBTFUL_MS) return good(ABOUT, `it agrees with that of ${of}`);
  const found = `it is ${formatDuration(off)} ${aheadMs > 0 ? "ahead of" : "behind"} that of ${of}`;
  return off >= BAD_MS
    ? bad(ABOUT, `${found}, and servers refuse what is signed so far off`, FIX)
    : doubtful(ABOUT, found, FIX);
}
