/**
 * The reference makes payload lists and intervals first and attaches them to a tag with a later request. What is not attached
 * yet has no place in calops: it lies here, in memory, for an hour. A client that comes later, or after a restart, is told that
 * there is no such thing, and makes it anew.
 */
import { randomInt } from "node:crypto";
import type { Iov } from "../../../core/conditions/iov.ts";
import type { Instant } from "../../../core/time.ts";

export type LooseList = {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly iovs: readonly LooseIov[];
  /** The tag that it was attached to: from then on its name stands for what that tag holds of its type. */
  readonly tag: string | null;
  readonly madeAt: Instant;
};

/** Its type is that of the list that it comes to. */
export type LooseIov = Pick<Iov, "from" | "until"> & {
  readonly id: number;
  readonly url: string;
  readonly checksum: string;
  readonly madeAt: Instant;
};

const KEPT_MS = 3_600_000;
const MOST = 10_000;
/** Never the same after a restart, so that an old number means nothing then. */
const newId = () => randomInt(1, 2 ** 47);

export class Loose {
  readonly #now: () => Instant;
  readonly #lists = new Map<string, LooseList>();
  readonly #iovs = new Map<number, LooseIov>();
  readonly #types = new Map<string, Instant>();

  constructor(now: () => Instant) {
    this.#now = now;
  }

  makeList(type: string): LooseList {
    this.#tidy();
    const id = newId();
    const list = { id, name: `${type}_${id}`, type, iovs: [], tag: null, madeAt: this.#now() };
    this.#lists.set(list.name, list);
    return list;
  }

  list(name: string): LooseList | undefined {
    this.#tidy();
    return this.#lists.get(name);
  }

  lists(): readonly LooseList[] {
    this.#tidy();
    return [...this.#lists.values()];
  }

  change(list: LooseList, change: Partial<LooseList>): LooseList {
    const next = { ...list, ...change };
    this.#lists.set(list.name, next);
    return next;
  }

  removeList(name: string): void {
    this.#lists.delete(name);
  }

  makeIov(iov: Omit<LooseIov, "id" | "madeAt">): LooseIov {
    this.#tidy();
    const made = { ...iov, id: newId(), madeAt: this.#now() };
    this.#iovs.set(made.id, made);
    return made;
  }

  iov(id: number): LooseIov | undefined {
    this.#tidy();
    return this.#iovs.get(id);
  }

  makeType(name: string): void {
    this.#tidy();
    this.#types.set(name, this.#now());
  }

  types(): readonly string[] {
    this.#tidy();
    return [...this.#types.keys()];
  }

  removeType(name: string): boolean {
    return this.#types.delete(name);
  }

  /** The oldest stand first, since maps keep the order in which things came. */
  #tidy(): void {
    const since = this.#now() - KEPT_MS;
    drop(this.#lists, (list) => list.madeAt < since);
    drop(this.#iovs, (iov) => iov.madeAt < since);
    drop(this.#types, (at) => at < since);
  }
}

function drop<Key, Value>(map: Map<Key, Value>, isOld: (value: Value) => boolean): void {
  for (const [key, value] of map) {
    if (map.size < MOST && !isOld(value)) return;
    map.delete(key);
  }
}
