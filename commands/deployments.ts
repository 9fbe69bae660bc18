import { count, optional, word } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { shortCommit, shortRef } from "../src/core/environment/environment.ts";
import { moment, right, say, table } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { DEPLOYMENT_FIELDS, deploymentJson } from "./deployment-answers.ts";

export const deployments = defineCommand({
  name: "deployments",
  summary: "What was deployed where, when and by whom, newest first, with what was refused and what waits.",
  allow: "anyone",
  args: { environment: optional(word("ENV", "of one environment only")) },
  options: { limit: optional(count("at most so many; 20 where nothing is said")) },
  examples: ["deployments", "deployments production --limit 50"],
  json: `[${DEPLOYMENT_FIELDS}]`,
  async run({ environment, limit = 20 }, { queries }: Context) {
    const found = await queries.deploymentPage({ limit, ...(environment === undefined ? {} : { environment }) });
    const data = found.map(deploymentJson);
    if (found.length === 0)
      return done([say`Nothing was deployed${environment === undefined ? "" : ` to ${environment}`} so far.`], data);
    return done(
      [
        table(
          [right("id"), "environment", "commit", "ref", "when", "state", "asked by", "what", "why"],
          found.map((one) => [
            one.id,
            one.environment,
            shortCommit(one.commit),
            one.ref === null ? "" : shortRef(one.ref),
            moment(one.endedAt ?? one.requestedAt),
            one.kind === "rollback" && one.state === "deployed" ? "deployed, a rollback" : one.state,
            one.requestedBy,
            `${one.author}: ${one.subject}`,
            one.reason ?? one.why ?? "",
          ]),
        ),
      ],
      data,
    );
  },
});
