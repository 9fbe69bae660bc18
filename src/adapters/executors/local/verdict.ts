/** What the wrapper wrote, as facts. */

export type Claim = { readonly pid: number; readonly start: string; readonly boot: string };

export function parseClaim(text: string): Claim | undefined {
  const [pid, start, boot] = text.trim().split(" ");
  return pid !== undefined && start !== undefined && boot !== undefined && /^\d+$/.test(pid)
    ? { pid: Number(pid), start, boot }
    : undefined;
}

export type Verdict = { readonly exitCode: number; readonly cpuMs: number };

/** A verdict whose last line is missing was being written when the machine went down. */
export function parseVerdict(text: string): Verdict | undefined {
  const lines = text.trim().split("\n");
  if (lines.at(-1) !== "end" || !/^\d+$/.test(lines[0] ?? "")) return undefined;
  return { exitCode: Number(lines[0]), cpuMs: millisecondsOf(lines[2] ?? "") };
}

/** `0m1.25s 0m0.10s`, user and system time of the job, as `times` prints them. */
function millisecondsOf(times: string): number {
  return [...times.matchAll(/(\d+)m(\d+(?:\.\d+)?)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1_000),
    0,
  );
}

const SIGNALS: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
};

/** A shell reports a program that a signal ended as 128 and the signal's number. */
export function signalOf(exitCode: number): string | null {
  return SIGNALS[exitCode - 128] ?? null;
}
