import type { Became, Decision } from "../core/decision.ts";
import type { HistoryKind } from "../core/history.ts";
import type { Loads } from "../ports/loads.ts";
import { CALOPS, type Doer } from "./doer.ts";
import { Shelf, type ShelfParts } from "./shelf.ts";

/** What a kind of things needs of the unit of work that it belongs to. */
export type Unit = {
  ask<T>(question: (loads: Loads) => Promise<T>): Promise<T>;
  happened(kind: HistoryKind, ref: string | number, decision: Became<unknown>, doer: Doer, commit: string | null): void;
};

export type SubjectParts<Key, Thing> = ShelfParts<Key, Thing> & {
  /** What things of this kind are in the history. */
  readonly told: HistoryKind;
  readonly commitOf?: (thing: Thing) => string | null;
};

/** A kind of things that decisions are made about. */
export class Subject<Key extends string | number, Thing extends { readonly version: number }> extends Shelf<
  Key,
  Thing
> {
  readonly #unit: Unit;
  readonly #parts: SubjectParts<Key, Thing>;

  constructor(unit: Unit, parts: SubjectParts<Key, Thing>) {
    super(parts);
    this.#unit = unit;
    this.#parts = parts;
  }

  /** Things that a question answers with, as this unit knows them. */
  async ask(question: (loads: Loads) => Promise<readonly Thing[]>): Promise<Thing[]> {
    return (await this.#unit.ask(question)).map((thing) => this.take(thing));
  }

  /** Puts what a decision made of a thing, with its history and its effects. A refusal is handed through. */
  accept<Reason extends string>(decision: Decision<Thing, Reason>, doer: Doer = CALOPS): Decision<Thing, Reason> {
    if (!decision.ok) return decision;
    const { told, keyOf, commitOf } = this.#parts;
    const { next } = decision;
    this.put(next);
    this.#unit.happened(told, keyOf(next), decision, doer, commitOf?.(next) ?? null);
    return decision;
  }
}
