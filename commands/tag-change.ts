/** How every command changes a global tag: shown first, with how the tags stand that it depends on, and then done once. */
import { type Answer, done, type Preview, refused } from "../src/core/command/command.ts";
import type { TagChange } from "../src/core/conditions/change.ts";
import type { TagRef } from "../src/core/conditions/tag.ts";
import { reportInWords } from "../src/core/conditions/tag-words.ts";
import { type Block, say } from "../src/core/say.ts";
import type { Changed } from "../src/ports/tag-operations.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import { iovJson, noSuchTag, tagJson } from "./tag-answers.ts";

/** What somebody wants, as far as it could be made out. */
export type Wish = {
  readonly tag: TagRef;
  readonly change: TagChange;
  /** Other tags whose contents it depends on. */
  readonly of?: readonly TagRef[];
  /** Before it: `This publishes v7`. */
  readonly shown: readonly Block[];
  /** After it. */
  readonly told: readonly Block[];
};

type Asked = { readonly why?: string | undefined; readonly "dry-run"?: boolean | undefined };

/** Undefined where it is wrong, or changes nothing anyway: the command itself says it then. */
export async function previewOf(wish: Wish | Answer, asked: Asked, context: Context): Promise<Preview | undefined> {
  const { tags } = context;
  if ("ok" in wish || asked["dry-run"] || !tags || (await tags.resumed())) return undefined;
  const tried = await tags.preview(wish.tag, wish.change);
  if (!tried.ok) return undefined;
  return {
    say: [...wish.shown, ...reported(wish, tried, context)],
    basis: await standing(wish, context),
  };
}

/** Versions of the tag and of those that it takes from: with the line itself they say all that would be done. */
async function standing({ tag, of = [] }: Wish, { conditions }: Pick<Context, "conditions">): Promise<string> {
  const versions: string[] = [];
  for (const ref of [tag, ...of]) {
    const found = await conditions.tag(ref);
    versions.push(`${ref.name} ${found ? `${found.environment} ${found.version}` : "new"}`);
  }
  return versions.join(", ");
}

export async function carryOut(wish: Wish | Answer, asked: Asked, context: Context): Promise<Answer> {
  const { tags, actor } = context;
  const resumed = await tags?.resumed();
  // By what it did itself it may look wrong by now.
  if (resumed?.ok)
    return done(
      [say`calops was restarted while it did this. It is done, once.`, ...reportInWords(resumed.report)],
      dataOf(resumed, false),
    );
  if ("ok" in wish) return wish;
  if (!tags) return notRunning();
  if (asked["dry-run"]) {
    const tried = await tags.preview(wish.tag, wish.change);
    if (!tried.ok) return await whyNot(tried, wish, context);
    return done([...wish.shown, ...reported(wish, tried, context), say`Nothing was done.`], dataOf(tried, true));
  }
  const changed = await tags.change(wish.tag, wish.change, { by: actor.id, why: asked.why ?? null });
  if (!changed.ok) return await whyNot(changed, wish, context);
  return done([...wish.told, ...reported(wish, changed, context)], dataOf(changed, false));
}

/** Of a clone and of a state, everything is said already. */
function reported({ change }: Wish, { report }: Extract<Changed, { ok: true }>, { config }: Context): Block[] {
  return change.kind === "clone" || change.kind === "state" ? [] : reportInWords(report, config?.conditions);
}

function dataOf({ tag, report }: Extract<Changed, { ok: true }>, dryRun: boolean) {
  return {
    dryRun,
    tag: tagJson(tag),
    added: report.added.map(iovJson),
    removed: report.removed.map(iovJson),
    cut: report.cut.map(({ before, after }) => ({ before: iovJson(before), after: iovJson(after) })),
    unchanged: report.unchanged,
    next: report.next,
  };
}

async function whyNot(
  { reason, detail = reason }: Extract<Changed, { ok: false }>,
  { tag }: Wish,
  context: Context,
): Promise<Answer> {
  const { conditions } = context;
  switch (reason) {
    case "unknown-tag":
      return !(await conditions.tag(tag))
        ? await noSuchTag(tag.name, conditions, context)
        : refused([say`Nothing was done: ${detail}. gt list shows them all.`]);
    case "moved":
      return refused([say`Nothing was done: ${detail}. Give the command again, and see what it would do now.`]);
    case "declared":
      return refused([say`Nothing was done: ${detail}. What a tag may hold is declared in git.`]);
    case "used":
      return refused([
        say`Nothing was done: ${detail}. What may have been used before stays as it was; gt clone makes a tag that can be changed.`,
      ]);
    default:
      return refused([say`Nothing was done: ${detail}.`]);
  }
}
