/** What reviewers of a branch see: statuses at its commit, and one comment on its pull request. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { githubOptions } from "../../src/adapters/code-hosts/github/config.ts";
import { openGithub } from "../../src/adapters/code-hosts/github/github.ts";
import { aFakeGithub, type FakeGithub, githubPull } from "../fakes/fake-github.ts";
import type { Files } from "../fakes/memory-repository.ts";
import type { Script } from "../fakes/scripted-executor.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let github: FakeGithub;
let harness: Harness;

beforeEach(async () => {
  github = await aFakeGithub();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
  await github.server.close();
});

const RULES =
  'host: { test: {} }\nmirrors: { branches: ["**"], runs: { last: 1 }, channel: "#dev", isolation: none }\n';
/** The commit that a harness begins with. */
const FIRST = "b6589fc6ab0dc82cf12099d1c2d40ab994e8410c";
const files = (until: number, more: Files = {}): Files =>
  configOf(
    {
      t0: `tasks: { fit: { run: ["true"], repeat: { until: metrics.shift < ${until}, max: 1, otherwise: accept } } }\n`,
    },
    { "environments.yaml": RULES, ...more },
  );

async function start(script?: Script): Promise<void> {
  const options = githubOptions.parse({
    repository: github.repository,
    token: { secret: "GITHUB_TOKEN" },
    api: github.server.origin,
  });
  const host = openGithub(options, { secret: () => github.token });
  harness = await startHarness({ files: files(10), host, ...(script ? { script } : {}) });
}

async function push(content: Files, subject: string, branch?: string): Promise<string> {
  const commit = harness.repository.push(content, subject, branch === undefined ? {} : { branch });
  github.learn(commit);
  await harness.follow();
  return commit;
}

const comments = () => github.comments.map(({ body }) => body);
const statuses = (commit: string) =>
  (github.statuses.get(commit) ?? []).map(({ context, state }) => `${context} ${state}`);

test("a branch gets a status, and its pull request the plan as one comment that is edited in place", async () => {
  github.learn(FIRST);
  await start();
  githubPull(github, { branch: "looser" });
  const first = await push(files(40), "looser", "looser");
  expect(statuses(first)).toEqual(["calops/validate success"]);
  expect(comments()).toHaveLength(1);
  expect(comments()[0]).toMatch(/looser/);
  expect(comments()[0]).toMatch(/metrics\.shift/);

  const second = await push(files(40, { "runtypes.yaml": "physics: { filtre: x }\n" }), "typo", "looser");
  expect(statuses(second)).toEqual(["calops/validate failure"]);
  expect(comments()).toHaveLength(1);
  expect(comments()[0]).toContain("filtre");
  await push(files(20), "mended", "looser");
  expect(comments()).toHaveLength(1);
  expect(comments()[0]).not.toContain("filtre");
});

test("what is deployed, refused or taken back is told at its commit", async () => {
  github.learn(FIRST);
  await start();
  const good = await push(files(20), "good");
  expect(statuses(good)).toContain("calops/production success");
  const bad = await push(files(20, { "runtypes.yaml": "physics: { filtre: x }\n" }), "typo");
  expect(statuses(bad)).toContain("calops/production failure");
  const worse = await push(files(5), "worse");
  await harness.command("rollback production it was better");
  await harness.pass(0);
  expect(statuses(worse).at(-1)).toBe("calops/production failure");
  expect(harness.chat.texts.join("\n")).toContain(`compare/main...calops%2Frevert-${worse.slice(0, 8)}`);
});

test("a commit that waited and never ran gets no good status", async () => {
  github.learn(FIRST);
  await start();
  const onRequest = { "environments.yaml": `${RULES}production: { deploy: on-request }\n` };
  const ofProduction = (commit: string) => statuses(commit).filter((one) => one.startsWith("calops/production"));
  await push(files(10, onRequest), "asks from now on");
  const skipped = await push(files(11, onRequest), "skipped");
  expect(ofProduction(skipped)).toEqual(["calops/production pending"]);
  await push(files(12, onRequest), "newer");
  expect(ofProduction(skipped).at(-1)).toBe("calops/production failure");
});

test("a pull request asks for a replay, and its comment compares the metrics of its mirror with those of production", async () => {
  github.learn(FIRST);
  await start(({ facts }) => ({
    outputs: { "metrics.json": JSON.stringify({ shift: facts.environment === "production" ? 8 : 6, chi2: 1 }) },
  }));
  await harness.take({ run: 1 }, { run: 2 }, { run: 3 });
  githubPull(github, { branch: "finer", text: "Finer binning.\n\n/calops replay 1-2 9\n" });
  await push(files(9), "finer", "finer");
  await harness.pass(20_000);
  await harness.pass(20_000);
  expect(
    (await harness.tasks())
      .filter((task) => task.environment === "mirror/finer")
      .map((task) => task.groupKey)
      .sort(),
  ).toEqual(["1", "2", "3"]);
  expect(comments()).toHaveLength(1);
  const [comment = ""] = comments();
  expect(comment).toMatch(/Replay of 2 runs: 2 metrics of 4 differ from production/);
  expect(comment).toMatch(/t0\/fit.*shift.*8.*6.*-25 %/);
  expect(comment).not.toMatch(/chi2/);
});

test("a host that is away delays what is said, and nothing else", async () => {
  github.learn(FIRST);
  await start();
  githubPull(github, { branch: "looser" });
  github.server.trouble({ status: 500 });
  await push(files(40), "looser", "looser");
  expect(harness.faults.length).toBeGreaterThan(0);
  harness.faults.length = 0;
  expect((await harness.command("env mirror/looser")).data).toMatchObject([{ sync: "synced" }]);
  github.server.trouble();
  await harness.pass(61_000);
  await harness.pass(61_000);
  expect(comments()).toHaveLength(1);
});
