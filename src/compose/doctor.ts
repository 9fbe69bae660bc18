/** What an administrator would look at in an installation, whether or not a bot runs on it. */
import { join, resolve } from "node:path";
import { listenForDates } from "../adapters/clock/server-dates.ts";
import { examineRepository } from "../adapters/git/examine.ts";
import { examineDataDirectory } from "../adapters/machine/data-directory.ts";
import { nodeFinding } from "../adapters/machine/node.ts";
import type { Secrets } from "../adapters/secrets/secrets.ts";
import { examineWeb } from "../adapters/web/examine.ts";
import { clockFinding } from "../core/doctor/clocks.ts";
import { doubtful, type Finding, good } from "../core/doctor/finding.ts";
import { secretFindings, secretsNamedIn } from "../core/doctor/secrets.ts";
import { shortCommit } from "../core/environment/environment.ts";
import { redactor } from "../core/text/redact.ts";
import type { Bot } from "../engine/bot.ts";
import { type Connections, looksAt } from "../engine/doctor/connections.ts";
import { type Examination, examineAll, type Look } from "../engine/doctor/examine.ts";
import type { Clock } from "../ports/clock.ts";
import { conditionsOf } from "./conditions.ts";
import { GIT_TOKEN } from "./git-token.ts";
import { lookAtStore } from "./open.ts";

export type Installation = {
  readonly data: string;
  readonly config: string;
  readonly store: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
};

export type DoctorParts = {
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Where the bot listens; undefined where none runs. */
  readonly listening: string | undefined;
  /** See `identityOf`; undefined before the first start. */
  readonly is: string | undefined;
  /** Undefined where there is no configuration that could be read. */
  readonly connections: Connections | undefined;
  /** What is known without looking. */
  readonly known: readonly Finding[];
  readonly onProgress?: Examination["onProgress"];
};

export async function examineInstallation(of: Installation, parts: DoctorParts): Promise<Finding[]> {
  const { clock, secrets, connections, known, onProgress } = parts;
  const ours = [of.publicUrl, parts.listening].flatMap((url) =>
    url && URL.canParse(url) ? [new URL(url).hostname] : [],
  );
  const dates = listenForDates(clock, (host) => !ours.includes(host) && !isThisMachine(host));
  try {
    const looks = [
      ...looksAtInstallation(of, parts),
      ...looksAtConditions(of, parts),
      ...(connections ? looksAt(connections) : []),
    ];
    // What the secrets are is known once everything has been opened with them.
    const redact = (text: string) => redactor(secrets.known())(text);
    const findings = await examineAll(looks, { redact, onProgress });
    return [...known, ...findings, clockFinding(dates.readings())];
  } finally {
    dates.stop();
  }
}

export async function examineRunning(
  of: Installation,
  bot: Bot,
  parts: Pick<DoctorParts, "secrets" | "clock" | "listening" | "is">,
): Promise<Finding[]> {
  const { commit } = bot.operations.condition();
  const configuration =
    commit === null
      ? doubtful(
          "the configuration",
          `production has nothing: ${bot.idleWhy ?? "nothing was deployed"}`,
          "env tells how it stands; deploy production deploys the newest commit",
        )
      : good("the configuration", `production runs commit ${shortCommit(commit)}`);
  return await examineInstallation(of, { ...parts, connections: bot.connections, known: [configuration] });
}

function looksAtInstallation(of: Installation, { secrets, clock, connections, listening, is }: DoctorParts): Look[] {
  const data = resolve(of.data);
  const store = of.store === undefined ? "sqlite" : "elsewhere";
  const token = () => secrets.find(GIT_TOKEN);
  return [
    { about: "versions", look: () => [nodeFinding(process.versions, of.version)] },
    { about: "the data directory", look: () => examineDataDirectory(data, store) },
    { about: "the store", look: () => lookAtStore(of.store, data, clock) },
    { about: "the config repository", look: () => examineRepository({ source: of.config, env: of.env, token }) },
    { about: "secrets", look: () => lookAtSecrets(connections, secrets, join(data, "secrets")) },
    {
      about: "the port",
      look: () => examineWeb({ ...of, listening, is, wanted: connections ? whoReaches(connections) : [] }),
    },
  ];
}

/** Beside the one that the bot asks: it is opened for this alone. */
function looksAtConditions(of: Installation, { secrets, clock, connections }: DoctorParts): Look[] {
  const server = connections?.config.keeping.server;
  if (!connections || !server) return [];
  const about = "conditions server";
  const look = async () => {
    const parts = { config: () => connections.config, secret: secrets.get, now: clock.now, data: resolve(of.data) };
    const conditions = conditionsOf(server, parts);
    try {
      return (await conditions.examine?.()) ?? [];
    } finally {
      await conditions.close();
    }
  };
  return [{ about, look }];
}

function lookAtSecrets(connections: Connections | undefined, secrets: Secrets, directory: string): Finding[] {
  if (connections === undefined) return [];
  const named = secretsNamedIn(connections.config, connections.rules);
  return secretFindings(named, (name) => secrets.find(name) !== undefined, directory);
}

/** Whoever follows a link, and whatever sends something by itself. */
function whoReaches({ config, rules }: Connections): string[] {
  return [...Object.keys(config.chats), ...Object.keys(rules.webhooks).map((kind) => `webhooks of ${kind}`)];
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}
