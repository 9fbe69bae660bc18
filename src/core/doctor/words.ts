/** Findings in words: what is bad first, each with what to do about it. */
import { type Block, list, plural, say } from "../say.ts";
import type { Finding } from "./finding.ts";

type State = Finding["state"];

/** Told apart also by those who see no colours. */
const SIGNS: Readonly<Record<State, string>> = { bad: "✗", doubtful: "!", unknown: "?", good: "✓" };

/** The sections, in their order. */
const TITLES: Readonly<Record<State, string>> = {
  bad: "Bad:",
  doubtful: "Doubtful, though it works for now:",
  unknown: "Not looked at, or without an answer:",
  good: "As it should be:",
};

export type Counts = Readonly<Record<State, number>>;

export function countsOf(findings: readonly Finding[]): Counts {
  const of = (state: State) => findings.filter((finding) => finding.state === state).length;
  return { bad: of("bad"), doubtful: of("doubtful"), unknown: of("unknown"), good: of("good") };
}

/** Nothing is bad. */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== "bad");
}

export function findingsInWords(findings: readonly Finding[]): Block[] {
  const states = Object.keys(TITLES) as State[];
  return [
    say`${summary(countsOf(findings))}`,
    ...states.flatMap((state): Block[] => {
      const found = findings.filter((finding) => finding.state === state);
      return found.length === 0 ? [] : [say`${TITLES[state]}`, list(found.map(lineOf))];
    }),
  ];
}

/** For programs. */
export function findingsAsData(findings: readonly Finding[]) {
  return { ok: isWell(findings), ...countsOf(findings), findings };
}

function summary({ bad, doubtful, unknown, good }: Counts): string {
  const others = [
    ...(doubtful > 0 ? [`${doubtful} doubtful`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
    `${good} as it should be`,
  ].join(", ");
  return bad === 0 ? `Nothing is bad: ${others}.` : `${plural(bad, "thing")} to mend; ${others}.`;
}

function lineOf({ state, about, found, fix }: Finding): string {
  const line = `${SIGNS[state]} ${about}: ${sentence(found)}`;
  return fix === null ? line : `${line} What to do: ${sentence(fix)}`;
}

/** With a full stop, whoever wrote it. An address or a command at its end stays as it can be copied. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?)"]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
