/**
 * The card of a deployment: one message in its channel, which reads as the deployment stands. It is made of nothing but the
 * deployment, so whatever the order in which things were heard of, it ends as the deployment did.
 */
import { branchOf, shortCommit, shortRef } from "../environment/environment.ts";
import { ITSELF } from "../history.ts";
import { planSummary } from "../plan/words.ts";
import { type Block, type Button, buttons, fields, list, moment, type Part, parts } from "../say.ts";
import { formatDuration } from "../time.ts";
import type { Consent, Deployment, Gate, GateKind } from "./deployment.ts";

export const deploymentKey = ({ id }: Pick<Deployment, "id">): string => `deployment ${id}`;

export function deploymentCard(deployment: Deployment): Block[] {
  const { waiting, state, plan } = deployment;
  return [
    { kind: "text", parts: headline(deployment) },
    fields({
      commit: commitInWords(deployment),
      by: deployment.requestedBy === ITSELF ? undefined : deployment.requestedBy,
      why: deployment.why ?? undefined,
      changes: plan === null ? undefined : planSummary(plan),
      agreed: agreed(deployment),
      took: deployment.tookMs === null ? undefined : formatDuration(deployment.tookMs),
    }),
    ...(state === "waiting" ? [list(waiting.map(gateInWords))] : []),
    ...(isNews(deployment) ? [] : [{ kind: "text", parts: requestInWords(deployment) } as const]),
    ...buttonsOf(deployment),
  ];
}

/** Nobody can do anything about it any more. */
export function isOver({ state }: Deployment): boolean {
  return state === "failed" || state === "superseded" || state === "rolled-back";
}

function headline(deployment: Deployment): Part[] {
  const { environment, commit, state, reason, kind, tookMs } = deployment;
  switch (state) {
    case "requested":
      return requestInWords(deployment);
    case "waiting":
      return [...requestInWords(deployment), "; it waits:"];
    case "deployed":
      return kind === "rollback"
        ? parts`Environment ${environment} deployed successfully: ${deployment.requestedBy} rolled it back`
        : parts`Environment ${environment} deployed successfully`;
    case "failed":
      return parts`Environment ${environment} is not deployed: ${reason ?? "it failed"}. ${goesOn(deployment)} Mend it with another commit.`;
    case "superseded":
      return tookMs === null
        ? parts`Deployment of ${shortCommit(commit)} to ${environment} is not needed any more: ${reason}.`
        : parts`Environment ${environment} ran ${shortCommit(commit)} until ${reason}.`;
    case "rolled-back":
      return parts`Environment ${environment} does not run ${shortCommit(commit)} any more: ${reason}.`;
  }
}

/** The first of the two sentences that the field expects; the other is that it was deployed. */
function requestInWords({ environment, kind, requestedAt, state }: Deployment): Part[] {
  const what = kind === "rollback" ? ": a rollback" : "";
  const when = state === "requested" ? [] : [", ", moment(requestedAt)].filter((part) => part !== null);
  return [`Deployment request for environment ${environment} received${what}`, ...when];
}

function isNews({ state }: Deployment): boolean {
  return state === "requested" || state === "waiting";
}

function goesOn({ from }: Deployment): string {
  return from === null ? "Nothing is running there." : `${shortCommit(from)} goes on running.`;
}

/** `v1.2 (1a2b3c4d) by Ann: finer binning` */
function commitInWords({ commit, ref, author, subject }: Deployment): string {
  const name = ref === null ? shortCommit(commit) : `${shortRef(ref)} (${shortCommit(commit)})`;
  return `${name} by ${author}: ${subject}`;
}

/** Whoever said more to it than that they want it. */
function agreed({ consents }: Deployment): string | undefined {
  const people = Map.groupBy(
    consents.filter(({ to }) => to !== "request"),
    ({ by }) => by,
  );
  if (people.size === 0) return undefined;
  return [...people].map(([by, said]) => `${by} ${yesInWords(said)}`).join(", ");
}

/** `approved it, and let it through the freeze` */
export function yesInWords(consents: readonly Pick<Consent, "to">[]): string {
  return consents.map(({ to }) => SAID[to]).join(" and ");
}

const SAID: Readonly<Record<Consent["to"], string>> = {
  request: "asked for it",
  confirm: "confirmed it",
  approve: "approved it",
  "through-freeze": "let it through the freeze",
};

/** Whose it is, since when, and what opens it. */
function gateInWords({ detail, owner, since }: Gate): Part[] {
  return parts`${owner}, since ${moment(since)}: ${detail}`;
}

function buttonsOf(deployment: Deployment): Block[] {
  const { environment, state, id } = deployment;
  const standing = { deployment: id, state };
  if (state === "waiting") {
    const closed = new Set(deployment.waiting.map(({ gate }) => gate));
    return [
      buttons(
        yesButton(deployment, closed),
        closed.has("lock") ? unlock(deployment) : undefined,
        planButton(deployment),
      ),
    ];
  }
  if (state !== "deployed" || deployment.from === null) return [];
  const back: Button = { label: "Roll back", words: ["rollback", environment], look: "danger", while: standing };
  return [buttons(back, planButton(deployment))];
}

/** Where it waits for a person's word. A freeze is gone through by whoever types that. */
function yesButton({ id, state, environment, commit }: Deployment, closed: ReadonlySet<GateKind>): Button | undefined {
  if (!(["request", "confirm", "approval"] as const).some((gate) => closed.has(gate))) return undefined;
  return {
    label: closed.has("approval") ? "Approve" : "Deploy",
    words: ["deploy", environment, shortCommit(commit)],
    look: "primary",
    while: { deployment: id, state },
  };
}

function unlock({ id, state, environment }: Deployment): Button {
  return { label: "Unlock", words: ["unlock", environment], while: { deployment: id, state } };
}

function planButton({ environment, commit, plan: known, from }: Deployment): Button {
  const against = known?.from ?? from;
  return {
    label: "Plan",
    words: [
      "plan",
      shortCommit(commit),
      ...(against === null ? [] : ["--from", shortCommit(against)]),
      ...(branchOf(environment) === undefined ? [] : ["--env", environment]),
    ],
  };
}
