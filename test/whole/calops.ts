/** The program as its users run it, in processes of its own. */
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

export const ROOT = join(import.meta.dirname, "../..");
const MAIN = join(ROOT, "bin/calops.js");

export type Finished = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs it to its end. */
export async function calops(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  try {
    const done = await promisify(execFile)(process.execPath, [MAIN, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      maxBuffer: 256 * 1024 * 1024,
    });
    return { code: 0, ...done };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** The JSON that a command answers. */
export async function ask<T>(data: string, ...command: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await calops(["--data", data, ...command, "--json"]);
  if (code !== 0) throw new Error(`calops ${command.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** Starts a bot that stays, until its test is over at the most; resolves once it listens. */
export async function startBot(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [MAIN, "start", "--port", "0", ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const url = await new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      const found = /listens at (\S+)/.exec(output)?.[1];
      if (found) {
        clearInterval(look);
        resolve(found);
      }
    }, 10);
    void ended.then((code) => {
      clearInterval(look);
      reject(new Error(`the bot ended with ${code}: ${errors}`));
    });
  });
  return {
    url,
    child,
    ended,
    output: () => output,
    errors: () => errors,
    type: (line: string) => child.stdin.write(`${line}\n`),
    async stop() {
      child.kill("SIGTERM");
      return await ended;
    },
  };
}

export function temporary(): { directory: string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), "calops-whole-"));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
