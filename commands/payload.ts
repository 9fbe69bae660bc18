import { word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { spanInWords } from "../src/core/conditions/iov.ts";
import { shortHash, someOf } from "../src/core/conditions/tag-words.ts";
import { PRODUCTION } from "../src/core/environment/environment.ts";
import { fields, say } from "../src/core/say.ts";
import { sizeInWords } from "../src/core/task/limits.ts";
import { type Task, taskInWords } from "../src/core/task/task.ts";
import type { Queries } from "../src/ports/queries.ts";
import type { Context } from "./context.ts";
import { findPayload } from "./payload-answers.ts";
import { IOV_FIELDS, iovJson } from "./tag-answers.ts";

/** Provenance of more is asked by task: `which`. */
const MOST_TASKS = 1_000;

export const payload = defineCommand({
  name: "payload",
  summary: "One payload: what it is, in which global tags it holds for which runs, and which tasks were made with it.",
  allow: "anyone",
  args: { payload: word("PAYLOAD", "its hash, or its first digits; iov TAG at RUN shows them") },
  options: {},
  examples: ["payload 3f2a9c41d2e0"],
  json: `{hash, type, bytes, used: [{environment, tag, iov: ${IOV_FIELDS}}], tasks: [{id, environment, workflow, task, group, attempt, changed}]}`,
  async run({ payload: hash }, { conditions, queries }: Context) {
    const found = await findPayload(hash, conditions);
    if ("ok" in found) return found;
    const used = await conditions.whereUsed(found.hash);
    const lines = used.map(({ tag, iov }) => {
      const where = tag.environment === PRODUCTION ? tag.name : `${tag.name} of ${tag.environment}`;
      return `${where}, ${spanInWords(iov)}`;
    });
    const made = await madeWith(found.hash, queries);
    return done(
      [
        say`${found.type} ${shortHash(found.hash)}`,
        fields({ size: sizeInWords(found.bytes), "whole hash": found.hash }),
        ...(lines.length === 0 ? [say`It is in no global tag.`] : [say`It holds in:`, ...someOf(lines)]),
        ...(made.length === 0
          ? [say`No task was made with it.`]
          : [
              say`Made with it, the newest first${made.length === MOST_TASKS ? `, ${MOST_TASKS} at most` : ""}:`,
              ...someOf(
                made.map(({ task, attempt, changed }) => {
                  const again = attempt === task.attempt ? "" : `, attempt ${attempt} of ${task.attempt}`;
                  return `task ${task.id}, ${taskInWords(task)}${again}${changed === null ? "" : `: ${changed}`}`;
                }),
              ),
            ]),
      ],
      {
        ...found,
        used: used.map(({ tag, iov }) => ({ environment: tag.environment, tag: tag.name, iov: iovJson(iov) })),
        tasks: made.map(({ task, attempt, changed }) => ({
          id: task.id,
          environment: task.environment,
          workflow: task.workflow,
          task: task.name,
          group: task.groupKey,
          attempt,
          changed,
        })),
      },
    );
  },
});

/** Attempts of tasks whose jobs were given it, the newest first, and what holds now in its place. */
async function madeWith(
  hash: string,
  queries: Queries,
): Promise<{ readonly task: Task; readonly attempt: number; readonly changed: string | null }[]> {
  // It may have been valid twice for the runs of one task.
  const uses = new Map(
    (await queries.usesOf(hash, MOST_TASKS)).map((use) => [`${use.taskId} ${use.attempt}`, use] as const),
  );
  const tasks = new Map((await queries.tasks([...uses.values()].map((use) => use.taskId))).map((one) => [one.id, one]));
  return [...uses.values()].flatMap(({ taskId, attempt, changed }) => {
    const task = tasks.get(taskId);
    return task ? [{ task, attempt, changed }] : [];
  });
}
