/** The life of a thing as it stands above its decisions, read from the source: what the story does not tell must not happen. */
import { readFileSync } from "node:fs";
import type { Decision } from "../../src/core/decision.ts";
import { AT } from "../contracts/things.ts";

export type Move = `${string} -> ${string}`;

/** Every move that the header of a file of `src/core` tells. An arrow without a left side goes on from the line before. */
export function movesToldIn(file: string): ReadonlySet<Move> {
  const header =
    /\/\*\*[\s\S]*?\*\//.exec(readFileSync(new URL(`../../src/core/${file}`, import.meta.url), "utf8"))?.[0] ?? "";
  const moves = new Set<Move>();
  let froms: string[] = [];
  for (const line of header.split("\n")) {
    const [, left = "", arrow, right = ""] = /^ \*\s*(.*?)\s*(<->|->)\s+(\S+(?: \| \S+)*)/.exec(line) ?? [];
    if (arrow === undefined) continue;
    if (left !== "") froms = left.split("|").map((state) => state.trim());
    for (const from of froms) {
      for (const to of right.split("|").map((state) => state.trim())) {
        moves.add(`${from} -> ${to}`);
        if (arrow === "<->") moves.add(`${to} -> ${from}`);
      }
    }
  }
  return moves;
}

/** What may happen to a thing, by the name of its decision. */
export type Event<Thing> = {
  readonly name: string;
  readonly decide: (thing: Thing, now: number) => Decision<Thing, string>;
};

export type Step<Thing> = {
  readonly event: Event<Thing>;
  readonly before: Thing;
  readonly now: number;
  readonly decision: Decision<Thing, string>;
};

/** Lets events happen to a thing, a millisecond apart; whatever was decided goes to `check`. */
export function happen<Thing>(first: Thing, events: readonly Event<Thing>[], check: (step: Step<Thing>) => void): void {
  let before = frozen(first);
  for (const [index, event] of events.entries()) {
    const now = AT + index + 1;
    const decision = event.decide(before, now);
    check({ event, before, now, decision });
    if (decision.ok) before = frozen(decision.next);
  }
}

/** Nothing in it can be changed any more: a decision that tried would throw. */
export function frozen<Thing>(thing: Thing): Thing {
  if (typeof thing === "object" && thing !== null && !Object.isFrozen(thing)) {
    Object.freeze(thing);
    Object.values(thing).forEach(frozen);
  }
  return thing;
}
