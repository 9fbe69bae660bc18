import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type ProgramArguments, WrongUse } from "./arguments.ts";
import { botOf } from "./bot-of.ts";
import type { World } from "./world.ts";

export async function backup(args: ProgramArguments, { env, output }: World): Promise<number> {
  const [, file] = args.words;
  if (file === undefined) throw new WrongUse("backup needs a file; write calops backup FILE");
  const target = resolve(file);
  if (existsSync(target)) throw new Error(`${file} exists; name a file that does not, nothing is written over`);
  const { client, data } = botOf(args, env);
  if (client) await client.backup(target);
  else await (await import("../adapters/store/sqlite.ts")).backupSqlite(resolve(data, "calops.sqlite"), target);
  output.write(
    `The store is copied to ${file}. docs/install.md says how to go back to it; jobs that have run since are found again then.\n`,
  );
  return 0;
}
