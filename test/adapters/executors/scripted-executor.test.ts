import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { executorContract } from "../../contracts/executor.ts";
import { handClock } from "../../fakes/hand-clock.ts";
import { type JobRecord, ScriptedExecutor } from "../../fakes/scripted-executor.ts";

executorContract("that the engine's tests use", async () => {
  const root = mkdtempSync(join(tmpdir(), "calops-scripted-"));
  const clock = handClock();
  const batch = new Map<string, JobRecord>();
  return {
    root,
    open: () =>
      new ScriptedExecutor({
        root,
        clock,
        batch,
        script: ({ command: [what = "", file = ""] }) => {
          if (what === "append") {
            mkdirSync(dirname(file), { recursive: true });
            appendFileSync(file, "started\n");
          }
          return {
            exit: what === "exit3" ? 3 : what === "stay" ? "never" : 0,
            ...(what === "output" ? { outputs: { [file]: "x" } } : {}),
          };
        },
      }),
    programs: {
      succeed: ["succeed"],
      exit3: ["exit3"],
      stay: ["stay"],
      append: (file) => ["append", file],
      output: (name) => ["output", name],
    },
    clean: async () => rmSync(root, { recursive: true, force: true }),
  };
});
