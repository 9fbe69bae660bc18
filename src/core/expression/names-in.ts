/** What an expression reads, by its syntax tree. */

/** From a variable inwards: `metrics.shift` is `[metrics, shift]`; a variable that is read as a whole, `[metrics]`. */
export type Name = readonly string[];

type Node = { readonly op?: unknown; readonly args?: unknown };

/** Each name once, the longest that is written; variables of `all` and `map` are among them. */
export function namesIn(ast: unknown): Name[] {
  const found = new Map<string, Name>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const inner of node) visit(inner);
      return;
    }
    const name = nameOf(node);
    if (name) found.set(JSON.stringify(name), name);
    else visit((node as Node).args);
  };
  visit(ast);
  return [...found.values()];
}

function nameOf(node: unknown): Name | undefined {
  const { op, args } = (node ?? {}) as Node;
  if (op === "id") return typeof args === "string" ? [args] : undefined;
  if ((op !== "." && op !== "[]") || !Array.isArray(args)) return undefined;
  const [owner, key] = args as [unknown, unknown];
  const within = nameOf(owner);
  const last = typeof key === "string" ? key : literal(key);
  return within && typeof last === "string" ? [...within, last] : undefined;
}

function literal(key: unknown): unknown {
  const { op, args } = (key ?? {}) as Node;
  return op === "value" ? args : undefined;
}
