/**
 * The life of a publication: the payloads of one attempt of a task, on their way into a global tag.
 *
 *   waiting    -> publishing            no earlier run is waited for (any longer); what is published is written down before it is done
 *   waiting    -> published             there is nothing to publish
 *   publishing -> published | refused   the tag took it, or it cannot be taken
 *   waiting | publishing -> refused     what the jobs left cannot be published
 *   waiting | publishing -> withdrawn    its task was made anew, or its sign-off revoked, before it was its turn
 *   published  -> withdrawn             its sign-off was revoked: what it published is taken out
 *   refused    -> waiting               a person asks for it again, once what was in the way is gone
 */
import type { Iov } from "../conditions/iov.ts";
import { become, type Decision, refuse } from "../decision.ts";
import { wake } from "../effect.ts";
import type { Task } from "../task/task.ts";
import type { Instant } from "../time.ts";
import type { Publication } from "./publication.ts";
import type { PublishRule } from "./rule.ts";

export function wanted(task: Task, rule: PublishRule, tag: string, run: number, now: Instant): Publication {
  return {
    environment: task.environment,
    campaign: task.campaign,
    workflow: task.workflow,
    task: task.name,
    taskId: task.id,
    attempt: task.attempt,
    tag,
    state: "waiting",
    reason: null,
    run,
    iovs: [],
    waitsUntil: (task.endedAt ?? now) + rule.waitMs,
    createdAt: now,
    endedAt: null,
    version: 0,
  };
}

/** `17 2`: the name of its errand. */
export function publicationRef({ taskId, attempt }: Pick<Publication, "taskId" | "attempt">): string {
  return `${taskId} ${attempt}`;
}

/** Why it is not its turn yet, for whoever asks. */
export function holdUp(publication: Publication, why: string): Decision<Publication, "unchanged" | "ended"> {
  if (publication.state !== "waiting" && publication.state !== "publishing") return refuse("ended");
  if (publication.reason === why) return refuse("unchanged");
  return become(publication, { reason: why }, { event: "publication-waits", why });
}

/**
 * What is about to be published is known. It may be said again with other intervals, while the tag has not taken any.
 *
 * @param otherwise why nothing is, where that is so
 */
export function startPublishing(
  publication: Publication,
  iovs: readonly Iov[],
  otherwise: string,
  now: Instant,
): Decision<Publication, "ended"> {
  if (publication.state !== "waiting" && publication.state !== "publishing") return refuse("ended");
  if (iovs.length === 0) return ended(publication, "published", otherwise, now);
  return become(
    publication,
    { state: "publishing", reason: null, iovs },
    { event: "publishing", detail: { tag: publication.tag } },
  );
}

export function published(publication: Publication, now: Instant): Decision<Publication, "not-publishing"> {
  if (publication.state !== "publishing") return refuse("not-publishing");
  return ended(publication, "published", null, now);
}

export function refuseIt(publication: Publication, why: string, now: Instant): Decision<Publication, "ended"> {
  if (publication.state !== "waiting" && publication.state !== "publishing") return refuse("ended");
  return ended(publication, "refused", why, now);
}

export function askAgain(publication: Publication, now: Instant): Decision<Publication, "not-refused"> {
  if (publication.state !== "refused") return refuse("not-refused");
  return become(
    publication,
    { state: "waiting", reason: null, iovs: [], endedAt: null },
    { event: "publication-asked-again" },
    [wake("publish", publicationRef(publication), now)],
  );
}

/** One that is being published must be known not to be in the tag. */
export function withdraw(publication: Publication, why: string, now: Instant): Decision<Publication, "ended"> {
  if (publication.state === "refused" || publication.state === "withdrawn") return refuse("ended");
  return ended(publication, "withdrawn", why, now);
}

function ended(publication: Publication, state: Publication["state"], reason: string | null, now: Instant) {
  return become(
    publication,
    { state, reason, endedAt: now },
    {
      event: state === "refused" ? "publication-refused" : state,
      ...(reason === null ? {} : { why: reason }),
      detail: { tag: publication.tag, payloads: publication.iovs.length },
    },
  );
}
