import type { CampaignRequest } from "../src/core/campaign/request.ts";
import { flag, name as nameArg, names, oneOf, optional, runs as runsArg, word } from "../src/core/command/args.ts";
import type { ValuesOf } from "../src/core/command/command.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { formatIssue } from "../src/core/config/issue.ts";
import { type Block, code, list, plural, say } from "../src/core/say.ts";
import { formatDuration } from "../src/core/time.ts";
import type { CampaignPlan, NotRequested } from "../src/ports/campaigns.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

const args = {
  campaign: nameArg("CAMPAIGN", "its name, which no other campaign has"),
  kind: oneOf("KIND", ["reprocessing", "prompt"] as const, "reprocessing, or prompt for runs as they are taken"),
  runs: runsArg("the runs that it is for: numbers and ranges"),
};
// The first of these stand in the form that a chat opens.
const options = {
  release: optional(word("RELEASE", "the software release of its jobs")),
  executor: optional(word("EXECUTOR", "where all its jobs run; where each task says, if it is left out")),
  staging: optional(
    names("TAGS", "global tags in which it collects constants, or WORKFLOW:TAG for each workflow; with commas between"),
  ),
  target: optional(word("TAG", "the global tag into which they go in the end")),
  workflows: optional(names("WORKFLOWS", "with commas between; all, if it is left out")),
  tag: optional(word("TAG", "the global tag that its jobs read")),
  snapshot: flag("its jobs read a copy of that tag, made at the start"),
  manager: optional(word("PERSON", "a person or a role: who merges its constants into the target")),
  "dry-run": flag("only show what it would be"),
  description: optional(word("TEXT", "what it is for; put it in quotes")),
};
type Given = ValuesOf<typeof args> & ValuesOf<typeof options>;

export const campaignRequest = defineCommand({
  name: "campaign request",
  summary:
    "Ask for a campaign: it is checked, shown with what it would cost, and written as a branch and a pull request.",
  allow: "expert",
  args,
  options,
  examples: [
    "campaign request rereco-2026 reprocessing 8000-8215 --release=v1.4 --staging=t0-staging --target=prompt",
    "campaign request bucket-19 prompt 8000-8215 --executor=bnl --staging=local-staging,calibration-staging --workflows=local,tracking",
  ],
  json: "{campaign, branch, url, opened, file, yaml, runs, tasks, jobs, coreHours, wallMs, unknown, workflows: [{workflow, tasks}]}",
  async preview(given, { campaigns }: Context) {
    if (given["dry-run"]) return undefined;
    const planned = await campaigns?.planRequest(requestOf(given));
    if (!planned?.ok) return undefined;
    const { plan } = planned;
    return {
      say: [
        ...planInWords(plan),
        say`After your yes it is written as a branch with a pull request; nothing starts by that.`,
      ],
      basis: JSON.stringify([plan.commit, plan.yaml, plan.runs]),
    };
  },
  async run(given, { campaigns, actor }: Context) {
    if (!campaigns) return notRunning();
    if (given["dry-run"]) {
      const planned = await campaigns.planRequest(requestOf(given));
      return planned.ok ? done(planInWords(planned.plan), planJson(planned.plan)) : whyNot(planned);
    }
    const requested = await campaigns.request(requestOf(given), actor);
    if (!requested.ok) return whyNot(requested);
    const { plan, branch, url, opened, trouble } = requested;
    return done(
      [
        url === null
          ? say`Campaign ${plan.name} is proposed on the branch ${branch}. Once that is merged and deployed: campaign start ${plan.name}`
          : say`Campaign ${plan.name} is proposed: ${{ url, label: opened ? "the pull request" : `open the pull request of ${branch}` }}. Once it is merged and deployed: campaign start ${plan.name}`,
        ...(trouble === null ? [] : [say`The pull request could not be opened: ${trouble}`]),
        ...planInWords(plan),
      ],
      { ...planJson(plan), branch, url, opened },
    );
  },
});

function requestOf(given: Given): CampaignRequest {
  const { campaign, runs, staging = [], workflows = [], snapshot = false } = given;
  const { kind, release, executor, target, tag, manager, description } = given;
  return {
    name: campaign,
    kind,
    runs,
    release,
    executor,
    staging,
    target,
    workflows,
    tag,
    manager,
    description,
    snapshot,
  };
}

/** Nothing is written yet. */
function planJson({ name, file, yaml, runs, tasks, jobs, coreHours, wallMs, unknown, workflows }: CampaignPlan) {
  const plan = { campaign: name, file, yaml, runs, tasks, jobs, coreHours, wallMs, unknown, workflows };
  return { ...plan, branch: null as string | null, url: null as string | null, opened: false };
}

function planInWords(plan: CampaignPlan): Block[] {
  const { runs, tasks, jobs, coreHours, wallMs, unknown, workflows } = plan;
  const hours = coreHours >= 10 ? Math.round(coreHours) : Math.round(coreHours * 10) / 10;
  return [
    say`${plan.file} would be:`,
    code(plan.yaml),
    list([
      `${plural(runs, "run")} of its range ${runs === 1 ? "is" : "are"} known`,
      `about ${plural(tasks, "task")} (${workflows.map((one) => `${one.workflow} ${one.tasks}`).join(", ")}) and ${plural(jobs, "job")}`,
      wallMs === null
        ? "what it costs is not known: none of its tasks was ever done"
        : `about ${hours} core-hours, and at least ${formatDuration(wallMs)} where nothing else runs, as such tasks took before`,
      ...(unknown.length === 0 || wallMs === null
        ? []
        : [`not reckoned, since none was ever done: ${unknown.join(", ")}`]),
    ]),
  ];
}

function whyNot(refusal: NotRequested): Answer {
  switch (refusal.reason) {
    case "mistakes":
      return refused([
        say`This campaign has mistakes, so nothing was proposed:`,
        code(refusal.issues.map(formatIssue).join("\n")),
        say`It would be:`,
        code(refusal.detail ?? ""),
      ]);
    case "already-there":
      return refused([
        say`There is a ${refusal.detail} already. Choose another name, or change that file: a higher attempt makes everything anew.`,
      ]);
    case "unreachable":
      return refused([
        say`The config repository does not answer, so nothing was proposed: ${refusal.detail}. Try again later.`,
      ]);
    case "head-has-mistakes":
      return refused([
        say`The head of the protected branch (${refusal.detail}) has mistakes, so nothing can be checked on top of it. validate tells them.`,
      ]);
    case "cannot-propose":
      return refused([say`The branch could not be made: ${refusal.detail}`]);
  }
}
