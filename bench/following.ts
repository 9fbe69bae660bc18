/** Figures of following a config repository: from a webhook to deployed, a look that finds nothing, a check, a start. */
import { execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readConfigFiles } from "../src/adapters/git/config-files.ts";
import { KINDS } from "../src/compose/kinds.ts";
import { readConfig } from "../src/core/config/read-config.ts";
import { benchBot } from "./bench-bot.ts";
import { median, print, round } from "./figure.ts";
import { silent } from "./in-process.ts";

const ROOT = join(import.meta.dirname, "..");
const MAIN = join(ROOT, "bin/calops.js");
/** What the published package and the image start. */
const BUILT = join(ROOT, "dist/main.js");
const SECRET = "bench-secret";
const WORKFLOWS = 200;
const COMMITS = 10_000;

export async function following(root: string): Promise<void> {
  const bare = join(root, "config.git");
  const work = join(root, "work");
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
  importHistory(bare, COMMITS);
  execFileSync("git", ["clone", "--quiet", bare, work]);
  await pollThatFindsNothing(bare, join(root, "poll"));
  await webhookToDeployed(bare, work, join(root, "data"));
  await coldStart(bare, join(root, "data"));
  await checkMany(join(root, "many"), 1_000);
}

/** A repository with a history of many commits, the last of which has the workflows. */
function importHistory(bare: string, commits: number): void {
  const lines: string[] = [];
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const who = (at: number) => `committer Bench <bench@example.org> ${1_700_000_000 + at} +0000\n`;
  for (let n = 0; n < commits; n++) {
    lines.push(`commit refs/heads/main\n${who(n)}${data(`commit ${n}`)}`);
    if (n === commits - 1)
      for (const [path, text] of Object.entries(filesOf(WORKFLOWS, 0)))
        lines.push(`M ${path.endsWith(".sh") ? 100755 : 100644} inline ${path}\n${data(text)}`);
    else lines.push(`M 100644 inline notes/${n % 100}.txt\n${data(`note ${n}`)}`);
  }
  execFileSync("git", ["--git-dir", bare, "fast-import", "--quiet"], { input: lines.join(""), maxBuffer: 1e9 });
}

function filesOf(workflows: number, edition: number): Record<string, string> {
  const files: Record<string, string> = {
    "calops.yaml": "experiment: Bench\n",
    "environments.yaml": `webhooks: { github: { secret: BENCH_SECRET } }\npoll: 1h\n`,
  };
  for (let n = 0; n < workflows; n++) {
    files[`workflows/w${n}/workflow.yaml`] = `description: Workflow ${n}, edition ${edition}
owner: bench
select: run.type == "physics" && run.luminosity > ${n}.5
tasks:
  prepare: { run: [./prepare.sh, "\${run.number}"], split: { jobs: 4 } }
  fit:
    needs: [prepare]
    run: [./fit.sh]
    repeat: { until: metrics.shift < ${10 + (edition % 5)}, max: 4 }
    retries: 3
`;
    files[`workflows/w${n}/prepare.sh`] = "#!/bin/sh\n";
    files[`workflows/w${n}/fit.sh`] = "#!/bin/sh\n";
  }
  return files;
}

function writeAll(directory: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), text, { mode: path.endsWith(".sh") ? 0o755 : 0o644 });
  }
}

/** The whole look of a bot that has deployed what is there: the question to the remote, and what the store is asked besides. */
async function pollThatFindsNothing(bare: string, root: string): Promise<void> {
  mkdirSync(root);
  const bench = await benchBot(root, silent, `file://${bare}`);
  await bench.quiet();
  const times: number[] = [];
  const bareTimes: number[] = [];
  for (let n = 0; n < 50; n++) {
    times.push(await millisecondsOf(() => bench.look()));
    bareTimes.push(await millisecondsOf(async () => execFileSync("git", ["ls-remote", "--quiet", `file://${bare}`])));
  }
  const deployments = await bench.store.queries.deploymentPage({ limit: 2 });
  if (deployments.length !== 1) throw new Error("it found something");
  await bench.stop();
  print({
    figure: "poll that finds nothing",
    value: round(median(times)),
    unit: "ms",
    promised: "at most 50",
    against: `git ls-remote by itself: ${round(median(bareTimes))} ms`,
    ratio: round(median(times) / median(bareTimes)),
    detail: { commits: COMMITS, looks: times.length, longest: round(Math.max(...times)) },
  });
}

