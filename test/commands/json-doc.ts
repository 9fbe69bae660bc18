/** The description of a command's JSON, `[{id, jobs: {total}}]`, as a shape that data can be held against. */
export type Shape =
  | { readonly kind: "any" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "fields"; readonly fields: Readonly<Record<string, Shape>> };

const ANY: Shape = { kind: "any" };

export function shapeOf(doc: string): Shape {
  let rest = doc.trim();
  const take = (text: string) => {
    rest = rest.trimStart();
    if (!rest.startsWith(text)) return false;
    rest = rest.slice(text.length);
    return true;
  };
  const shape = (): Shape => {
    if (take("[")) {
      const of = shape();
      take("]");
      return { kind: "list", of };
    }
    if (take("{")) return fields();
    rest = rest.replace(/^[^\]},]*/, "");
    return ANY;
  };
  const fields = (): Shape => {
    const found: Record<string, Shape> = {};
    let named = false;
    while (!take("}")) {
      const [name = ""] = /^\s*[a-zA-Z]+/.exec(rest) ?? [];
      if (name === "") throw new Error(`a field is missing before ${JSON.stringify(rest)}`);
      rest = rest.slice(name.length);
      const nested = take(":");
      const plain = nested && !/^\s*[[{]/.test(rest);
      found[name.trim()] = nested ? shape() : ANY;
      named ||= plain;
      take(",");
      take("|");
    }
    // `{state: count}` is a mapping of whatever names there are.
    return named ? ANY : { kind: "fields", fields: found };
  };
  return shape();
}

/** What of the data is not as it is described; fields that hold nothing say nothing of what they would hold. */
export function differences(shape: Shape, data: unknown, path = "data"): string[] {
  if (shape.kind === "any" || data === null) return [];
  if (shape.kind === "list") {
    return Array.isArray(data)
      ? data.flatMap((one, index) => differences(shape.of, one, `${path}[${index}]`))
      : [`${path} is not a list`];
  }
  if (typeof data !== "object" || Array.isArray(data)) return [`${path} is not a mapping`];
  const described = Object.keys(shape.fields);
  const there = Object.keys(data as object);
  return [
    ...described.filter((name) => !there.includes(name)).map((name) => `${path}.${name} is described and not there`),
    ...there.filter((name) => !described.includes(name)).map((name) => `${path}.${name} is there and not described`),
    ...described.flatMap((name) =>
      differences(shape.fields[name] ?? ANY, (data as Record<string, unknown>)[name] ?? null, `${path}.${name}`),
    ),
  ];
}

/** Moments in data are ISO texts in UTC: numbers that look like moments, and where they stand. */
export function rawMoments(data: unknown, path = "data"): string[] {
  if (typeof data === "number") return data > 1e12 && data < 1e13 ? [path] : [];
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) => rawMoments(value, `${path}.${name}`));
}
