/** The arguments of the program, before it is known whether they are a command of the bot. */

export type ProgramArguments = {
  readonly verb: string | undefined;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
};

/** A wrong use of the program: exit 2. */
export class WrongUse extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WrongUse";
  }
}

const WITH_VALUE = ["data", "config", "port", "host", "url", "store", "write"] as const;
const FLAGS = ["until-idle", "version"] as const;

/** Options of the program itself are taken out wherever they stand; everything else is left to the command. */
export function parseProgram(args: readonly string[]): ProgramArguments {
  const options: Record<string, string | true> = {};
  const words: string[] = [];
  const queue = [...args];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const [, name = "", given] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if ((FLAGS as readonly string[]).includes(name)) options[name] = true;
    else if ((WITH_VALUE as readonly string[]).includes(name)) {
      const value = given ?? queue.shift();
      if (value === undefined) throw new WrongUse(`--${name} has no value; write --${name} VALUE`);
      options[name] = value;
    } else words.push(word);
  }
  return { verb: words[0], words, options };
}

export function textOption(args: ProgramArguments, name: (typeof WITH_VALUE)[number]): string | undefined {
  const value = args.options[name];
  return typeof value === "string" ? value : undefined;
}

export function portOption(args: ProgramArguments, env: NodeJS.ProcessEnv, otherwise: number): number {
  const option = textOption(args, "port");
  const text = option ?? env["CALOPS_PORT"];
  // Kubernetes tells every container tcp://ADDRESS:PORT of a service called calops by this name.
  if (text === undefined || (option === undefined && text.startsWith("tcp://"))) return otherwise;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    const given = option === undefined ? "CALOPS_PORT" : "--port";
    throw new WrongUse(`${given} ${text} is not a port; write a number from 0 to 65535 (0: any that is free)`);
  }
  return Number(text);
}
