/** A whole bot in this process that follows a real remote, and a list of every git that it runs. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type RunningBot, startBot } from "../../src/compose/bot.ts";

export type FollowingBot = RunningBot & {
  /** The commands of git since this was last asked: `fetch`, `ls-remote`. What git itself runs is not among them. */
  gits(): string[];
  /** Looks at the remote, and does all that follows. */
  look(): Promise<void>;
  commitOf(environment: string): Promise<string | null | undefined>;
  close(): Promise<void>;
};

export async function aBot(at: (name: string) => string, source: string): Promise<FollowingBot> {
  const [list, bin] = [at("gits"), at("bin")];
  const git = execFileSync("/bin/sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  mkdirSync(bin, { recursive: true });
  // One line a run, by one write.
  writeFileSync(join(bin, "git"), `#!/bin/sh\necho "$*" >> '${list}'\nexec '${git}' "$@"\n`, { mode: 0o755 });
  const running = await startBot({
    data: at("data"),
    config: source,
    store: undefined,
    host: "127.0.0.1",
    port: 0,
    publicUrl: undefined,
    quiet: true,
    version: "0.0.0",
    env: { HOME: at("home"), PATH: `${bin}:${process.env["PATH"]}` },
  });
  const quiet = async () => {
    while (!(await running.bot.quiet(0))) await wait(5);
  };
  await quiet();
  return {
    ...running,
    gits() {
      const lines = existsSync(list) ? readFileSync(list, "utf8").split("\n") : [];
      writeFileSync(list, "");
      return lines.filter((line) => line !== "").map(commandIn);
    },
    async look() {
      running.bot.hurry();
      await quiet();
    },
    commitOf: async (environment) => (await running.queries.environmentsNamed([environment]))[0]?.commit,
    close: () => running.stop(),
  };
}

/** Without the settings that stand before it. */
function commandIn(line: string): string {
  return line.replace(/^(?:-c \S+ )*/, "").split(" ")[0] ?? "";
}