async function webhookToDeployed(bare: string, work: string, data: string): Promise<void> {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Bench", "-c", "user.email=bench@example.org", ...args], {
      cwd: work,
      encoding: "utf8",
    }).trim();
  const bot = await startBot(bare, data);
  const times: number[] = [];
  for (let edition = 1; edition <= 7; edition++) {
    writeAll(work, filesOf(WORKFLOWS, edition));
    git("add", "--all");
    git("commit", "--quiet", "--message", `edition ${edition}`);
    git("push", "--quiet", "origin", "main");
    const wanted = git("rev-parse", "HEAD");
    const body = JSON.stringify({ ref: "refs/heads/main" });
    const signature = createHmac("sha256", SECRET).update(body).digest("hex");
    const began = performance.now();
    const answer = await fetch(`${bot.url}/webhooks/github`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` },
      body,
    });
    if (answer.status !== 202) throw new Error(`the webhook was answered ${answer.status}`);
    while ((await bot.commit()) !== wanted) {
      if (performance.now() - began > 30_000) throw new Error("it was never deployed");
      await wait(25);
    }
    times.push(performance.now() - began);
  }
  await bot.stop();
  print({
    figure: "webhook to deployed",
    value: round(median(times) / 1_000),
    unit: "s",
    promised: "at most 1",
    detail: { workflows: WORKFLOWS, commits: COMMITS, all: times.map((ms) => round(ms / 1_000)) },
  });
}

async function coldStart(bare: string, data: string): Promise<void> {
  execFileSync("npm", ["run", "build"], { cwd: ROOT, stdio: "ignore" });
  const times: number[] = [];
  const checkout: number[] = [];
  for (let n = 0; n < 5; n++) {
    times.push(await startToAnswer(bare, data, BUILT));
    checkout.push(await startToAnswer(bare, data, MAIN));
  }
  const node = await millisecondsOf(async () => execFileSync(process.execPath, ["-e", "0"]));
  print({
    figure: "cold start of a repository that is cloned",
    value: round(median(times) / 1_000),
    unit: "s",
    promised: "at most 1",
    against: `node -e 0: ${round(node / 1_000)} s`,
    ratio: round(median(times) / node),
    detail: {
      workflows: WORKFLOWS,
      commits: COMMITS,
      all: times.map((ms) => round(ms / 1_000)),
      fromSources: checkout.map((ms) => round(ms / 1_000)),
    },
  });
}

async function startToAnswer(bare: string, data: string, program: string): Promise<number> {
  let bot: Awaited<ReturnType<typeof startBot>> | undefined;
  const ms = await millisecondsOf(async () => {
    bot = await startBot(bare, data, program);
    await bot.commit();
  });
  await bot?.stop();
  return ms;
}

async function checkMany(directory: string, workflows: number): Promise<void> {
  writeAll(directory, filesOf(workflows, 0));
  const began = performance.now();
  execFileSync(process.execPath, [MAIN, "validate", directory]);
  const whole = performance.now() - began;
  const times: number[] = [];
  for (let n = 0; n < 3; n++)
    times.push(
      await millisecondsOf(async () => {
        const { issues } = readConfig(await readConfigFiles(directory), KINDS);
        if (issues) throw new Error(JSON.stringify(issues[0]));
      }),
    );
  print({
    figure: "validation of 1000 workflows",
    value: round((times[0] ?? 0) / 1_000),
    unit: "s",
    promised: "at most 1",
    detail: { workflows, wholeProgram: round(whole / 1_000), all: times.map((ms) => round(ms / 1_000)) },
  });
}

async function startBot(bare: string, data: string, program = MAIN) {
  const child = spawn(
    process.execPath,
    [program, "start", "--config", `file://${bare}`, "--data", data, "--port", "0"],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, BENCH_SECRET: SECRET },
    },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const address = await addressOf(data, child.pid ?? 0);
  const { token } = JSON.parse(readFileSync(join(data, "access.json"), "utf8")) as { token: string };
  return {
    url: address,
    async commit(): Promise<string | null> {
      const answer = await fetch(`${address}/api/commands`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ words: ["status", "--json"], by: "bench" }),
      });
      return ((await answer.json()) as { data: { commit: string | null } }).data.commit;
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(join(data, "bot.json"), { force: true });
    },
  };
}

async function addressOf(data: string, pid: number): Promise<string> {
  for (;;) {
    await wait(2);
    try {
      const { url, pid: listening } = JSON.parse(readFileSync(join(data, "bot.json"), "utf8")) as {
        url: string;
        pid: number;
      };
      if (listening === pid) return url;
    } catch {
      // It does not listen yet.
    }
  }
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
