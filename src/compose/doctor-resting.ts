/**
 * The doctor where no bot runs, also before the first start: what the configuration names is opened just to be looked at. What
 * a bot would hear it does not hear, and neither the data directory nor anything outside is changed.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openChannel } from "../adapters/chat/console/channel.ts";
import { systemClock } from "../adapters/clock/system-clock.ts";
import { GitConfigRepository } from "../adapters/git/config-repository.ts";
import { openIsolation } from "../adapters/isolation/isolation.ts";
import { outside } from "../adapters/outside/outside.ts";
import { type Secrets, secretsFrom } from "../adapters/secrets/secrets.ts";
import { readSqlite } from "../adapters/store/sqlite.ts";
import { identityOf, openAccess } from "../adapters/web/access.ts";
import { addressesIn, type Config } from "../core/config/config.ts";
import { formatIssue } from "../core/config/issue.ts";
import { readConfig } from "../core/config/read-config.ts";
import { bad, type Finding, good, told, unknown } from "../core/doctor/finding.ts";
import { shortCommit, shortRef } from "../core/environment/environment.ts";
import { plural } from "../core/say.ts";
import type { Connections } from "../engine/doctor/connections.ts";
import type { Examination } from "../engine/doctor/examine.ts";
import { Chats } from "../engine/talk/chats.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { SourceState } from "../ports/things.ts";
import { examineInstallation, type Installation } from "./doctor.ts";
import { GIT_TOKEN } from "./git-token.ts";
import { KINDS } from "./kinds.ts";
import { chatOf, executorOf, hostOf, sourceOf, trackerOf } from "./open.ts";

const ABOUT = "the configuration";
/** What goes wrong is among the findings. */
const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} };

export async function examineResting(of: Installation, onProgress: Examination["onProgress"]): Promise<Finding[]> {
  const data = resolve(of.data);
  const clock = systemClock();
  const secrets = secretsFrom(of.env, join(data, "secrets"));
  const access = join(data, "access.json");
  const scratch = await mkdtemp(join(tmpdir(), "calops-doctor-"));
  const undo: (() => Promise<unknown>)[] = [() => rm(scratch, { recursive: true, force: true })];
  try {
    onProgress?.([ABOUT]);
    const read = await configurationOf(of, scratch, secrets);
    undo.push(read.release);
    const opened =
      read.config && (await openConnections({ of, data, scratch, clock, secrets, ...read, config: read.config }));
    if (opened) undo.push(opened.close);
    return await examineInstallation(of, {
      secrets,
      clock,
      listening: undefined,
      is: existsSync(access) ? identityOf(openAccess(access)) : undefined,
      connections: opened?.connections,
      known: [read.finding],
      onProgress,
    });
  } finally {
    for (const one of undo.reverse()) await one();
  }
}

type Read = {
  readonly finding: Finding;
  readonly config?: Config;
  readonly checkout: string;
  readonly release: () => Promise<unknown>;
};

/** The newest of the branch that the repository stands on, as a first start would read it; fetched to a place of its own. */
async function configurationOf(
  { config: source, env }: Installation,
  scratch: string,
  secrets: Secrets,
): Promise<Read> {
  let release = async () => {};
  const nothing = (finding: Finding): Read => ({ finding, checkout: scratch, release });
  const notRead = (why: string) =>
    nothing(
      unknown(
        ABOUT,
        `it could not be read, so nothing that it names was looked at: ${why}`,
        "mend what is said of the config repository, and give calops doctor again",
      ),
    );
  try {
    const token = () => secrets.find(GIT_TOKEN);
    const repository = await GitConfigRepository.open({ source, root: scratch, env, token, timeoutMs: 8_000 });
    // Checkouts are made so that nobody writes there, which keeps them from being removed in one go.
    release = () => repository.keepOnly([]);
    const { head, branches } = await repository.refs();
    const ref = branches.find(({ name }) => name === head);
    if (!ref) return notRead(`the repository stands on ${shortRef(head)}, which is not there`);
    await repository.fetch(ref);
    const checkout = await repository.checkout(ref.commit);
    const { config, issues = [] } = readConfig(await repository.read(checkout), KINDS);
    const what = `${shortRef(head)} at ${shortCommit(ref.commit)}`;
    if (config) return { config, checkout, release, finding: good(ABOUT, `${what} has no mistakes in its files`) };
    const [first] = issues;
    return nothing(
      bad(
        ABOUT,
        `${what} has ${plural(issues.length, "mistake")}, so a bot would not run it: ${first ? formatIssue(first) : ""}`,
        "calops validate DIR in a clone of it shows all of them",
      ),
    );
  } catch (error) {
    return notRead(told((error as Error).message, "").found);
  }
}

type OpenParts = {
  readonly of: Installation;
  /** The data directory, absolute. */
  readonly data: string;
  readonly scratch: string;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly config: Config;
  readonly checkout: string;
};

async function openConnections({ of, data, scratch, clock, secrets, config, checkout }: OpenParts) {
  const { env } = of;
  const rules = config.environments;
  // Before the first start there is no place yet in which to try what jobs need.
  const root = existsSync(data) ? data : scratch;
  const console = openChannel(join(data, "channel.jsonl"), clock);
  const desk = { take: async () => ({ taken: true }) as const, seal: () => "none" };
  const url = of.publicUrl ?? `http://${of.host}:${of.port}`;
  const parts = {
    desk,
    secret: secrets.get,
    clock,
    log: QUIET,
    url: () => url,
    wholeUrl: () => null,
    chance: Math.random,
  };
  const chats = new Chats({
    console,
    log: QUIET,
    openChat: (kind, options) => chatOf(kind, options, { ...parts, onlyToLook: true }, () => addressesIn(config, kind)),
  });
  await chats.adjust(config);
  const executors = Object.entries(config.executors).map(([name, declared]) =>
    executorOf(name, declared, { root, env, logLimit: config.logs.limit }),
  );
  const base = existsSync(of.config) ? resolve(of.config) : checkout;
  const connections: Connections = {
    config,
    rules,
    chats,
    executors,
    host: () => (rules.host ? hostOf(rules.host, secrets.get) : undefined),
    tracker: () => (config.tickets ? trackerOf(config.tickets, secrets.get) : undefined),
    openSource: (name, declared) => sourceOf(name, declared, { base, clock, secret: secrets.get, env }),
    lastRead: (name) => lastRead(data, of.store, name),
    outside: outside(env, openIsolation(root, env)),
    now: clock.now,
  };
  const close = async () => await Promise.all([chats.close(), ...executors.map((executor) => executor.close())]);
  return { connections, close };
}

/** As the last bot left it; in a database elsewhere nobody is asked twice. */
async function lastRead(data: string, store: string | undefined, name: string): Promise<SourceState | undefined> {
  const file = join(data, "calops.sqlite");
  if (store !== undefined || !existsSync(file)) return undefined;
  const { queries, close } = readSqlite(file);
  try {
    return await queries.source(name);
  } finally {
    close();
  }
}
