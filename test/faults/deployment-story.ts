/**
 * The story that deployments are killed in: a commit goes through, the next waits for a person and gets its yes, is rolled
 * back, and a mirror that was made meanwhile is archived. It can be told again and again on one data directory.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { readSqlite } from "../../src/adapters/store/sqlite.ts";
import type { Deployment } from "../../src/core/deployment/deployment.ts";
import { ERRAND_KINDS } from "../../src/core/effect.ts";
import type { Environment } from "../../src/core/environment/environment.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { DueErrand } from "../../src/ports/loads.ts";
import { aBareRepository, type Files } from "../adapters/git/a-repository.ts";
import { ROOT, startBot } from "../whole/calops.ts";

const CRASH_AT = pathToFileURL(join(import.meta.dirname, "crash-at.ts"));
const PATIENCE_MS = 60_000;
const SCRIPT = "#!/bin/sh\nexit 0\n";

export type Ground = ReturnType<typeof aGround>;
export type Edition = { readonly good: string; readonly bad: string; readonly tried: string; readonly mirror: string };

export type Stage = {
  readonly name: string;
  /** What somebody does, once. */
  begin?(ground: Ground, edition: number): void;
  /** What somebody says to the bot, and says again when it was gone before it had understood. */
  say?(of: Edition): string;
  isHeard?(seen: Seen, of: Edition): boolean;
  reached(seen: Seen, of: Edition): boolean;
};

/** What stands in the store. */
export type Seen = {
  readonly environments: readonly Environment[];
  readonly deployments: readonly Deployment[];
  readonly tasks: readonly Task[];
  /** Those that do not come again and again. */
  readonly errands: readonly DueErrand[];
  /** Messages; an edit waits a few seconds for further ones. */
  readonly unsent: number;
};

const production = (seen: Seen) => seen.environments.find((one) => one.name === "production");
const taskIn = (seen: Seen, environment: string) => seen.tasks.find((task) => task.environment === environment);
const of = (seen: Seen, commit: string) => seen.deployments.filter((one) => one.commit === commit);

export const STAGES: readonly Stage[] = [
  {
    name: "goes-through",
    begin: (ground, edition) => ground.pushGood(edition),
    reached: (seen, { good, tried, mirror }) =>
      production(seen)?.commit === good &&
      seen.environments.some((one) => one.name === mirror && one.commit === tried) &&
      taskIn(seen, mirror)?.state === "done",
  },
  {
    name: "waits",
    begin: (ground, edition) => ground.pushBad(edition),
    reached: (seen, { bad }) => of(seen, bad)[0]?.state === "waiting",
  },
  {
    name: "gets-its-yes",
    say: ({ bad }) => `deploy production ${bad}`,
    isHeard: (seen, { bad }) => of(seen, bad).some((one) => one.consents.length > 0),
    // Its result is made otherwise now.
    reached: (seen, { bad }) => production(seen)?.commit === bad && taskIn(seen, "production")?.stale !== null,
  },
  {
    name: "is-rolled-back",
    say: () => "rollback production the fits are worse",
    isHeard: (seen, { bad }) => seen.deployments.some((one) => one.kind === "rollback" && one.from === bad),
    reached: (seen, { good, bad }) =>
      production(seen)?.commit === good &&
      production(seen)?.quarantine.some((one) => one.commit === bad) === true &&
      taskIn(seen, "production")?.stale === null,
  },
  {
    name: "is-archived",
    begin: (ground, edition) => ground.deleteBranch(edition),
    reached: (seen, { mirror }) =>
      seen.unsent === 0 && seen.environments.some((one) => one.name === mirror && one.archivedAt !== null),
  },
];

