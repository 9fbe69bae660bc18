import { isSnapshot } from "../src/core/campaign/tags.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { driftInWords, driftOf } from "../src/core/conditions/drift.ts";
import { moment, say, table } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { TAG_FIELDS, tagJson } from "./tag-answers.ts";

export const gtList = defineCommand({
  name: "gt list",
  summary: "Global tags: their states, and which feeds which.",
  allow: "anyone",
  args: {},
  options: {},
  examples: ["gt list"],
  json: `[${TAG_FIELDS}]`,
  async run(_given, { conditions, config, environment }: Context) {
    const tags = await conditions.tags(environment);
    const drift = config
      ? driftOf(
          config.tags,
          tags.filter(({ name }) => !isSnapshot(config.campaigns, name)),
          environment,
        )
      : [];
    const remark = (name: string) => (drift.some((one) => one.tag === name) ? "not as in git" : "");
    if (tags.length === 0 && drift.length === 0)
      return done([say`There is no global tag. tags/NAME.yaml declares one, and a deployment makes it.`], []);
    return done(
      [
        ...(tags.length === 0
          ? []
          : [
              table(
                ["tag", "state", "feeds", "changed", ""],
                tags.map((tag) => [tag.name, tag.state, tag.upstream ?? "", moment(tag.modifiedAt), remark(tag.name)]),
              ),
            ]),
        ...driftInWords(drift),
        say`gt show TAG tells what one holds.`,
      ],
      tags.map(tagJson),
    );
  },
});
