export type ShelfParts<Key, Thing> = {
  readonly load: (keys: readonly Key[]) => Promise<readonly Thing[]>;
  readonly keyOf: (thing: Thing) => Key;
  /** Hears of each thing that is put, and of what was known of it before. */
  readonly onPut?: (before: Thing | undefined, after: Thing) => void;
};

/** Things of one kind within a unit of work: read once, put many times, written once. */
export class Shelf<Key, Thing extends { readonly version: number }> {
  readonly #things = new Map<Key, Thing>();
  readonly #absent = new Set<Key>();
  readonly #dirty = new Set<Key>();
  readonly #load: ShelfParts<Key, Thing>["load"];
  readonly #keyOf: ShelfParts<Key, Thing>["keyOf"];
  readonly #onPut: ShelfParts<Key, Thing>["onPut"];

  constructor({ load, keyOf, onPut }: ShelfParts<Key, Thing>) {
    this.#load = load;
    this.#keyOf = keyOf;
    this.#onPut = onPut;
  }

  async get(key: Key): Promise<Thing | undefined> {
    if (!this.#things.has(key) && !this.#absent.has(key)) await this.fetch([key]);
    return this.#things.get(key);
  }

  async all(keys: readonly Key[]): Promise<Thing[]> {
    await this.fetch(keys);
    return keys.flatMap((key) => this.#things.get(key) ?? []);
  }

  /** Reads those that are not known yet, in one question. */
  async fetch(keys: readonly Key[]): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !this.#things.has(key) && !this.#absent.has(key));
    if (unknown.length === 0) return;
    for (const key of unknown) this.#absent.add(key);
    for (const thing of await this.#load(unknown)) this.take(thing);
  }

  /** What was read by another question; a newer one that is known already stays. */
  take(thing: Thing): Thing {
    const key = this.#keyOf(thing);
    const known = this.#things.get(key);
    if (known) return known;
    this.#things.set(key, thing);
    this.#absent.delete(key);
    return thing;
  }

  known(key: Key): Thing | undefined {
    return this.#things.get(key);
  }

  /** The version is the shelf's own business: whoever decides may still hold the thing as it was before it was last written. */
  put(thing: Thing): void {
    const key = this.#keyOf(thing);
    const before = this.#things.get(key);
    this.#onPut?.(before, thing);
    const version = before?.version ?? thing.version;
    this.#things.set(key, { ...thing, version });
    this.#absent.delete(key);
    this.#dirty.add(key);
  }

  /** Those that were put since the last time, to be written; here they count as written. */
  takeDirty(): Thing[] {
    const written = [...this.#dirty].flatMap((key) => this.#things.get(key) ?? []);
    for (const thing of written) this.#things.set(this.#keyOf(thing), { ...thing, version: thing.version + 1 });
    this.#dirty.clear();
    return written;
  }
}