/** A remote, a data directory, and the file that tells the bot when to die. */
export function aGround(directory: string) {
  const data = join(directory, "data");
  const bare = aBareRepository(join(directory, "config.git"));
  const [told, runs] = [join(directory, "told"), join(directory, "runs.jsonl")];
  const contents = new Map<string, Files>();
  const editions = new Map<number, Edition>();
  const push = (files: Files, subject: string, pushing = {}) => {
    const commit = bare.push(files, subject, pushing);
    contents.set(commit, files);
    return commit;
  };
  writeFileSync(runs, `${JSON.stringify({ run: 1 })}\n`);
  writeFileSync(told, "");
  return {
    data,
    bare,
    /** Of each commit that was pushed. */
    contents,
    edition: (edition: number): Edition => editions.get(edition) ?? { good: "", bad: "", tried: "", mirror: "" },
    pushGood(edition: number) {
      const good = push(filesOf(runs, edition, ["t0", "t1", "t2"]), `good ${edition}`);
      const files = filesOf(runs, edition, ["t0", "t1", "t2"], "#!/bin/sh\nexec true\n");
      const tried = push(files, `try ${edition}`, { branch: `try-${edition}` });
      editions.set(edition, { good, bad: "", tried, mirror: `mirror/try-${edition}` });
    },
    /** Two workflows in three would go, and a person has to want that. */
    pushBad(edition: number) {
      const bad = push(filesOf(runs, edition, ["t0"], `#!/bin/sh\necho ${edition}\n`), `bad ${edition}`);
      editions.set(edition, { ...this.edition(edition), bad });
    },
    deleteBranch: (edition: number) => void bare.git("update-ref", "-d", `refs/heads/try-${edition}`),
    /** From now on the points that the bot passes are noted under a label, and it dies at one where that is told. */
    tell: (label: string, point = "") => writeFileSync(told, `${label}\t${point}`),
    tellNothing: () => writeFileSync(told, ""),
    passed(label: string): string[] {
      if (!existsSync(`${told}.points`)) return [];
      const lines = readFileSync(`${told}.points`, "utf8").split("\n");
      return lines.filter((line) => line.startsWith(`${label}\t`)).map((line) => line.slice(label.length + 1));
    },
    async start() {
      const env = {
        NODE_OPTIONS: `--import=${CRASH_AT}?told-by=${encodeURIComponent(told)}`,
        // As the program has it, and from the first module on.
        NODE_COMPILE_CACHE: join(ROOT, "node_modules/.cache/calops"),
      };
      const bot = await startBot(["--config", `file://${bare.path}`, "--data", data], env);
      // A word to somebody who has just died.
      bot.child.stdin.on("error", () => {});
      return bot;
    },
    look: () => look(data),
    async until(holds: (seen: Seen) => boolean, gaveUp: () => boolean = () => false): Promise<boolean> {
      const end = Date.now() + PATIENCE_MS;
      let seen: Seen | undefined;
      while (!gaveUp()) {
        seen = await look(data);
        if (seen && seen.errands.length === 0 && holds(seen)) return true;
        if (Date.now() > end) throw new Error(`it never came to this: ${holds}; ${JSON.stringify(shown(seen))}`);
        await wait(30);
      }
      return false;
    },
  };
}

function filesOf(runs: string, edition: number, workflows: readonly string[], script = SCRIPT): Files {
  const workflow = (name: string) =>
    `description: ${name}, edition ${edition}\nowner: nobody\ntasks: { fit: { run: [./fit.sh] } }\n`;
  return {
    "calops.yaml": `experiment: Faults\nsources: { list: { watch: { path: ${runs}, settle: 0s }, every: 1s } }\n`,
    "environments.yaml":
      'poll: 1h\nmirrors: { branches: ["try-*"], runs: { last: 1 }, channel: "#dev", grace: 0s, isolation: none }\n',
    ...Object.fromEntries(
      workflows.flatMap((name) => [
        [`workflows/${name}/workflow.yaml`, workflow(name)],
        [`workflows/${name}/fit.sh`, name === "t0" ? script : SCRIPT],
      ]),
    ),
  };
}

/** Undefined while there is no store yet. */
async function look(data: string): Promise<Seen | undefined> {
  const file = join(data, "calops.sqlite");
  if (!existsSync(file)) return undefined;
  const { queries, close } = readSqlite(file);
  try {
    const due = await queries.dueErrands(Number.MAX_SAFE_INTEGER, 1_000, ERRAND_KINDS);
    return {
      environments: await queries.environments(),
      deployments: await queries.deploymentPage({ limit: 1_000 }),
      tasks: await queries.taskPage({ limit: 1_000, workflow: "t0" }),
      errands: due.filter(({ kind, ref }) => kind !== "tick" && (kind !== "tidy" || ref.startsWith("archived"))),
      unsent: (await queries.unsentMessages(1)).length,
    };
  } catch (error) {
    // Its tables are just being made.
    if (/no such (table|column)/.test((error as Error).message)) return undefined;
    throw error;
  } finally {
    close();
  }
}

function shown(seen: Seen | undefined) {
  return {
    errands: seen?.errands,
    unsent: seen?.unsent,
    environments: seen?.environments.map((one) => `${one.name} ${one.commit} ${one.archivedAt}`),
    deployments: seen?.deployments
      .slice(0, 5)
      .map((one) => `${one.environment} ${one.kind} ${one.commit} ${one.state}`),
    tasks: seen?.tasks.slice(0, 5).map((one) => `${one.environment} ${one.state} ${one.stale?.why}`),
  };
}
