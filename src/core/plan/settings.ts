/** What can be set of a thing, in words, and how two such lists differ. */

/** Key as it stands in the file, and value. A key that stands several times has several values at once. */
export type Settings = readonly (readonly [what: string, value: string])[];

export type SettingChange = {
  readonly what: string;
  /** Null where it was not set, or this value is new among several. */
  readonly from: string | null;
  /** Null where it is not set any more. */
  readonly to: string | null;
};

/** Things by name that came, went or are set otherwise. */
export type NamedChanges = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly settings: readonly SettingChange[] }[];
};

/** Leaves out what is not set. */
export function settings(entries: readonly (readonly [what: string, value: string | number | undefined])[]): Settings {
  return entries.flatMap(([what, value]) => (value === undefined ? [] : [[what, String(value)] as const]));
}

/** One key with several values. */
export function each(what: string, values: readonly string[]): Settings {
  return values.map((value) => [what, value]);
}

export function settingChanges(before: Settings, after: Settings): SettingChange[] {
  const [old, now] = [byWhat(before), byWhat(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((what): SettingChange[] => {
    const gone = without(old.get(what) ?? [], now.get(what) ?? []);
    const come = without(now.get(what) ?? [], old.get(what) ?? []);
    const [from] = gone;
    const [to] = come;
    if (gone.length === 1 && come.length === 1 && from !== undefined && to !== undefined) return [{ what, from, to }];
    return [
      ...gone.map((one) => ({ what, from: one, to: null })),
      ...come.map((one) => ({ what, from: null, to: one })),
    ];
  });
}

export function namedChanges<Thing>(
  before: Readonly<Record<string, Thing>>,
  after: Readonly<Record<string, Thing>>,
  changesOf: (before: Thing, after: Thing, name: string) => readonly SettingChange[],
): NamedChanges {
  return {
    added: Object.keys(after).filter((name) => !Object.hasOwn(before, name)),
    removed: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
    changed: inBoth(before, after).flatMap(([name, old, now]) => {
      const found = old === now ? [] : changesOf(old, now, name);
      return found.length === 0 ? [] : [{ name, settings: found }];
    }),
  };
}

/** Name, before and after of what is there before and after. */
export function inBoth<Thing>(
  before: Readonly<Record<string, Thing>>,
  after: Readonly<Record<string, Thing>>,
): (readonly [name: string, before: Thing, after: Thing])[] {
  return Object.entries(after).flatMap(([name, now]) => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    return old === undefined ? [] : [[name, old, now] as const];
  });
}

function byWhat(list: Settings): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [what, value] of list) {
    const values = found.get(what);
    if (values) values.push(value);
    else found.set(what, [value]);
  }
  return found;
}

/** Takes as many of each value away as others have. */
function without(values: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return values.filter((value) => {
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
