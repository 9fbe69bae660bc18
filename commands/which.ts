import { parseTask, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import type { Deployment } from "../src/core/deployment/deployment.ts";
import { shortCommit, shortRef } from "../src/core/environment/environment.ts";
import { environmentStep } from "../src/core/job/key.ts";
import { type Block, fields, list, moment, parts, plural, right, say, table } from "../src/core/say.ts";
import { type Task, taskInWords } from "../src/core/task/task.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { deploymentJson, unknownRef } from "./deployment-answers.ts";
import { noSuchTask } from "./refusals.ts";
import { findTask } from "./task-answers.ts";
import { PROVENANCE_FIELDS, type Provenance, provenanceInWords, provenanceOf } from "./task-provenance.ts";

export const which = defineCommand({
  name: "which",
  summary: "Which configuration and constants made a task or a file, who signed it, and what a commit made.",
  allow: "anyone",
  args: {
    what: word("TASK|FILE|REF", "a task, the path of an output file, or a tag, branch or commit"),
  },
  options: {},
  examples: [
    "which 1089",
    "which t0/calibrate@8215",
    "which v1.2",
    "which jobs/production/prompt/t0/8215/calibrate.1/0.1-1f2e3d4c/out/t0.json",
  ],
  json: `{task, attempts: [{attempt, state, commit, endedAt, deployment, release, tag, ${PROVENANCE_FIELDS}}], campaign} | {commit, author, subject, deployments, made: [{environment, workflow, task, results, underWay}]}`,
  async run({ what }, context: Context): Promise<Answer> {
    const file = fileOf(what);
    if (file) return await ofFile(what, file, context);
    const ref = parseTask(what);
    // Seven digits or more may be a commit; a task of that number comes first.
    if (!("problem" in ref)) {
      const task = await findTask(ref, context);
      if (task) return await ofTask(task, context);
      if (!("id" in ref) || what.length < 7) return noSuchTask(ref);
    }
    return await ofCommit(what, context);
  },
});

type FilePath = {
  readonly step: string;
  readonly campaign: string;
  readonly workflow: string;
  readonly group: string;
  readonly task: string;
  readonly attempt: number;
};

/** `.../jobs/ENV/CAMPAIGN/WORKFLOW/GROUP/TASK.ATTEMPT/JOB/out/...`: the attempt of a task whose output it is. */
function fileOf(path: string): FilePath | undefined {
  const found =
    /(?:^|\/)jobs\/(?<step>[^/]+)\/(?<campaign>[^/]+)\/(?<workflow>[^/]+)\/(?<group>[^/]+)\/(?<task>[^/]+)\.(?<attempt>\d+)\/[^/]+\//.exec(
      path,
    )?.groups as Readonly<Record<keyof FilePath, string>> | undefined;
  return found && { ...found, attempt: Number(found.attempt) };
}

/** Its path names everything, so that neither --env nor the newest campaign matters. */
async function ofFile(path: string, file: FilePath, context: Context): Promise<Answer> {
  const { queries } = context;
  const { step, campaign, workflow, group, task: name, attempt } = file;
  const environment = (await queries.environments()).find((one) => environmentStep(one.name) === step)?.name;
  const task = environment && (await queries.taskByName(environment, workflow, name, group, campaign));
  if (!task || attempt > task.attempt)
    return refused([
      say`No task is known whose job wrote ${path}. tasks --workflow ${workflow} --task ${name} lists those of its kind.`,
    ]);
  return await ofTask(task, context, attempt);
}

/** @param only this attempt; all where it is left out */
async function ofTask(task: Task, { queries, environments }: Context, only?: number): Promise<Answer> {
  const results = await queries.results(task.id);
  const attempts: {
    attempt: number;
    state: string;
    commit: string;
    endedAt: number | null;
    deployment: Deployment | undefined;
    release: string | null;
    tag: string | null;
    provenance: Provenance;
  }[] = [];
  const all = results.some((result) => result.attempt === task.attempt) ? results : [...results, task];
  for (const { attempt, state, commit, endedAt } of all.filter((one) => only === undefined || one.attempt === only)) {
    const campaign = (await environments?.config(commit))?.campaigns[task.campaign];
    attempts.push({
      attempt,
      state,
      commit,
      endedAt,
      deployment: await queries.lastDeploymentOf(task.environment, commit),
      release: campaign?.release ?? null,
      tag: campaign?.tag ?? null,
      provenance: await provenanceOf(task.id, attempt, queries),
    });
  }
  const data = {
    task: task.id,
    attempts: attempts.map(({ provenance, ...one }) => ({
      ...one,
      ...provenance,
      endedAt: one.endedAt === null ? null : iso(one.endedAt),
      deployment: one.deployment ? deploymentJson(one.deployment) : null,
    })),
    campaign: task.campaign,
  };
  return done(
    [
      say`Task ${task.id}, ${taskInWords(task)}, of ${task.environment}:`,
      table(
        ["attempt", "state", "ended", "commit", "ref", "deployed", "release", "global tag", "what"],
        attempts.map((one) => [
          one.attempt,
          one.state,
          moment(one.endedAt),
          shortCommit(one.commit),
          one.deployment?.ref ? shortRef(one.deployment.ref) : "",
          moment(one.deployment?.endedAt),
          one.release ?? "",
          one.tag ?? "",
          one.deployment ? `${one.deployment.author}: ${one.deployment.subject}` : "",
        ]),
      ),
      fields({ campaign: task.campaign }),
      ...provenanceInWords(attempts.map(({ provenance }) => provenance)),
    ],
    data,
  );
}

async function ofCommit(what: string, { queries, environments }: Context): Promise<Answer> {
  const resolved = environments ? await environments.resolve(what) : undefined;
  if (resolved && !resolved.ok) return unknownRef(what);
  const id = resolved?.commit.id ?? (/^[0-9a-f]{40,64}$/.test(what) ? what : undefined);
  if (id === undefined)
    return refused([
      say`The bot is not running, so names of tags and branches are not known. Write the whole id of a commit.`,
    ]);
  const deployed = await queries.deploymentPage({ limit: 20, commit: id });
  const made = await queries.madeBy(id);
  const data = {
    commit: id,
    author: resolved?.commit.author ?? null,
    subject: resolved?.commit.subject ?? null,
    deployments: deployed.map(deploymentJson),
    made,
  };
  const blocks: Block[] = [
    say`Commit ${shortCommit(id)}${resolved ? ` by ${resolved.commit.author}: ${resolved.commit.subject}` : ""}`,
    deployed.length === 0
      ? say`It was never deployed.`
      : list(
          deployed.map(
            (one) =>
              parts`${one.environment}: ${one.state}, ${moment(one.endedAt ?? one.requestedAt)}${one.ref === null ? "" : ` by ${shortRef(one.ref)}`}`,
          ),
        ),
    made.length === 0
      ? say`No task was made with it.`
      : table(
          ["environment", "task", right("results"), right("under way")],
          made.map((one) => [one.environment, `${one.workflow}/${one.task}`, one.results, one.underWay]),
        ),
  ];
  const total = made.reduce((sum, one) => sum + one.results, 0);
  if (total > 0) blocks.push(say`${plural(total, "result")} in all; tasks --commit ${shortCommit(id)} lists them.`);
  return done(blocks, data);
}
