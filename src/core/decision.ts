/**
 * The shape of every decision: a thing and what happened to it go in, the next thing and its effects come out,
 * or a refusal that says why. A decision does nothing by itself; the engine commits the thing and its effects together.
 */
import type { Effect } from "./effect.ts";

/** What happened, in one word that history keeps, with the reason in people's words. */
export type Happening = {
  readonly event: string;
  readonly why?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

export type Became<Thing> = {
  readonly ok: true;
  readonly next: Thing;
  readonly happening: Happening;
  readonly effects: readonly Effect[];
};

export type Refused<Reason extends string> = { readonly ok: false; readonly reason: Reason; readonly detail?: string };

export type Decision<Thing, Reason extends string = never> = Became<Thing> | Refused<Reason>;

export function become<Thing extends object>(
  thing: Thing,
  change: Partial<Thing>,
  happening: Happening,
  effects: readonly Effect[] = [],
): Became<Thing> {
  return { ok: true, next: { ...thing, ...change }, happening, effects };
}

export function refuse<Reason extends string>(reason: Reason, detail?: string): Refused<Reason> {
  return detail === undefined ? { ok: false, reason } : { ok: false, reason, detail };
}
