import { count, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import type { DeclaredTag } from "../src/core/conditions/declared.ts";
import { AT_LAST, type Moment, momentInWords } from "../src/core/conditions/moment.ts";
import type { GlobalTag } from "../src/core/conditions/tag.ts";
import { iovInWords, newestFirst, someOf } from "../src/core/conditions/tag-words.ts";
import { type Block, fields, moment, plural, say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import type { ReadConditions } from "../src/ports/conditions.ts";
import type { Context } from "./context.ts";
import { momentOn } from "./moments.ts";
import { IOV_FIELDS, iovJson, noSuchTag, refOf, TAG_FIELDS, tagJson } from "./tag-answers.ts";

const SHOWN = 12;

export const gtShow = defineCommand({
  name: "gt show",
  summary: "One global tag: its state, what it feeds, and what it holds now, at a run, or of one payload type.",
  allow: "anyone",
  args: { tag: word("TAG", "a global tag; gt list shows them") },
  options: {
    at: optional(word("RUN", "what holds for this run, 8215, or at this moment of the conditions, 26.3")),
    type: optional(word("TYPE", "all intervals of one payload type, newest first")),
    limit: optional(count(`with --type: at most so many; ${SHOWN} where nothing is said`)),
  },
  examples: ["gt show prompt", "gt show prompt --at 8215", "gt show prompt --type t0"],
  json: `{tag: ${TAG_FIELDS}, at: {major, minor}, iovs: [${IOV_FIELDS}], missing: [type]}`,
  async run({ tag: name, at, type, limit = SHOWN }, context: Context) {
    const { conditions, config } = context;
    const tag = await conditions.tag(refOf(name, context));
    if (!tag) return await noSuchTag(name, conditions, context);
    const declared = config && Object.hasOwn(config.tags, name) ? config.tags[name] : undefined;
    if (at !== undefined) {
      const wanted = await momentOn(at, context);
      if ("wrong" in wanted) return refused([wanted.wrong]);
      return await holdingAt(tag, { at: wanted, said: at, type, declared }, conditions);
    }
    if (type !== undefined) {
      const iovs = await conditions.iovs(tag, { type });
      if (iovs.length === 0) return noSuchType(tag, type, declared);
      return done(
        [
          say`${name} has ${plural(iovs.length, "interval")} of ${type}, newest first:`,
          ...someOf(newestFirst(iovs).map(iovInWords), limit),
        ],
        { tag: tagJson(tag), at: null, iovs: iovs.map(iovJson), missing: [] },
      );
    }
    const now = await conditions.lookup(tag, AT_LAST);
    const feeders = (await conditions.tags(context.environment)).filter((one) => one.upstream === name);
    const missing = missingOf(
      declared,
      now.map((iov) => iov.type),
    );
    return done(
      [
        say`${name} is ${tag.state}${tag.description === "" ? "" : `: ${tag.description}`}`,
        fields({
          feeds: tag.upstream ?? undefined,
          "fed by": feeders.length === 0 ? undefined : feeders.map((one) => one.name).join(", "),
          changed: moment(tag.modifiedAt) ?? undefined,
          "first run": declared?.firstRun ?? undefined,
          "it is":
            tag.environment === context.environment ? undefined : `${tag.environment}'s, until it is changed here`,
        }),
        ...(now.length === 0 ? [say`It holds nothing for runs to come.`] : [say`For runs to come:`]),
        ...someOf(now.map(iovInWords)),
        ...nothingOf(missing),
      ],
      { tag: tagJson(tag), at: null, iovs: now.map(iovJson), missing },
    );
  },
});

/** Also asked by `iov`. */
export async function holdingAt(
  tag: GlobalTag,
  asked: {
    readonly at: Moment;
    readonly said: string;
    readonly type: string | undefined;
    readonly declared: DeclaredTag | undefined;
  },
  conditions: ReadConditions,
): Promise<Answer> {
  const { at, said, type, declared } = asked;
  const iovs = await conditions.lookup(tag, at, type === undefined ? undefined : [type]);
  const missing = missingOf(
    declared,
    iovs.map((iov) => iov.type),
  ).filter((one) => type === undefined || one === type);
  const where = momentInWords(at) === said ? said : `${said} (${momentInWords(at)})`;
  const data = { tag: tagJson(tag), at, iovs: iovs.map(iovJson), missing };
  const errors = missing.filter((one) => declared?.types[one]?.oneRun);
  return done(
    [
      iovs.length === 0 ? say`${tag.name} holds nothing at ${where}.` : say`${tag.name} at ${where}:`,
      ...someOf(iovs.map(iovInWords), 20),
      ...(errors.length === 0
        ? []
        : [say`Missing, and needed for each run: ${errors.join(", ")}. A job that asks for it is wrong here.`]),
      ...nothingOf(missing.filter((one) => !errors.includes(one))),
    ],
    data,
  );
}

function missingOf(declared: DeclaredTag | undefined, there: readonly string[]): string[] {
  return Object.keys(declared?.types ?? {}).filter((type) => !there.includes(type));
}

function nothingOf(missing: readonly string[]): Block[] {
  return missing.length === 0 ? [] : [say`Nothing of: ${missing.join(", ")}.`];
}

function noSuchType({ name }: GlobalTag, type: string, declared: DeclaredTag | undefined): Answer {
  const known = Object.keys(declared?.types ?? {});
  return refused([
    known.includes(type)
      ? say`${name} holds nothing of ${type} yet.`
      : say`${name} holds nothing of ${type}${known.length === 0 ? "" : `; ${choices(type, known)}`}.`,
  ]);
}
