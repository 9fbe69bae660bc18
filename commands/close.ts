import { optional, text, word } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { list, moment, parts, plural, say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { isUnknownWorkflow, noSuchWorkflow, notRunning } from "./refusals.ts";

export const close = defineCommand({
  name: "close",
  summary:
    "Take a group of runs as complete by hand, although its rule still waits for more. Without arguments: the groups that are open.",
  allow: "shifter",
  args: {
    workflow: optional(word("WORKFLOW", "the workflow of the group")),
    group: optional(word("GROUP", "its name, for example fill-7234")),
    reason: optional(text("REASON", "why, for the history")),
  },
  options: {},
  examples: ["close", "close validation fill-7234 the fill was dumped"],
  json: "without arguments [{id, campaign, workflow, group, runs, openedAt}], otherwise {group, runs}",
  async run({ workflow, group, reason = "asked for" }, { queries, operations, environment, actor, config }: Context) {
    const open = await queries.openGroupsOf(environment, workflow);
    if (group === undefined) {
      const data = open.map((one) => ({
        id: one.id,
        campaign: one.campaign,
        workflow: one.workflow,
        group: one.key,
        runs: one.count,
        openedAt: iso(one.openedAt),
      }));
      if (open.length === 0) return done([say`No group is open.`], data);
      return done(
        [
          say`Open groups:`,
          list(
            open.map(
              (one) =>
                parts`${one.workflow} ${one.key}: ${plural(one.count, "run")}, open since ${moment(one.openedAt)}`,
            ),
          ),
        ],
        data,
      );
    }
    if (!operations) return notRunning();
    const found = open.find((one) => one.key === group);
    if (!found && isUnknownWorkflow(workflow, config)) return noSuchWorkflow(workflow, config);
    if (!found)
      return refused([
        open.length === 0
          ? say`Workflow ${workflow} has no open group ${group}, nor any other. What its tasks wait for: tasks --workflow ${workflow}`
          : say`Workflow ${workflow} has no open group ${group}; ${choices(
              group,
              open.map((one) => one.key),
            )}.`,
      ]);
    const closed = await operations.closeGroup(found.id, reason, actor.id);
    if (closed.ok)
      return done(
        [say`Group ${closed.key} of ${workflow} is closed with ${plural(closed.runs, "run")}; its tasks go on.`],
        { group: closed.key, runs: closed.runs },
      );
    return refused([say`Group ${group} of ${workflow} is closed already.`]);
  },
});
