import type { Alert } from "../src/core/alert/alert.ts";
import { type Actor, defineCommand, done } from "../src/core/command/command.ts";
import type { Config } from "../src/core/config/config.ts";
import type { Deployment } from "../src/core/deployment/deployment.ts";
import { type Environment, shortCommit } from "../src/core/environment/environment.ts";
import { nextHandOver, onDuty } from "../src/core/oncall/duty.ts";
import { EVERY, may } from "../src/core/permission/may.ts";
import { type Block, buttons, list, moment, type Part, parts, plural, say } from "../src/core/say.ts";
import { type Signoff, signoffInWords } from "../src/core/signoff/signoff.ts";
import { taskInWords } from "../src/core/task/task.ts";
import { type Instant, iso } from "../src/core/time.ts";
import { campaignsOfMine } from "./campaigns-of-mine.ts";
import type { Context } from "./context.ts";
import { deploy } from "./deploy.ts";
import { stateOf } from "./duty-answers.ts";
import { waitsFor } from "./signoffs.ts";

/** What is longer than this is looked at with the commands that it names. */
const SHOWN = 10;
const LOOKED_AT = 500;

export const mine = defineCommand({
  name: "mine",
  summary:
    "What waits for you: alerts, failures of your workflows, deployments and results that need your word, and what you hold back.",
  allow: "anyone",
  args: {},
  options: {},
  examples: ["mine"],
  json: "{duty: [{rota, until}], taken: [{id, workflow, task, until}], free: [{id, workflow, task, since}], alerts: [{id, workflow, task, since}], deployments: [{id, environment, commit, waiting}], signoffs: [{id, taskId, workflow, task, group, since, until}], held: [{task, since, why}], campaigns: [{campaign, workflow, open, waiting}], environments: [{environment, what, since, why}]}",
  async run(_given, context: Context) {
    const { queries, actor, config, now } = context;
    const isMine = (owner: string | undefined) => owner === actor.id || actor.roles.includes(owner ?? "");
    const [firing, waiting, environments, asked] = await Promise.all([
      queries.firingAlerts(),
      queries.deploymentPage({ limit: SHOWN, states: ["waiting"] }),
      queries.environments(),
      queries.signoffPage({ limit: LOOKED_AT, states: ["asked"] }),
    ]);
    const alerts = firing.filter(({ workflow }) => isMine(config?.workflows[workflow]?.owner)).slice(0, SHOWN);
    const deployments = waiting.filter((one) => needsWord(one, actor, isMine));
    const toSign = asked.filter((signoff) => waitsFor(signoff, actor));
    const tasks = await Promise.all(environments.map(({ name }) => queries.heldTasks(name)));
    const held = tasks.flat().flatMap((task) => (task.hold?.by === actor.id ? [{ task, hold: task.hold }] : []));
    const laid = environments.flatMap((environment) => laidBy(environment, actor.id));

    const campaigns = await campaignsOfMine(context, isMine);
    const duty = dutyOf(actor.id, config, now);
    const taken = firing.filter(({ acknowledged }) => acknowledged?.by === actor.id);
    // Whoever is on duty is there for what nobody has.
    const free = duty.length === 0 ? [] : firing.filter((alert) => stateOf(alert) === "firing");

    const blocks: Block[] = [
      ...duty.map(({ rota, until }) =>
        until === null ? say`You are on duty in ${rota}.` : say`You are on duty in ${rota} until ${moment(until)}.`,
      ),
      ...section(
        `${plural(taken.length, "alert")} in your hands:`,
        taken.slice(0, SHOWN).map((alert) => parts`${alertLine(alert)}, until ${moment(alert.acknowledged?.until)}`),
      ),
      ...section(
        `${plural(free.length, "alert")} that nobody takes care of:`,
        free.slice(0, SHOWN).map((alert) => parts`${alertLine(alert)}, since ${moment(alert.firstAt)}`),
      ),
      ...(free.length === 0 ? [] : [buttons(...free.slice(0, 5).map(ackButton))]),
      ...section(
        `${plural(alerts.length, "failure")} of your workflows:`,
        alerts.map(
          ({ workflow, task, evidence, firstAt, id }) =>
            parts`${workflow}/${task} of ${evidence.group} since ${moment(firstAt)}: ${evidence.firstError ?? evidence.reason} (alert ${id})`,
        ),
      ),
      ...section(
        `${plural(deployments.length, "deployment")} for which you can say yes:`,
        deployments.map(
          ({ environment, commit, author, subject }) =>
            parts`${environment}: ${shortCommit(commit)} by ${author}, ${subject}`,
        ),
      ),
      ...(deployments.length === 0 ? [] : [buttons(...deployments.slice(0, 5).map(deployButton))]),
      ...section(
        `${plural(toSign.length, "result")} for you to sign:`,
        toSign
          .slice(0, SHOWN)
          .map(
            (signoff) =>
              parts`task ${signoff.taskId}, ${signoffInWords(signoff)}, since ${moment(signoff.turnSince)}: ${signoff.reason}`,
          ),
      ),
      ...(toSign.length === 0 ? [] : [buttons(...toSign.slice(0, 5).map(lookButton))]),
      ...section(
        `${plural(held.length, "task")} that you hold:`,
        held
          .slice(0, SHOWN)
          .map(({ task, hold }) => parts`${task.id}, ${taskInWords(task)}, since ${moment(hold.since)}: ${hold.why}`),
      ),
      ...section(
        "Your workflows of campaigns:",
        campaigns.map(
          ({ campaign, workflow, open, waiting }) =>
            parts`${campaign}: ${plural(open, "task")} of ${workflow} ${open === 1 ? "has" : "have"} not ended${waiting === null ? "" : `; ${waiting}`}`,
        ),
      ),
      ...section(
        "Environments that you keep as they are:",
        laid.map(({ environment, what, since, why }) => parts`${environment}: ${what} since ${moment(since)}: ${why}`),
      ),
    ];
    return done(
      blocks.length > 0 ? blocks : [say`Nothing waits for ${actor.id}. status tells how everything stands.`],
      {
        duty: duty.map(({ rota, until }) => ({ rota, until: until === null ? null : iso(until) })),
        taken: taken.map(({ id, workflow, task, acknowledged }) => ({
          id,
          workflow,
          task,
          until: acknowledged && iso(acknowledged.until),
        })),
        free: free.map(({ id, workflow, task, firstAt }) => ({ id, workflow, task, since: iso(firstAt) })),
        alerts: alerts.map(({ id, workflow, task, firstAt }) => ({ id, workflow, task, since: iso(firstAt) })),
        deployments: deployments.map(({ id, environment, commit, waiting: gates }) => ({
          id,
          environment,
          commit,
          waiting: gates.map(({ gate, detail }) => ({ gate, detail })),
        })),
        signoffs: toSign.map(({ id, taskId, workflow, task, groupKey, turnSince, dueAt }) => ({
          id,
          taskId,
          workflow,
          task,
          group: groupKey,
          since: iso(turnSince),
          until: dueAt === null ? null : iso(dueAt),
        })),
        held: held.map(({ task, hold }) => ({ task: task.id, since: iso(hold.since), why: hold.why })),
        campaigns,
        environments: laid.map((one) => ({ ...one, since: iso(one.since) })),
      },
    );
  },
});

