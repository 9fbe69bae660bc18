/** Secrets that the configuration names: from the environment of the bot, or a file of its secrets directory. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Secrets = {
  /** Throws, saying where it could stand, when there is none of that name. */
  get(name: string): string;
  /** The same where it may be missing. */
  find(name: string): string | undefined;
  /** Values that were asked for so far, to be kept out of everything that leaves; those that were changed since, too. */
  known(): readonly string[];
};

export function secretsFrom(env: NodeJS.ProcessEnv, directory: string): Secrets {
  const known = new Set<string>();
  const find = (name: string) => {
    const value = env[name] || readSecret(join(directory, name));
    if (value === "") return undefined;
    known.add(value);
    return value;
  };
  return {
    find,
    get(name) {
      const value = find(name);
      if (value === undefined)
        throw new Error(
          `the secret ${name} is not set; put it into the environment of the bot, or into the file secrets/${name} of its data directory`,
        );
      return value;
    },
    known: () => [...known],
  };
}

function readSecret(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}
