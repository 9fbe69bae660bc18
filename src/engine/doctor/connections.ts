/** What is to be looked at where a configuration is connected to the world: chats, executors, sources, code host, locks. */
import type { Config, SourceConfig } from "../../core/config/config.ts";
import { bad, type Finding, good, told, unknown } from "../../core/doctor/finding.ts";
import type { EnvironmentRules } from "../../core/environment/rules.ts";
import { plural } from "../../core/say.ts";
import { formatDuration, type Instant } from "../../core/time.ts";
import type { CodeHost } from "../../ports/code-host.ts";
import type { Executor } from "../../ports/executor.ts";
import type { Outside } from "../../ports/outside.ts";
import type { RunSource } from "../../ports/run-source.ts";
import type { SourceState } from "../../ports/things.ts";
import type { Tickets } from "../../ports/tickets.ts";
import type { Chats } from "../talk/chats.ts";
import type { Look } from "./examine.ts";

export type Connections = {
  readonly config: Config;
  readonly rules: EnvironmentRules;
  readonly chats: Pick<Chats, "names" | "of" | "troubles">;
  readonly executors: readonly Executor[];
  readonly host: () => CodeHost | undefined;
  readonly tracker: () => Tickets | undefined;
  /** A source of its own, beside the one that is read. */
  readonly openSource: (name: string, config: SourceConfig) => Promise<RunSource>;
  readonly lastRead: (name: string) => Promise<SourceState | undefined>;
  readonly outside: Outside;
  readonly now: () => Instant;
};

const AGAIN = "start the bot again then: systemctl restart calops";

export function looksAt(connections: Connections): Look[] {
  const { config, rules, chats, executors } = connections;
  return [
    ...chats.names.map((name) => ({ about: name, look: () => lookAtChat(chats, name) })),
    ...Object.entries(config.sources).map(([name, declared]) => ({
      about: `run source ${name}`,
      look: () => lookAtSource(connections, name, declared),
    })),
    ...executors.map((executor) => ({
      about: `executor ${executor.name}`,
      look: () => lookAtExecutor(executor, rules),
    })),
    ...(rules.host === undefined ? [] : [{ about: rules.host.kind, look: () => lookAtHost(connections) }]),
    ...(config.tickets === undefined
      ? []
      : [
          {
            about: `tickets in ${config.tickets.kind}`,
            look: async () => (await connections.tracker()?.examine()) ?? [],
          },
        ]),
    ...looksAtLocks(connections),
  ];
}

async function lookAtChat(chats: Connections["chats"], name: string): Promise<readonly Finding[]> {
  const trouble = chats.troubles.get(name);
  if (trouble !== undefined) {
    const { found, fix } = told(trouble, `mend it in chats.${name} of calops.yaml`);
    return [bad(name, `it could not be opened, and its messages wait: ${found}`, `${fix}; ${AGAIN}`)];
  }
  return (await chats.of(name)?.examine()) ?? [unknown(name, "it is not open yet", "give doctor again in a minute")];
}

/** Read as it is read always, from where the bot is; but what comes is left for the bot. */
async function lookAtSource(connections: Connections, name: string, declared: SourceConfig): Promise<Finding[]> {
  const about = `run source ${name}`;
  const state = await connections.lastRead(name);
  const before =
    state?.readAt == null
      ? "nothing has come from it yet"
      : `the last records came ${formatDuration(connections.now() - state.readAt)} ago`;
  const fix = `mend what it says, in sources.${name} of calops.yaml or where the runs come from; nothing is lost meanwhile`;
  let source: RunSource | undefined;
  try {
    source = await connections.openSource(name, declared);
    const { records } = await source.read(state?.cursor ?? null);
    return [
      good(about, `it answers${records.length > 0 ? `, with ${plural(records.length, "record")}` : ""}; ${before}`),
    ];
  } catch (error) {
    return [bad(about, `${(error as Error).message}; ${before}`, fix)];
  } finally {
    await source?.close();
  }
}

async function lookAtExecutor(executor: Executor, { mirrors }: EnvironmentRules): Promise<readonly Finding[]> {
  const about = `executor ${executor.name}`;
  const findings = (await executor.examine?.()) ?? [];
  if (mirrors?.isolation !== "required") return findings;
  const why = await executor.cannotIsolate();
  if (why === undefined) return [...findings, good(`${about}: jobs of mirrors`, "they can be isolated")];
  const { found, fix } = told(why, 'docs/install.md says under "Mirrors of branches" what this machine must allow');
  return [
    ...findings,
    bad(`${about}: jobs of mirrors`, `they cannot be isolated, so no mirror is deployed: ${found}`, fix),
  ];
}

async function lookAtHost({ host, rules }: Connections): Promise<readonly Finding[]> {
  const about = rules.host?.kind ?? "code host";
  return (await host()?.examine?.()) ?? [unknown(about, "nothing is known about how to look at it", null)];
}

/** Pages that are the same for every task are asked; what is about one task, and programs, only the lock itself asks. */
function looksAtLocks({ config, outside }: Connections): Look[] {
  const asked = Object.values(config.workflows).flatMap((workflow) =>
    workflow.tasks.flatMap((task) =>
      task.locks.flatMap((lock) => (lock.kind === "ask" ? [{ ...lock, task: `${workflow.name}/${task.name}` }] : [])),
    ),
  );
  const pages = Map.groupBy(
    asked.filter(({ url }) => url !== undefined && !url.includes("${")),
    ({ url }) => url ?? "",
  );
  const others = asked.filter(({ url }) => url === undefined || url.includes("${"));
  const about = "locks that ask outside";
  const notAsked = `${plural(others.length, "lock")} of ${[...new Set(others.map(({ task }) => task))].join(", ")} ${others.length === 1 ? "asks" : "ask"} something about each task, or by a program, and ${others.length === 1 ? "was" : "were"} not tried`;
  const nameOf = (url: string) => `locks: ${URL.canParse(url) ? new URL(url).host : url}`;
  return [
    ...[...pages].map(([url, locks]) => ({ about: nameOf(url), look: () => lookAtPage(url, locks) })),
    ...(others.length === 0
      ? []
      : [{ about, look: () => [unknown(about, notAsked, "why TASK shows what a task's locks were answered")] }]),
  ];

  async function lookAtPage(url: string, locks: readonly { task: string; owner: string }[]): Promise<Finding[]> {
    const tasks = [...new Set(locks.map(({ task }) => task))].join(", ");
    const name = nameOf(url);
    try {
      await outside.fetchJson(url);
      return [good(name, `it answers what ${tasks} asks`)];
    } catch (error) {
      const owners = [...new Set(locks.map(({ owner }) => owner))].join(", ");
      return [
        bad(
          name,
          `${(error as Error).message}, so ${tasks} waits`,
          `try curl ${url} on this machine, and ask ${owners}, who has the lock`,
        ),
      ];
    }
  }
}
