import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Context } from "../../commands/context.ts";
import { COMMANDS } from "../../commands/index.ts";
import { systemClock } from "../adapters/clock/system-clock.ts";
import { readConfigFiles } from "../adapters/git/config-files.ts";
import { openLog } from "../adapters/log/log.ts";
import { painterInThread } from "../adapters/painter/painter.ts";
import { secretsFrom } from "../adapters/secrets/secrets.ts";
import { conditionsIn } from "../adapters/store/conditions/conditions.ts";
import { readSqlite } from "../adapters/store/sqlite.ts";
import { workspaceIn } from "../adapters/workspace/workspace.ts";
import type { Actor } from "../core/command/command.ts";
import type { Config } from "../core/config/config.ts";
import { readConfig } from "../core/config/read-config.ts";
import { PRODUCTION } from "../core/environment/environment.ts";
import { redactor } from "../core/text/redact.ts";
import { type Asked, commandDesk } from "../engine/talk/command-desk.ts";
import type { CommandDesk } from "../ports/command-desk.ts";
import type { Queries } from "../ports/queries.ts";
import { checkDirectory } from "./check-directory.ts";
import { conditionsByConfig } from "./conditions.ts";
import { KINDS } from "./kinds.ts";

/** The commands on a data directory that no bot runs on: they read, and refuse to change anything. */
export async function openResting(
  data: string,
  env: NodeJS.ProcessEnv,
): Promise<{ desk: CommandDesk; close(): void } | undefined> {
  const file = join(resolve(data), "calops.sqlite");
  if (!existsSync(file)) return undefined;
  const { queries, database, close } = readSqlite(file);
  const secrets = secretsFrom(env, join(data, "secrets"));
  const config = await lastConfig(queries, data);
  const now = systemClock().now;
  const conditions = conditionsByConfig(conditionsIn(database, { data: resolve(data), now }), {
    config: () => config ?? undefined,
    secret: secrets.get,
    now,
    data: resolve(data),
  });
  const painter = painterInThread();
  const contextFor = (actor: Actor, asked: Asked): Context => ({
    queries,
    operations: null,
    environments: null,
    linking: null,
    duty: null,
    campaigns: null,
    conditions,
    tags: null,
    config,
    actor,
    ...asked,
    now: systemClock().now(),
    workspace: workspaceIn(resolve(data)),
    painter,
    links: { log: () => null, output: () => null },
    redact: redactor(secrets.known()),
    check: async (directory) => ({
      what: directory ?? "this directory",
      ...(await checkDirectory(directory ?? process.cwd(), env)),
    }),
    examine: null,
    commands: COMMANDS,
  });
  const log = openLog(undefined, () => redactor(secrets.known()));
  const knows = async (environment: string) => (await queries.environmentsNamed([environment])).length > 0;
  return {
    desk: commandDesk<Context>({
      commands: COMMANDS,
      contextFor,
      knows,
      remember: async () => {},
      now: systemClock().now,
      log,
    }),
    close,
  };
}

async function lastConfig(queries: Queries, data: string): Promise<Config | null> {
  const [production] = await queries.environmentsNamed([PRODUCTION]);
  const checkout = production?.commit ? join(resolve(data), "checkouts", production.commit) : undefined;
  if (checkout === undefined || !existsSync(checkout)) return null;
  return readConfig(await readConfigFiles(checkout), KINDS).config ?? null;
}
