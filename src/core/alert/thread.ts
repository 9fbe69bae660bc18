/** What is told in the thread of an alert: a line for each thing that somebody did about it, none for each failure. */
import { type Block, moment, say } from "../say.ts";
import { formatDuration } from "../time.ts";
import type { Acknowledgement, Alert } from "./alert.ts";
import { groupInWords } from "./words.ts";

export function acknowledgedLine({ by, until, why }: Acknowledgement): Block {
  return say`${by} takes care of it until ${moment(until)}${why === null ? "." : `: ${why}`}`;
}

/** @param had who took care of it until now */
export function endedLine(alert: Alert, had: string, why: "grew" | "lapsed" | "left"): Block {
  switch (why) {
    case "grew":
      return say`${had} no longer has it alone: ${groupInWords(alert.evidence.group)} failed the same way since. ack ${alert.id} takes it again.`;
    case "lapsed":
      return say`The time is up that ${had} took for it. It fires again; ack ${alert.id} takes it.`;
    case "left":
      return say`${had} leaves it to others. ack ${alert.id} takes it.`;
  }
}

export function resolvedLine({ handledBy, resolvedAt, lastAt, firstAt }: Alert): Block {
  const took = formatDuration((resolvedAt ?? lastAt) - firstAt);
  return handledBy === null
    ? say`Resolved by itself after ${took}.`
    : say`Resolved after ${took}; ${handledBy} did something about it.`;
}

export function escalatedLine(alert: Alert, told: string, afterMs: number): Block {
  return say`Nobody acknowledged alert ${alert.id} for ${formatDuration(afterMs)}: told ${told}.`;
}
