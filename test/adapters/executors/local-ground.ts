/** What tests of the local executor have in common: what it is made from, programs, and the contract that it keeps. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { LocalParts } from "../../../src/adapters/executors/local/local.ts";
import { StarterExecutor } from "../../../src/adapters/executors/local/starter.ts";
import type { JobEnd, Sighting } from "../../../src/ports/executor.ts";
import { executorContract, until } from "../../contracts/executor.ts";

export type More = { slots?: number; grace?: number; env?: NodeJS.ProcessEnv; logLimit?: number };

export const sh = (script: string) => ["/bin/sh", "-c", script];

export const partsOf = (root: string, more: More = {}): Omit<LocalParts, "clock"> => ({
  name: "local",
  root,
  env: more.env ?? process.env,
  logLimit: more.logLimit ?? 1e9,
  options: { slots: more.slots ?? 4, grace: more.grace ?? 300 },
});

export function localContract(name: string, isolated: boolean): void {
  executorContract(name, async () => {
    const root = mkdtempSync(join(tmpdir(), "calops-local-"));
    return {
      root,
      isolated,
      open: () => new StarterExecutor(partsOf(root)),
      programs: {
        succeed: ["true"],
        exit3: sh("exit 3"),
        stay: ["sleep", "30"],
        append: (file) => sh(`echo started >> ${file}`),
        output: (out) => sh(`echo x > "$CALOPS_OUT/${out}"`),
      },
      clean: async () => rmSync(root, { recursive: true, force: true }),
    };
  });
}

/** How a job ended, once it has. */
export async function endIn(seen: readonly Sighting[], key: string): Promise<JobEnd> {
  const ended = () => seen.find((one) => one.key === key && one.state === "ended") as { end: JobEnd } | undefined;
  return (await until(ended)).end;
}

/** The process that starts jobs in this directory; one that died is replaced within a second or so. */
export async function starterIn(directory: string): Promise<number> {
  for (let look = 0; look < 100; look++) {
    const found = readdirSync("/proc").find((name) => /^\d+$/.test(name) && isStarter(name, directory));
    if (found) return Number(found);
    await wait(50);
  }
  throw new Error("no process that starts jobs");
}

function isStarter(pid: string, directory: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes("starter-main") && command.includes(directory);
  } catch {
    return false;
  }
}
