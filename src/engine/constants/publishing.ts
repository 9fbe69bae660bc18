/**
 * Publishes what an attempt of a task left: exactly once, in the order of the runs. What is about to be done is written down first, and
 * the tag is changed under a key, so that a bot that dies in between asks under that key again and it is still done once.
 */
import { tagNamed } from "../../core/campaign/tags.ts";
import type { TagChanged } from "../../core/conditions/change.ts";
import type { Iov } from "../../core/conditions/iov.ts";
import { misfits } from "../../core/conditions/misfits.ts";
import { momentOfRun, spanOfRuns } from "../../core/conditions/moment-of.ts";
import type { GlobalTag } from "../../core/conditions/tag.ts";
import { ITSELF } from "../../core/history.ts";
import { intervalsOf } from "../../core/publication/intervals.ts";
import { publicationRef, refuseIt, startPublishing, withdraw } from "../../core/publication/life.ts";
import type { Publication } from "../../core/publication/publication.ts";
import { type Task, taskInWords } from "../../core/task/task.ts";
import { cleanLine } from "../../core/text/clean.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Engine } from "../engine.ts";
import { type Declared, declare } from "../stages/declared.ts";
import { PayloadGone, payloadsLeft } from "./payloads-left.ts";
import { endOf, isItsTurn, laterRun, putOff, tellRefused } from "./publication.ts";
import { constantsChanged } from "./uses.ts";

export type PublishingParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly conditions: Conditions;
};

/** Somebody else changes the same tag all the time: then it is tried again a minute later. */
const MOST_TRIES = 5;

export async function publish(parts: PublishingParts, ref: string): Promise<void> {
  const { engine, queries } = parts;
  const publication = await publicationNamed(queries, ref);
  try {
    if (publication?.state === "publishing") await resume(parts, publication);
    else if (publication?.state === "waiting" && (await engine.do("turn", (ledger) => isItsTurn(ledger, ref))))
      await publishNow(parts, publication);
    else await engine.do("no publication", (ledger) => endOf(ledger, ref));
  } catch (error) {
    if (!(error instanceof ConditionsUnavailable)) throw error;
    const why = cleanLine(`whoever keeps the tags does not answer: ${error.message}`);
    await engine.do("put off", (ledger) => putOff(ledger, ref, why));
  }
}

async function publicationNamed(queries: Queries, ref: string): Promise<Publication | undefined> {
  const [taskId = 0, attempt] = ref.split(" ").map(Number);
  return (await queries.publications(taskId)).find((one) => one.attempt === attempt);
}

/** A bot died, or nobody answered, after it was written down what is to be published: the tag has it, or it has not. */
async function resume(parts: PublishingParts, publication: Publication): Promise<void> {
  const { engine, queries, conditions } = parts;
  const [task] = await queries.tasks([publication.taskId]);
  if (!task) throw new Error(`task ${publication.taskId} of a publication is gone`);
  const ref = publicationRef(publication);
  const outcome = await conditions.outcome(keyOf(publication));
  if (outcome)
    await engine.do("published", async (ledger) => {
      await endOf(ledger, ref, "published");
      // Whoever died may not have told.
      await constantsChanged(ledger, engine.scene, outcome.tag, outcome.report);
    });
  else if (task.attempt === publication.attempt && task.state === "done") await publishNow(parts, publication);
  else
    await engine.do("withdrawn", (ledger) =>
      endOf(ledger, ref, (now) => withdraw(now, "its task is made anew", ledger.now)),
    );
}

async function publishNow(parts: PublishingParts, publication: Publication): Promise<void> {
  const { engine, queries } = parts;
  const ref = publicationRef(publication);
  const [task] = await queries.tasks([publication.taskId]);
  // Judged by what is deployed now: who was told what is in the way has put it right there.
  const { revisions } = engine.scene;
  const declared =
    task &&
    (declare(task, revisions.current(task.environment)) ?? declare(task, revisions.at(task.environment, task.commit)));
  for (let tries = 0; declared && tries < MOST_TRIES; tries++) {
    const outcome = await attempt(parts, declared, publication);
    if (outcome === "moved") continue;
    return await engine.do("publication", async (ledger) => {
      if (typeof outcome === "string") await endOf(ledger, ref, outcome);
      else if (await endOf(ledger, ref, (now) => refuseIt(now, outcome.refused, ledger.now)))
        tellRefused(ledger, declared, publication, outcome.refused);
    });
  }
  const why = declared
    ? `the tag ${publication.tag} is changed by others all the time`
    : "the configuration that its task ran on cannot be had";
  await engine.do("put off", (ledger) => putOff(ledger, ref, why));
}

