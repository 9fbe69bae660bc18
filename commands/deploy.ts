import { flag, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, refused } from "../src/core/command/command.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { planInWords } from "../src/core/plan/words.ts";
import { list, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import {
  ambiguousRef,
  DEPLOYMENT_FIELDS,
  deploymentJson,
  gates,
  noSuchEnvironment,
  outcome,
  unknownRef,
} from "./deployment-answers.ts";
import { notRunning } from "./refusals.ts";

export const deploy = defineCommand({
  name: "deploy",
  summary:
    "Deploy to an environment what it follows, or a tag, branch or commit; or say yes to a deployment that waits for it.",
  allow: "expert",
  args: {
    environment: word("ENV", "production, or mirror/BRANCH"),
    ref: optional(word("REF", "a tag, a branch, or a commit by its first seven digits or more")),
  },
  options: {
    why: optional(word("REASON", "for the history; put it in quotes")),
    "through-freeze": flag("also while the environment is frozen"),
  },
  examples: [
    "deploy production",
    "deploy production v1.2",
    'deploy production 1a2b3c4d --why "hot fix" --through-freeze',
  ],
  json: DEPLOYMENT_FIELDS,
  async preview({ environment, ref, why, "through-freeze": throughFreeze }, { environments }: Context) {
    const planned = await environments?.plan(undefined, ref, environment);
    if (!planned?.ok || planned.from?.id === planned.to.id) return undefined;
    const { from, to, plan } = planned;
    return {
      say: [
        say`This deploys ${shortCommit(to.id)} by ${to.author}, ${to.subject}, to ${environment}, where ${from === null ? "nothing runs" : `${shortCommit(from.id)} runs`}:`,
        ...planInWords(plan),
      ],
      basis: `${from?.id ?? "nothing"} ${to.id}`,
      // Whoever has seen the plan names what they have seen.
      words: [
        "deploy",
        environment,
        to.id,
        ...(why === undefined ? [] : [`--why=${why}`]),
        ...(throughFreeze ? ["--through-freeze"] : []),
      ],
    };
  },
  async run(
    { environment, ref, why, "through-freeze": throughFreeze },
    { environments, actor }: Context,
  ): Promise<Answer> {
    if (!environments) return notRunning();
    const deployed = await environments.deploy({ environment, to: ref, why, throughFreeze }, actor);
    if (deployed.ok) return outcome(deployed.deployment, deployed.issues);
    switch (deployed.reason) {
      case "already-deployed":
        return refused([say`${environment} runs that already. env ${environment} shows it.`]);
      case "unknown-environment":
        return noSuchEnvironment(environment);
      case "archived":
        return refused([
          say`${environment} is archived: its branch has gone. Push the branch again, and it begins anew.`,
        ]);
      case "unknown-ref":
        return unknownRef(ref);
      case "ambiguous-ref":
        return ambiguousRef(deployed.detail);
      case "nothing-to-deploy":
        return refused([say`There is nothing to deploy to ${environment}: ${deployed.detail}.`]);
      case "unreachable":
        return refused([
          say`The config repository does not answer, so it is not known what is to be deployed. What runs goes on. A commit that was seen before can be named: deploy ${environment} REF`,
        ]);
      case "name-the-commit":
        return refused(
          [
            say`This needs somebody who has looked at it:`,
            list(gates(deployed.deployment)),
            ...(deployed.deployment.plan === null ? [] : planInWords(deployed.deployment.plan)),
            say`To say yes to just this commit: deploy ${environment} ${shortCommit(deployed.deployment.commit)}`,
          ],
          deploymentJson(deployed.deployment),
        );
      case "wrong-role":
        return refused(
          [say`It waits for somebody with the role ${deployed.detail}, which ${actor.id} has not in people.yaml.`],
          deploymentJson(deployed.deployment),
        );
      case "own-work":
        return refused(
          [
            say`${actor.id} wrote some of what this deploys, and environments.yaml asks for the approval of somebody else with the role ${deployed.detail}.`,
          ],
          deploymentJson(deployed.deployment),
        );
      case "already-said":
        return refused(
          [say`${actor.id} said yes to it already. It still waits:`, list(gates(deployed.deployment))],
          deploymentJson(deployed.deployment),
        );
    }
  },
});