function dutyOf(person: string, config: Config | null, now: Instant) {
  return Object.values(config?.rotas ?? {})
    .filter((rota) => onDuty(rota, now)?.person === person)
    .map((rota) => ({ rota: rota.name, until: nextHandOver(rota, now)?.at ?? null }));
}

function alertLine({ id, workflow, task, open, evidence }: Alert): string {
  return `alert ${id}: ${workflow}/${task} of ${plural(open, "task")}: ${evidence.firstError ?? evidence.reason}`;
}

function ackButton({ id, state }: Alert) {
  return { label: `Acknowledge ${id}`, words: ["ack", String(id)], while: { alert: id, state } };
}

function needsWord({ waiting, environment }: Deployment, actor: Actor, isMine: (owner: string) => boolean): boolean {
  return waiting.some(({ gate, owner }) =>
    gate === "request" || gate === "confirm"
      ? may(actor, { command: deploy, environment, workflow: EVERY }).ok
      : isMine(owner),
  );
}

function deployButton({ environment, commit, id, state }: Deployment) {
  return {
    label: `Deploy ${shortCommit(commit)}`,
    words: ["deploy", environment, commit],
    while: { deployment: id, state },
  };
}

/** Whoever signs looks first. */
function lookButton({ taskId }: Signoff) {
  return { label: `Look at ${taskId}`, words: ["task", String(taskId)] };
}

function laidBy({ name, freeze, lock }: Environment, person: string) {
  return [
    ...(freeze?.by === person ? [{ environment: name, what: "frozen", since: freeze.since, why: freeze.why }] : []),
    ...(lock?.by === person ? [{ environment: name, what: "locked", since: lock.since, why: lock.why }] : []),
  ];
}

function section(title: string, items: readonly (readonly Part[])[]): Block[] {
  return items.length === 0 ? [] : [say`${title}`, list(items)];
}
