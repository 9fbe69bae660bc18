/**
 * Tells those who review a branch what it would change: a status at its commit, and one comment on its pull requests that is
 * edited in place. A pull request may ask that its mirror processes named runs; then the comment compares the metrics.
 */

import { formatIssue } from "../../core/config/issue.ts";
import { mirrorName, PRODUCTION, shortCommit } from "../../core/environment/environment.ts";
import { replayAskedFor } from "../../core/environment/replay.ts";
import { planInWords, planSummary } from "../../core/plan/words.ts";
import { type Block, code, fields, plural, say } from "../../core/say.ts";
import type { CodeHost, Pull } from "../../ports/code-host.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { Queries } from "../../ports/queries.ts";
import { CALOPS } from "../doer.ts";
import type { Engine } from "../engine.ts";
import { giveRuns, knownRuns } from "./begin.ts";
import { comparison } from "./comparison.ts";
import type { Follower } from "./follower.ts";
import { planBetween } from "./plan-between.ts";
import { ConfigRefused, type LoadedRevisions } from "./revisions.ts";
import type { TagDriftParts } from "./tag-drift.ts";
import { issueSummary } from "./words.ts";

export type ProposingParts = TagDriftParts & {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly revisions: LoadedRevisions;
  readonly follower: Follower;
  readonly host: () => CodeHost | undefined;
};

/** The comment of a pull request is found again by this. */
const COMMENT = "plan";
const MOST_MISTAKES = 20;

type Proposal =
  | { readonly ok: true; readonly summary: string; readonly blocks: readonly Block[] }
  | { readonly ok: false; readonly summary: string; readonly blocks: readonly Block[] };

export async function propose(parts: ProposingParts, branch: string): Promise<void> {
  const { engine, repository, follower } = parts;
  const host = parts.host();
  const ref = follower.refs?.branches.find(({ name }) => name === `refs/heads/${branch}`);
  if (host && ref) {
    await repository.fetch(ref);
    const proposal = await proposalOf(parts, ref.commit);
    await host.status(ref.commit, {
      context: "calops/validate",
      state: proposal.ok ? "success" : "failure",
      description: proposal.summary,
    });
    for (const pull of await host.pulls(branch))
      await comment(parts, host, { branch, commit: ref.commit, pull, proposal });
  }
  await engine.do("proposed", (ledger) => ledger.transaction.finishErrand({ kind: "propose", ref: branch }));
}

async function proposalOf({ revisions, queries, conditions }: ProposingParts, commit: string): Promise<Proposal> {
  try {
    await revisions.read(commit);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    const { issues } = error;
    return {
      ok: false,
      summary: issueSummary(issues),
      blocks: [
        say`${shortCommit(commit)} would not be deployed: it has ${plural(issues.length, "mistake")}.`,
        code(issues.slice(0, MOST_MISTAKES).map(formatIssue).join("\n")),
        ...(issues.length > MOST_MISTAKES
          ? [say`And ${issues.length - MOST_MISTAKES} more; calops validate tells all.`]
          : []),
      ],
    };
  }
  const from = revisions.current(PRODUCTION).commit;
  const plan = await planBetween(
    { revisions, queries, conditions },
    { from: from === "" ? null : from, to: commit },
    PRODUCTION,
  );
  const head = say`What ${shortCommit(commit)} would change in production${from === "" ? "" : `, which runs ${shortCommit(from)}`}:`;
  return { ok: true, summary: planSummary(plan), blocks: [head, ...planInWords(plan)] };
}

type Remark = {
  readonly branch: string;
  readonly commit: string;
  readonly pull: Pull;
  readonly proposal: Proposal;
};

async function comment(parts: ProposingParts, host: CodeHost, { branch, pull, proposal }: Remark): Promise<void> {
  const rehearsal = await rehearse(parts, branch, pull);
  await host.comment(pull.number, COMMENT, [...proposal.blocks, ...(await mirrorInWords(parts, branch)), ...rehearsal]);
}

async function mirrorInWords({ queries }: ProposingParts, branch: string): Promise<Block[]> {
  const name = mirrorName(branch);
  const [environment] = await queries.environmentsNamed([name]);
  if (!environment || environment.archivedAt !== null) return [];
  const counts = new Map<string, number>();
  for (const tally of await queries.tallies(name))
    counts.set(tally.state, (counts.get(tally.state) ?? 0) + tally.count);
  const states = [...counts].filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  const [newest] = await queries.deploymentPage({ environment: name, limit: 1 });
  return [
    fields({
      [`its mirror, ${name}`]:
        environment.commit === null
          ? `not deployed: ${newest?.reason ?? "it is being looked at"}`
          : `runs ${shortCommit(environment.commit)}; tasks: ${states.length === 0 ? "none yet" : states.join(", ")}`,
    }),
  ];
}

/** `/calops replay 8215-8220` in the description of a pull request: its mirror takes these runs too. */
async function rehearse({ engine, queries }: ProposingParts, branch: string, pull: Pull): Promise<Block[]> {
  const asked = replayAskedFor(pull.text);
  if (asked === undefined) return [];
  if ("problem" in asked) return [say`Nothing is replayed: ${asked.problem}; ${asked.instead}.`];
  const name = mirrorName(branch);
  if (!engine.scene.revisions.environments.includes(name))
    return [
      say`Nothing is replayed: this branch has no mirror. environments.yaml says under mirrors which branches get one.`,
    ];
  const runs = await engine.do("replay", async (ledger) => {
    const known = await knownRuns(ledger, asked.runs);
    const before = new Set<number>();
    for (const { name: campaign } of Object.values(engine.scene.revisions.current(name).config.campaigns))
      for (const run of await ledger.ask((loads) => loads.injectedRuns(name, campaign))) before.add(run);
    const fresh = known.filter((run) => !before.has(run));
    if (fresh.length > 0) {
      await giveRuns(ledger, engine.scene, name, fresh);
      ledger.record(
        { kind: "environment", ref: name, event: "replays", detail: { runs: fresh.length, pull: pull.number } },
        CALOPS,
      );
    }
    return known;
  });
  return await comparison(queries, name, runs);
}
