import { type Forecast, forecast } from "../src/core/campaign/forecast.ts";
import { blockedOf, progressOf } from "../src/core/campaign/progress.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { type Block, list, moment, parts, right, say, table } from "../src/core/say.ts";
import { currentStep } from "../src/core/signoff/may-sign.ts";
import type { Ticket } from "../src/core/ticket/ticket.ts";
import { iso } from "../src/core/time.ts";
import { campaignArg, expertsOf, findCampaign, noSuchCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";

/** So many tasks are looked at for what keeps them; the counts are of all. */
const LOOKED_AT = 1_000;
const SHOWN = 15;

export const campaignProgress = defineCommand({
  name: "campaign progress",
  summary: "How far a campaign is: tasks by workflow and state, what waits for whom, and when it may be done.",
  allow: "anyone",
  args: { campaign: campaignArg },
  options: {},
  examples: ["campaign progress rereco-2026"],
  json: "{campaign, state, attempt, total, ended, workflows: [{workflow, expert, total, ended, tasks: {state: count}}], waiting: [{workflow, task, state, expert, waitsFor, why, tasks, behind, example}], tickets: [{title, state, url, trouble}], forecast: {known, why, perDay, end, earliest, latest}}",
  async run({ campaign }, context: Context) {
    const { config, queries, environment, now } = context;
    const known = await findCampaign(campaign, context);
    if (!config || !known) return noSuchCampaign(campaign, config);
    const { declared, standing } = known;
    const experts = expertsOf(config, declared);
    const tallies = (await queries.tallies(environment)).filter((tally) => tally.campaign === campaign);
    const workflows = progressOf(tallies, experts);
    const page = { environment, campaign, limit: LOOKED_AT };
    const open = await queries.taskPage({ ...page, states: ["failed", "awaiting-signoff", "held", "ready"] });
    const waiting = blockedOf(open, experts, await signersOf(campaign, context));
    const ended = await queries.taskPage({ ...page, states: ["done"] });
    const total = workflows.reduce((sum, one) => sum + one.total, 0);
    const over = workflows.reduce((sum, one) => sum + one.ended, 0);
    const decided = workflows.reduce(
      (sum, { tasks }) => sum + (tasks["failed"] ?? 0) + (tasks["awaiting-signoff"] ?? 0),
      0,
    );
    const found = forecast(
      {
        ended: ended.flatMap((task) => task.endedAt ?? []),
        left: total - over,
        waitForPeople: decided,
        runs: standing.state === "running" && standing.prepared,
      },
      now,
    );
    const tickets = (await context.campaigns?.tickets(environment, campaign)) ?? [];
    return done(
      [
        say`Campaign ${campaign} is ${standing.state}${standing.prepared || standing.state === "draft" ? "" : `, and not prepared yet${standing.trouble === null ? "" : `: ${standing.trouble}`}`}. ${over} of ${total} tasks have ended${total === 0 ? "" : ` (${Math.floor((100 * over) / total)} %)`}.`,
        table(
          [
            "workflow",
            "expert",
            right("tasks"),
            right("ended"),
            right("under way"),
            right("to sign"),
            right("failed"),
            right("waiting"),
          ],
          workflows.map(({ workflow, expert, tasks, total: all, ended: gone }) => [
            workflow,
            expert,
            all,
            gone,
            tasks["processing"] ?? 0,
            tasks["awaiting-signoff"] ?? 0,
            tasks["failed"] ?? 0,
            (tasks["new"] ?? 0) + (tasks["held"] ?? 0) + (tasks["ready"] ?? 0),
          ]),
        ),
        ...(waiting.length === 0
          ? []
          : [
              table(
                ["waits for", right("tasks"), "of", "why"],
                waiting
                  .slice(0, SHOWN)
                  .map((one) => [
                    one.waitsFor,
                    one.tasks,
                    `${one.workflow}/${one.task}`,
                    `${one.why} (why ${one.example})`,
                  ]),
              ),
            ]),
        forecastInWords(found),
        ...(tickets.length === 0 ? [] : [say`Its tickets:`, list(tickets.map(ticketInWords))]),
      ],
      {
        campaign,
        state: standing.state,
        attempt: declared.attempt,
        total,
        ended: over,
        workflows: workflows.map(({ workflow, expert, total: all, ended: gone, tasks }) => ({
          workflow,
          expert,
          total: all,
          ended: gone,
          tasks,
        })),
        waiting,
        tickets: tickets.map(({ title, state, remote, trouble }) => ({
          title,
          state,
          url: remote?.url ?? null,
          trouble,
        })),
        forecast: forecastJson(found),
      },
    );
  },
});

function ticketInWords({ title, state, remote, trouble }: Ticket) {
  const name = remote ? { url: remote.url, label: title } : `${title} (not made yet)`;
  return parts`${name}: ${state}${trouble === null ? "" : `, and its tracker was not told: ${trouble}`}`;
}

function forecastInWords(found: Forecast): Block {
  if (!found.known) return say`When it ends: ${found.why}.`;
  const rate = found.perDay >= 10 ? Math.round(found.perDay) : Math.round(found.perDay * 10) / 10;
  return found.latest === null
    ? say`At ${rate} tasks a day it ends about ${moment(found.end)}, not before ${moment(found.earliest)}.`
    : say`At ${rate} tasks a day it ends about ${moment(found.end)}, likely between ${moment(found.earliest)} and ${moment(found.latest)}.`;
}

function forecastJson(found: Forecast) {
  return found.known
    ? {
        known: true,
        why: null,
        perDay: found.perDay,
        end: iso(found.end),
        earliest: iso(found.earliest),
        latest: found.latest === null ? null : iso(found.latest),
      }
    : { known: false, why: found.why, perDay: null, end: null, earliest: null, latest: null };
}

/** Whose turn it is to sign, by task. */
async function signersOf(campaign: string, { queries, environment }: Context): Promise<Map<number, string>> {
  const asked = await queries.signoffPage({ environment, campaign, states: ["asked"], limit: LOOKED_AT });
  return new Map(
    asked.flatMap((signoff) => {
      const role = signoff.steps[currentStep(signoff) ?? 0]?.role;
      return role === undefined ? [] : [[signoff.taskId, role] as const];
    }),
  );
}
