/** A lock as it is declared, in few words. */
import { formatDuration } from "../time.ts";
import { type LockDefinition, needName } from "./workflow.ts";

/** @param workflow whose task has it */
export function lockInWords(lock: LockDefinition, workflow: string): string {
  switch (lock.kind) {
    case "delay":
      return `${formatDuration(lock.ms)} after the run`;
    case "signoff":
      return `${needName(lock.need, workflow)} signed${lock.role === undefined ? "" : ` by ${lock.role}`}`;
    case "stage":
      return `data set ${lock.stage}`;
    case "released": {
      const early = (lock.early === "all" ? [] : lock.early)?.map(({ workflow: of, task }) =>
        task === undefined ? of : needName({ workflow: of, task }, workflow),
      );
      return `released ${formatDuration(lock.afterMs)} after the run${early ? `, or once ${early.length === 0 ? "everything" : early.join(", ")} ${early.length > 1 ? "are" : "is"} signed` : ""}`;
    }
    case "conditions":
      return `${lock.types.join(", ")} in ${lock.tag}${lock.holding === "valid" ? "" : `, ${lock.holding}`}`;
    case "ask":
      return lock.what;
  }
}
