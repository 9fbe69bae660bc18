import { type Actor, defineCommand, done } from "../src/core/command/command.ts";
import type { Deployment } from "../src/core/deployment/deployment.ts";
import { type Environment, shortCommit } from "../src/core/environment/environment.ts";
import { EVERY, may } from "../src/core/permission/may.ts";
import { type Block, buttons, list, moment, type Part, parts, plural, say } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { deploy } from "./deploy.ts";

/** What is longer than this is looked at with the commands that it names. */
const SHOWN = 10;

export const mine = defineCommand({
  name: "mine",
  summary: "What waits for you: failures of your workflows, deployments that need your word, and what you hold back.",
  allow: "anyone",
  args: {},
  options: {},
  examples: ["mine"],
  json: "{alerts: [{id, workflow, task, since}], deployments: [{id, environment, commit, waiting}], held: [{task, since, why}], environments: [{environment, what, since, why}]}",
  async run(_given, { queries, actor, config }: Context) {
    const isMine = (owner: string | undefined) => owner === actor.id || actor.roles.includes(owner ?? "");
    const [firing, waiting, environments] = await Promise.all([
      queries.firingAlerts(),
      queries.deploymentPage({ limit: SHOWN, states: ["waiting"] }),
      queries.environments(),
    ]);
    const alerts = firing.filter(({ workflow }) => isMine(config?.workflows[workflow]?.owner)).slice(0, SHOWN);
    const deployments = waiting.filter((one) => waitsFor(one, actor, isMine));
    const tasks = await Promise.all(environments.map(({ name }) => queries.heldTasks(name)));
    const held = tasks.flat().flatMap((task) => (task.hold?.by === actor.id ? [{ task, hold: task.hold }] : []));
    const laid = environments.flatMap((environment) => laidBy(environment, actor.id));

    const blocks: Block[] = [
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
        `${plural(held.length, "task")} that you hold:`,
        held
          .slice(0, SHOWN)
          .map(({ task, hold }) => parts`${task.id}, ${taskInWords(task)}, since ${moment(hold.since)}: ${hold.why}`),
      ),
      ...section(
        "Environments that you keep as they are:",
        laid.map(({ environment, what, since, why }) => parts`${environment}: ${what} since ${moment(since)}: ${why}`),
      ),
    ];
    return done(
      blocks.length > 0 ? blocks : [say`Nothing waits for ${actor.id}. status tells how everything stands.`],
      {
        alerts: alerts.map(({ id, workflow, task, firstAt }) => ({ id, workflow, task, since: iso(firstAt) })),
        deployments: deployments.map(({ id, environment, commit, waiting: gates }) => ({
          id,
          environment,
          commit,
          waiting: gates.map(({ gate, detail }) => ({ gate, detail })),
        })),
        held: held.map(({ task, hold }) => ({ task: task.id, since: iso(hold.since), why: hold.why })),
        environments: laid.map((one) => ({ ...one, since: iso(one.since) })),
      },
    );
  },
});

function waitsFor({ waiting, environment }: Deployment, actor: Actor, isMine: (owner: string) => boolean): boolean {
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

function laidBy({ name, freeze, lock }: Environment, person: string) {
  return [
    ...(freeze?.by === person ? [{ environment: name, what: "frozen", since: freeze.since, why: freeze.why }] : []),
    ...(lock?.by === person ? [{ environment: name, what: "locked", since: lock.since, why: lock.why }] : []),
  ];
}

function section(title: string, items: readonly (readonly Part[])[]): Block[] {
  return items.length === 0 ? [] : [say`${title}`, list(items)];
}
