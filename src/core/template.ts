/** `${name}` in arguments and environment variables of jobs, over a declared set of names. Nothing is ever given to a shell. */

/** One value, or several where the name stands for a list (`${input}`). */
export type TemplateValues = Readonly<Record<string, string | readonly string[]>>;

const PLACE = /\$\{([^}]*)\}/g;

/** The names that a text uses, each with its place in the text. */
export function namesIn(text: string): { readonly name: string; readonly offset: number }[] {
  return [...text.matchAll(PLACE)].map((match) => ({ name: match[1] ?? "", offset: match.index }));
}

/** Fills one text; a list is joined by spaces. A name without a value becomes an empty text: what is unknown was refused at load time. */
export function fill(text: string, values: TemplateValues): string {
  return text.replace(PLACE, (_, name: string) => {
    const value = values[name];
    return typeof value === "string" ? value : (value ?? []).join(" ");
  });
}

/** Fills an argument list. An argument that is nothing but the name of a list becomes as many arguments as the list has entries. */
export function fillArguments(words: readonly string[], values: TemplateValues): string[] {
  return words.flatMap((word) => {
    const alone = /^\$\{([^}]*)\}$/.exec(word)?.[1];
    const value = alone === undefined ? undefined : values[alone];
    return Array.isArray(value) ? [...value] : [fill(word, values)];
  });
}
