/** Names of commands: of one word, or of two, as `gt show`, whose first word makes them a family. */
type Named = { readonly name: string };

/** `gt show` is a command of two words. */
export function wordsOfName({ name }: Named): string[] {
  return name.split(" ");
}

/** The command that these words begin with. */
export function commandOf<Command extends Named>(
  words: readonly string[],
  commands: readonly Command[],
): Command | undefined {
  return (
    commands.find((one) => one.name === words.slice(0, 2).join(" ")) ?? commands.find((one) => one.name === words[0])
  );
}

/** Those of two words that begin with this one. */
export function familyOf<Command extends Named>(first: string, commands: readonly Command[]): Command[] {
  return commands.filter(({ name }) => name.startsWith(`${first} `));
}
