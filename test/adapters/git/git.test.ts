import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addressOf } from "../../../src/adapters/git/address.ts";
import { type GitError, localGit, remoteGit } from "../../../src/adapters/git/git.ts";
import { run } from "../../../src/adapters/git/run.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { writeFiles } from "./a-repository.ts";

let directory: ReturnType<typeof aDirectory>;
beforeEach(() => {
  directory = aDirectory();
  mkdirSync(directory.at("clone"));
});
afterEach(() => directory.remove());

/** A program called git that does what the test says. */
function fakeGit(script: string): NodeJS.ProcessEnv {
  writeFiles(directory.at("bin"), { git: `#!/bin/sh\n${script}\n` });
  chmodSync(directory.at("bin/git"), 0o755);
  return { PATH: `${directory.at("bin")}:${process.env["PATH"]}`, HOME: directory.path };
}

const clone = () => directory.at("clone");
const remote = (env: NodeJS.ProcessEnv, source = "https://host/x.git", token?: string) =>
  remoteGit({ directory: clone(), env, address: addressOf(source), token: () => token, timeoutMs: 300 });

describe("git that hangs", () => {
  test("is ended with everything that it started", async () => {
    const pids = directory.at("pids");
    const env = fakeGit(
      `echo $$ >> ${pids}\n(trap '' TERM; echo $(exec sh -c 'echo $PPID') >> ${pids}; sleep 60) &\nsleep 60`,
    );
    await expect(remote(env)(["fetch"])).rejects.toThrow("git fetch took longer than 300ms");
    const started = readFileSync(pids, "utf8").trim().split("\n").map(Number);
    expect(started).toHaveLength(2);
    for (const pid of started) await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test("is ended when it says no more how far it is, though there would be time", async () => {
    const env = fakeGit("for i in 1 2 3 4; do echo $i >&2; sleep 0.1; done; sleep 60");
    const asked = remote(env)(["fetch"], { timeoutMs: 60_000, silenceMs: 250 });
    await expect(asked).rejects.toThrow("git fetch said nothing for 250ms");
    expect(((await asked.catch((error: unknown) => error)) as GitError).errors).toContain("4");
  });

  test("is no matter when only what it left behind holds on to its output", async () => {
    const env = fakeGit("sleep 60 & echo done");
    await expect(localGit({ directory: clone(), env })(["x"])).resolves.toBe("done\n");
  });

  test("or prints without end, is ended", async () => {
    const asked = run({
      program: "/bin/sh",
      args: ["-c", "exec yes"],
      directory: clone(),
      env: { PATH: process.env["PATH"] ?? "" },
      timeoutMs: 10_000,
      mostBytes: 1_000,
    });
    expect(await asked).toMatchObject({ code: undefined, ended: "talkative" });
  });
});

describe("what git is given", () => {
  test("is nothing of the bot's environment but what it needs, and no question to anybody", async () => {
    const env = { ...fakeGit("env; cat"), SLACK_TOKEN: "secret", GIT_DIR: "/elsewhere", GIT_CONFIG_COUNT: "1" };
    const told = await remote(env)(["x"]);
    expect(told).not.toMatch(/SLACK|elsewhere|GIT_CONFIG_COUNT/);
    expect(told).toContain("GIT_TERMINAL_PROMPT=0");
    expect(told).toContain("GIT_SSH_COMMAND=ssh -oBatchMode=yes -oConnectTimeout=10");
    expect(told).not.toContain("GIT_CONFIG_GLOBAL");
    expect(await localGit({ directory: clone(), env })(["x"])).toContain("GIT_CONFIG_GLOBAL=/dev/null");
  });

  test("is the way to use ssh that the bot's environment has", async () => {
    const env = fakeGit("env");
    expect(await remote({ ...env, GIT_SSH_COMMAND: "ssh -i key" })(["x"])).toContain("GIT_SSH_COMMAND=ssh -i key\n");
    const own = await remote({ ...env, GIT_SSH: "/own/ssh" })(["x"]);
    expect(own).toContain("GIT_SSH=/own/ssh");
    expect(own).not.toContain("GIT_SSH_COMMAND");
  });

  test("is a token for the remote alone, where nobody sees it", async () => {
    const env = fakeGit('env; echo "ARGS $@"');
    const told = await remote(env, "https://host:8443/group/x.git", " tok-123456\n")(["fetch"]);
    expect(told).toContain("GIT_CONFIG_KEY_0=http.https://host:8443/.extraHeader");
    const basic = Buffer.from("x-access-token:tok-123456").toString("base64");
    expect(told).toContain(`GIT_CONFIG_VALUE_0=Authorization: Basic ${basic}`);
    expect(told.split("ARGS")[1]).not.toMatch(new RegExp(`tok-123456|${basic}`));
    for (const [source, token] of [
      ["ssh://git@host/x", "tok-123456"],
      ["file:///x", "tok-123456"],
      ["https://host/x", ""],
    ])
      expect(await remote(env, source, token)(["fetch"])).not.toContain("GIT_CONFIG_COUNT");
    expect(await localGit({ directory: clone(), env })(["x"])).not.toContain("GIT_CONFIG_COUNT");
  });

  test("is the password of an address, in the same way, and the token in its place where there is one", async () => {
    const env = fakeGit("env");
    const value = (text: string) => `GIT_CONFIG_VALUE_0=Authorization: Basic ${Buffer.from(text).toString("base64")}\n`;
    const source = "https://ann:hunter2x@host/x.git";
    expect(await remote(env, source)(["fetch"])).toContain(value("ann:hunter2x"));
    expect(await remote(env, source, "tok-123456")(["fetch"])).toContain(value("x-access-token:tok-123456"));
  });

  test("is told to nobody when git fails", async () => {
    const env = fakeGit(
      'echo "fatal: $GIT_CONFIG_VALUE_0 and tok-123456 and https://ann:hunter2x@host/x.git" >&2; echo "tok-123456 https://u@host"; exit 128',
    );
    const error = (await remote(
      env,
      "https://ann:hunter2x@host/x.git",
      "tok-123456",
    )(["fetch"]).catch((failed: unknown) => failed)) as GitError;
    const told = [error.message, error.errors, error.output, error.stack, JSON.stringify(error)].join("\n");
    expect(told).not.toMatch(/tok-123456|hunter2x|eC1hY2Nlc3|u@host/);
    expect(error).toMatchObject({
      code: 128,
      message: expect.stringMatching(/^git fetch: fatal: Authorization: Basic \*\*\*/),
    });
  });
});

test("no file that git writes gets larger than it may", async () => {
  const env = fakeGit(`head -c 100000 /dev/zero > ${directory.at("written")}`);
  await expect(remote(env)(["fetch"], { mostBytesWritten: 10_240 })).rejects.toThrow("git fetch");
  expect(statSync(directory.at("written")).size).toBe(10_240);
  await remote(env)(["fetch"], { mostBytesWritten: 200_000 });
  expect(statSync(directory.at("written")).size).toBe(100_000);
});

test("what the arguments of git contain is not read by the shell that sets the limit", async () => {
  const env = fakeGit('for one in "$@"; do echo "<$one>"; done');
  const evil = ["$(touch x)", "; touch y", "a b", "'", "-c"];
  const told = await remote(env)(["fetch", ...evil], { mostBytesWritten: 10_240 });
  for (const word of evil) expect(told).toContain(`<${word}>`);
  expect(["x", "y"].some((name) => existsSync(join(clone(), name)))).toBe(false);
});

function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  // One that ended and was not yet buried by whoever adopted it does nothing any more.
  return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
}
