/** The life of a change, as somebody would try it who has just found calops: from `calops init` to a rollback that sticks. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ask, calops, startBot, temporary } from "./calops.ts";

type Environment = {
  readonly environment: string;
  readonly sync: string;
  readonly commit: string | null;
  readonly quarantine: readonly { readonly commit: string }[];
};
type Task = { readonly task: string; readonly workflow: string; readonly state: string; readonly commit: string };

const PATIENCE_MS = 180_000;

test("what is merged is what runs: a branch, its mirror and plan, a merge, a tag, a mistake, a rollback", async () => {
  const { directory, remove } = temporary();
  const [config, bare, data] = [join(directory, "config"), join(directory, "config.git"), join(directory, "data")];
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Mira", "-c", "user.email=mira@x.org", ...args], {
      cwd: config,
      encoding: "utf8",
    }).trim();
  const edit = (path: string, from: string | RegExp, to: string) => {
    const text = readFileSync(join(config, path), "utf8");
    const changed = text.replace(from, to);
    expect(changed, `${from} in ${path}`).not.toBe(text);
    writeFileSync(join(config, path), changed);
  };
  const commit = (subject: string) => {
    git("commit", "--all", "--quiet", "--message", subject);
    return git("rev-parse", "HEAD");
  };

  // A repository of one's own, and a place where it is pushed to.
  expect((await calops(["init", config])).code).toBe(0);
  edit("calops.yaml", "pace: 3s", "pace: 1s");
  // Two: the newest may be one with too little data, which goes together with the one after it.
  edit("environments.yaml", /last: \d+/, "last: 2");
  commit("Faster, for a test");
  git("tag", "--force", "v1");
  execFileSync("git", ["init", "--bare", "--quiet", "--initial-branch=main", bare]);
  git("remote", "add", "origin", bare);
  git("push", "--quiet", "origin", "main", "v1");
  const first = git("rev-parse", "v1");

  const bot = await startBot(["--config", `file://${bare}`, "--data", data]);
  const look = () => bot.child.kill("SIGHUP");
  const environment = async (name: string) => (await ask<Environment[]>(data, "env", name).catch(() => []))[0];
  const says = (text: string) => bot.output().includes(text);
  expect(await environment("production")).toMatchObject({ sync: "synced", commit: first });
  await until(async () => (await ask<Task[]>(data, "tasks", "--task", "calibrate", "--state", "done")).length > 0);

  // A branch with a changed threshold: its mirror runs it, and the plan says what it is.
  git("switch", "--quiet", "--create", "looser");
  edit("workflows/t0/workflow.yaml", /max_shift_ps < 10/, "max_shift_ps < 40");
  const branch = commit("Be content with less");
  git("push", "--quiet", "origin", "looser");
  look();
  await until(async () => (await environment("mirror/looser"))?.commit === branch);
  const mirrored = () => ask<Task[]>(data, "tasks", "--env", "mirror/looser", "--task", "calibrate");
  await until(async () => (await mirrored()).some((task) => task.state === "done"));
  expect((await mirrored()).every((task) => task.commit === branch)).toBe(true);
  expect((await environment("production"))?.commit).toBe(first);
  const plan = await calops(["plan", "looser", "--data", data]);
  expect(plan.stdout).toMatch(/looser/i);
  expect(plan.stdout).toMatch(/max_shift_ps < 10.*max_shift_ps < 40/s);

  // Merged, nothing happens yet; tagged, production deploys it.
  git("switch", "--quiet", "main");
  git("merge", "--quiet", "--no-ff", "--message", "Merge looser", "looser");
  git("push", "--quiet", "origin", "main");
  look();
  git("tag", "v2");
  const second = git("rev-parse", "v2");
  expect((await environment("production"))?.commit).toBe(first);
  git("push", "--quiet", "origin", "v2");
  look();
  await until(async () => (await environment("production"))?.commit === second);
  await until(() => says("Environment production deployed successfully") && says("Merge looser"));

  // Broken, it is refused, and what ran goes on.
  edit("workflows/t0/workflow.yaml", "owner:", "ownr:");
  commit("A typo");
  git("tag", "v3");
  git("push", "--quiet", "origin", "main", "v3");
  look();
  await until(() => says('unknown key "ownr"'));
  expect(await environment("production")).toMatchObject({ commit: second, sync: "out-of-sync" });

  // Rolled back, the bad one stays out, also by a bot that is started anew, until a newer one comes.
  expect((await calops(["rollback", "production", "the fits are worse", "--data", data])).code).toBe(0);
  expect(await environment("production")).toMatchObject({ commit: first, quarantine: [{ commit: second }] });
  const revert = `calops/revert-${second.slice(0, 8)}`;
  await until(() => git("ls-remote", "origin", `refs/heads/${revert}`) !== "");
  look();
  await wait(1_000);
  await bot.stop();
  const next = await startBot(["--config", `file://${bare}`, "--data", data]);
  expect(await environment("production")).toMatchObject({ commit: first });

  edit("workflows/t0/workflow.yaml", "ownr:", "owner:");
  edit("workflows/t0/workflow.yaml", /max_shift_ps < 40/, "max_shift_ps < 10");
  const mended = commit("As it was");
  git("tag", "v4");
  git("push", "--quiet", "origin", "main", "v4");
  next.child.kill("SIGHUP");
  await until(async () => (await environment("production"))?.commit === mended);
  expect(await next.stop()).toBe(0);
  remove();
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came to this: ${holds}`);
    await wait(100);
  }
}
