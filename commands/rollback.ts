import { optional, text, word } from "../src/core/command/args.ts";
import { defineCommand, refused } from "../src/core/command/command.ts";
import { backTo } from "../src/core/deployment/back-to.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { planInWords } from "../src/core/plan/words.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { ambiguousRef, DEPLOYMENT_FIELDS, noSuchEnvironment, outcome, unknownRef } from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

/** What ran longer ago is gone back to by its name. */
const LOOKED_AT = 500;

export const rollback = defineCommand({
  name: "rollback",
  summary:
    "Go back to the last good commit, at once. The one that is left is not deployed again by itself, and a branch takes it back in git.",
  allow: "expert",
  args: {
    environment: word("ENV", "production, or mirror/BRANCH"),
    reason: text("REASON", "why, for whoever asks"),
  },
  options: {
    to: optional(word("REF", "a tag, branch or commit that has run there; the last good one where it is left out")),
  },
  examples: [
    "rollback production the new threshold takes bad runs",
    "rollback production --to v1.1 everything since is wrong",
  ],
  json: DEPLOYMENT_FIELDS,
  async preview({ environment, reason, to }, { environments, queries }: Context) {
    const [row] = await queries.environmentsNamed([environment]);
    if (!environments || !row) return undefined;
    const named = to === undefined ? undefined : await environments.resolve(to);
    if (named && !named.ok) return undefined;
    const back = backTo(row, await queries.deploymentPage({ limit: LOOKED_AT, environment }), named?.commit.id);
    if (!back.ok) return undefined;
    const { commit, author, subject } = back.deployment;
    const planned = await environments.plan(undefined, commit, environment);
    return {
      say: [
        say`This takes ${environment} from ${shortCommit(back.from)} back to ${shortCommit(commit)} by ${author}, ${subject}. ${shortCommit(back.from)} is not deployed again by itself.`,
        ...(planned.ok ? planInWords(planned.plan) : []),
      ],
      basis: `${back.from} ${commit}`,
      words: ["rollback", environment, reason, `--to=${commit}`],
    };
  },
  async run({ environment, reason, to }, { environments, actor }: Context) {
    if (!environments) return notRunning();
    const back = await environments.rollback({ environment, to, why: reason }, actor);
    if (back.ok) return outcome(back.deployment, back.issues);
    switch (back.reason) {
      case "unknown-environment":
        return noSuchEnvironment(environment);
      case "nothing-before":
        return refused([
          say`Nothing good has run in ${environment} before what runs now. deployments ${environment} lists what has; deploy ${environment} REF takes any commit.`,
        ]);
      case "unknown-ref":
        return unknownRef(to);
      case "ambiguous-ref":
        return ambiguousRef(back.detail);
      case "already-deployed":
        return refused([say`${environment} runs that already. env ${environment} shows it.`]);
      case "never-ran":
        return refused([
          say`${to} has never run in ${environment}, so it is nothing to go back to. deploy ${environment} ${to} takes it.`,
        ]);
    }
  },
});
