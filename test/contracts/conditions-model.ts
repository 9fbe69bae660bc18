/** Conditions as slowly as they can be thought of: for each tag and type, which payload holds at each of a few moments. */
import fc from "fast-check";
import type { TagChange } from "../../src/core/conditions/change.ts";
import { covers, type Iov, isEmpty, type Span } from "../../src/core/conditions/iov.ts";
import { compareMoments, isBefore, type Moment } from "../../src/core/conditions/moment.ts";
import type { TagRef, TagState } from "../../src/core/conditions/tag.ts";

export const TYPES = ["pedestals", "t0"] as const;
/** All moments at which something can begin or end, and one far behind them. */
export const MOMENTS: readonly Moment[] = [0, 1, 2, 3, 4, 5].flatMap((major) =>
  [0, 1, 7].map((minor) => ({ major, minor })),
);
export const FAR: Moment = { major: 1_000_000, minor: 3 };
const WATCHED = [...MOMENTS, FAR];

export type Act = { readonly tag: string; readonly change: TagChange };

const NAMES = ["online", "prompt", "staging"];
const moment = fc.constantFrom(...MOMENTS);
const span: fc.Arbitrary<Span> = fc
  .record({ from: moment, until: fc.option(moment, { freq: 3 }) })
  .filter((one) => !isEmpty(one));
const ref = fc.constantFrom(...NAMES).map((name): TagRef => ({ environment: "production", name }));

function iovs(payloads: readonly string[]): fc.Arbitrary<Iov[]> {
  const one = fc.record({ type: fc.constantFrom(...TYPES), payload: fc.constantFrom(...payloads), span });
  return fc
    .array(one, { minLength: 1, maxLength: 3 })
    .map((each) => each.map(({ type, payload, span: { from, until } }) => ({ type, payload, from, until })));
}

function appends(payloads: readonly string[]): fc.Arbitrary<TagChange> {
  const later = iovs(payloads).map(([iov, ...more]) => (iov ? [{ ...iov, until: null }, ...more.slice(1)] : []));
  return fc.oneof(iovs(payloads), later).map((list): TagChange => ({ kind: "append", iovs: list }));
}

/** Sequences of what may be done, some of it to be refused. */
export function acts(payloads: readonly string[]): fc.Arbitrary<Act[]> {
  const states: readonly TagState[] = ["OPEN", "TESTING", "VALIDATED", "PUBLISHED", "RUNNING", "INVALID"];
  const change = fc.oneof(
    { weight: 6, arbitrary: iovs(payloads).map((list): TagChange => ({ kind: "put", iovs: list })) },
    { weight: 1, arbitrary: appends(payloads) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("remove" as const), type: fc.constantFrom(...TYPES), span }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("merge" as const),
        of: fc.array(ref, { minLength: 1, maxLength: 2 }),
        span,
      }),
    },
    { weight: 1, arbitrary: fc.constant<TagChange>({ kind: "empty" }) },
    {
      weight: 2,
      arbitrary: ref.map((of): TagChange => ({ kind: "clone", of, description: "a clone" })),
    },
    { weight: 2, arbitrary: fc.constantFrom(...states).map((to): TagChange => ({ kind: "state", to })) },
  );
  const act = fc.record({ tag: fc.constantFrom("prompt", "prompt", "staging", "staging", "clone"), change });
  const appending = fc.record({ tag: fc.constant("online"), change: appends(payloads) });
  const oneOf = fc.oneof({ weight: 4, arbitrary: act }, { weight: 1, arbitrary: appending });
  return fc.array(oneOf, { minLength: 3, maxLength: 30, size: "max" });
}

type Held = ReadonlyMap<string, string>;

export class Model {
  readonly #tags = new Map<string, Held>();

  create(tag: string): void {
    this.#tags.set(tag, new Map());
  }

  /** What a change that was taken comes to. */
  do({ tag, change }: Act): void {
    const held = new Map(this.#tags.get(tag));
    const put = (list: readonly Iov[]) => {
      for (const iov of list)
        for (const at of WATCHED) if (covers(iov, at)) held.set(placeOf(iov.type, at), iov.payload);
    };
    switch (change.kind) {
      case "put":
        put(change.iovs);
        break;
      case "append":
        for (const type of new Set(change.iovs.map((iov) => iov.type))) {
          const added = change.iovs.filter((iov) => iov.type === type);
          const first = added.map(({ from }) => from).sort(compareMoments)[0];
          for (const at of WATCHED) if (first && !isBefore(at, first)) held.delete(placeOf(type, at));
        }
        put(change.iovs);
        break;
      case "remove":
        for (const at of WATCHED) if (covers(change.span, at)) held.delete(placeOf(change.type, at));
        break;
      case "merge":
        for (const type of TYPES)
          for (const at of WATCHED) {
            const found = change.of.flatMap(({ name }) => this.at(name, type, at) ?? [])[0];
            if (found !== undefined && covers(change.span, at)) held.set(placeOf(type, at), found);
          }
        break;
      case "empty":
        held.clear();
        break;
      case "clone":
        this.#tags.set(tag, new Map(this.#tags.get(change.of.name)));
        return;
      default:
        return;
    }
    this.#tags.set(tag, held);
  }

  at(tag: string, type: string, at: Moment): string | undefined {
    return this.#tags.get(tag)?.get(placeOf(type, at));
  }

  /** Everything that holds, as lines of words, to be compared with what `looked` answers. */
  lines(tag: string): string[] {
    return WATCHED.flatMap((at) =>
      TYPES.flatMap((type) => {
        const payload = this.at(tag, type, at);
        return payload === undefined ? [] : [line(type, at, payload)];
      }),
    );
  }

  names(): string[] {
    return [...this.#tags.keys()];
  }
}

/** The same lines from whoever answers what holds at a moment. */
export async function looked(lookup: (at: Moment) => Promise<readonly Iov[]>): Promise<string[]> {
  const lines: string[] = [];
  for (const at of WATCHED)
    for (const { type, payload } of [...(await lookup(at))].sort((a, b) => (a.type < b.type ? -1 : 1)))
      lines.push(line(type, at, payload));
  return lines;
}

function placeOf(type: string, { major, minor }: Moment): string {
  return `${type} ${major}.${minor}`;
}

function line(type: string, at: Moment, payload: string): string {
  return `${placeOf(type, at)} ${payload}`;
}
