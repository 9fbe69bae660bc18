import { count, oneOf, optional, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { HISTORY_KINDS } from "../src/core/history.ts";
import { moment, say, table } from "../src/core/say.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";

export const history = defineCommand({
  name: "history",
  summary: "What happened: who did what when and why, newest first.",
  allow: "anyone",
  args: {
    kind: optional(
      oneOf(
        "KIND",
        HISTORY_KINDS,
        `of one kind of thing: ${HISTORY_KINDS.join(", ")}; where it is left out, of all but the commands that were typed`,
      ),
    ),
    ref: optional(
      word("WHICH", "one of them: a run's or a task's number, a workflow's environment/name, a person for commands"),
    ),
  },
  options: { limit: optional(count("at most so many; 30 where nothing is said")) },
  examples: ["history", "history task 1089", "history run 8215", "history command"],
  json: "[{at, kind, ref, event, by, why, commit, detail}]",
  async run({ kind, ref, limit = 30 }, { queries }: Context) {
    const entries = await queries.history({
      limit,
      // Most commands only read, and would drown what happened; history command shows them.
      ...(kind === undefined ? { without: "command" } : { kind }),
      ...(ref === undefined ? {} : { ref }),
    });
    const data = entries.map((entry) => ({ ...entry, at: iso(entry.at) }));
    if (entries.length === 0)
      return done(
        [say`Nothing is written down${kind === undefined ? "" : ` of ${kind}${ref === undefined ? "s" : ` ${ref}`}`}.`],
        data,
      );
    const rows = entries.map((entry) => [
      moment(entry.at),
      `${entry.kind} ${entry.ref}`,
      entry.event,
      entry.by,
      entry.why ?? detailInWords(entry.detail),
      entry.commit === null ? "" : shortCommit(entry.commit),
    ]);
    return done([table(["when", "what", "happened", "by", "why", "commit"], rows)], data);
  },
});

function detailInWords(detail: Readonly<Record<string, unknown>> | null): string {
  return Object.entries(detail ?? {})
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ")
    .slice(0, 100);
}