type Outcome = "moved" | "published" | { readonly refused: string };

async function attempt(parts: PublishingParts, declared: Declared, publication: Publication): Promise<Outcome> {
  const { engine, conditions } = parts;
  const { task } = declared;
  const tag = await tagOf(conditions, declared, publication);
  if (typeof tag === "string") return { refused: tag };
  const wanted = await intervalsFor(parts, declared, tag);
  if ("refused" in wanted) return wanted;
  const { iovs, late } = wanted;
  const begun = await engine.do("publishing", (ledger) =>
    endOf(ledger, publicationRef(publication), (now) =>
      startPublishing(now, iovs, late.length > 0 ? laterRun(late) : "there is nothing to publish", ledger.now),
    ),
  );
  if (!begun || iovs.length === 0) return "published";
  const kind = tag.state === "RUNNING" ? "append" : "put";
  const outcome = await putInto(parts, { ...publication, iovs }, task, kind, tag.version);
  if (outcome.ok) return "published";
  return outcome.reason === "moved" ? "moved" : { refused: outcome.detail };
}

async function tagOf(
  conditions: Conditions,
  declared: Declared,
  publication: Publication,
): Promise<GlobalTag | string> {
  const { task, revision, definition } = declared;
  const campaign = revision.config.campaigns[task.campaign];
  const word = definition.publish?.tag ?? publication.tag;
  if (campaign && tagNamed(campaign, word, task.workflow) === undefined)
    return `the campaign ${task.campaign} names no ${word}: add it to campaigns/${task.campaign}.yaml`;
  const tag = await conditions.tag({ environment: task.environment, name: publication.tag });
  return tag ?? `there is no global tag ${publication.tag}: declare it in tags/${publication.tag}.yaml`;
}

type Wanted = { readonly iovs: readonly Iov[]; readonly late: readonly Iov[] } | { readonly refused: string };

async function intervalsFor(parts: PublishingParts, declared: Declared, tag: GlobalTag): Promise<Wanted> {
  const { engine, queries, conditions } = parts;
  const { task, definition, revision } = declared;
  const rule = definition.publish;
  if (!rule) return { refused: "the configuration that its task ran on does not say that it publishes anything" };
  const { conditions: moments, tags } = revision.config;
  const runs = await queries.runs(await queries.runsOfGroup(task.groupId));
  const span = spanOfRuns(runs, moments);
  if (!span.known) return { refused: span.why };
  try {
    const left = await payloadsLeft(engine.scene, queries, conditions, task);
    const there: Iov[] = [];
    const from = { major: 0, minor: 0 };
    for (const type of new Set(left.map((one) => one.type)))
      there.push(
        ...(await conditions.iovs(tag, {
          type,
          span: { from: left.some((one) => one.from) ? from : span.span.from, until: null },
        })),
      );
    const found = intervalsOf(left, rule, span.span, there);
    if (!found.ok) return { refused: found.why };
    const { firstRun = null } = tags[tag.name] ?? {};
    const first = firstRun === null ? undefined : momentOfRun({ number: firstRun, attributes: {} }, moments);
    const declaredTag = tags[tag.name];
    const wrong = declaredTag ? misfits(declaredTag, found.iovs, first?.known ? first.moment : undefined) : [];
    return wrong.length > 0 ? { refused: wrong.join("; ") } : found;
  } catch (error) {
    if (error instanceof PayloadGone) return { refused: error.message };
    throw error;
  }
}

/** That of the attempt: whatever is asked under it later, it is done once. */
function keyOf({ environment, taskId, attempt }: Publication): string {
  return `publication ${environment} ${taskId} ${attempt}`;
}

async function putInto(
  { conditions }: PublishingParts,
  publication: Publication,
  task: Task,
  kind: "put" | "append",
  basis: number,
): Promise<TagChanged> {
  const { environment, tag, attempt, iovs } = publication;
  return await conditions.change({
    tag: { environment, name: tag },
    change: { kind, iovs },
    key: keyOf(publication),
    by: ITSELF,
    why: `${taskInWords(task)}, attempt ${attempt}`,
    basis,
  });
}
