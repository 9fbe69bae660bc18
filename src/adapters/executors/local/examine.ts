/** Whether jobs can run on this machine: the process that starts them, places for them, and where they write. */
import { accessSync, constants, existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { bad, doubtful, type Finding, good } from "../../../core/doctor/finding.ts";
import { plural } from "../../../core/say.ts";
import type { LocalOptions } from "./config.ts";
import { slotsOf } from "./slots.ts";

export type LocalExamineParts = {
  readonly name: string;
  readonly options: LocalOptions;
  /** The data directory. */
  readonly root: string;
  /** Rejects where the process that starts jobs does not answer. */
  readonly answers: () => Promise<void>;
};

/** So many jobs for a core are a slip of the pen more often than jobs that wait for disks. */
const MANY_FOR_A_CORE = 4;

export async function examine({ name, options, root, answers }: LocalExamineParts): Promise<Finding[]> {
  const about = `executor ${name}`;
  const slots = slotsOf(options);
  const cores = availableParallelism();
  const places = `it runs ${plural(slots, "job")} at once on ${plural(cores, "core")}`;
  const jobs = join(root, "jobs");
  try {
    await answers();
  } catch (error) {
    return [bad(about, (error as Error).message, "look into the bot's log; start the bot again if it stays so")];
  }
  return [
    slots > MANY_FOR_A_CORE * cores
      ? doubtful(
          about,
          places,
          `write executors.${name}.local.slots: ${cores} into calops.yaml, unless jobs mostly wait`,
        )
      : good(about, places),
    ...(existsSync(jobs) && !mayWrite(jobs)
      ? [
          bad(
            `${about}: ${jobs}`,
            "the bot's user cannot write there, so no job starts",
            `chown -R USER ${jobs}, with the user that the bot runs as`,
          ),
        ]
      : []),
  ];
}

function mayWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
