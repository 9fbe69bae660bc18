/** `alerts.yaml`: where alerts go, how often they are repeated, and who is called when nobody takes care of them. */
import { branchOf } from "../environment/environment.ts";
import { matches } from "../environment/matching.ts";
import type { Severity } from "./severity.ts";

export type AlertRules = {
  /** The first that matches counts. */
  readonly routes: readonly Route[];
  /** Nobody works on one thing for longer without saying so again. */
  readonly ackLapsesMs: number;
  /** What is told when one shift takes over from another. */
  readonly digests: readonly { readonly rota: string; readonly channel: string }[];
  /** An address that is asked again and again while the bot works, so that somebody notices when it does not. */
  readonly heartbeat: { readonly secret: string; readonly everyMs: number } | undefined;
};

export type Route = {
  /** Patterns of names, as `matching.ts` reads them; every workflow where it is undefined. */
  readonly workflows: readonly string[] | undefined;
  readonly severities: readonly Severity[] | undefined;
  readonly environment: "production" | "mirrors";
  /** The workflow's own where it is undefined. */
  readonly channel: string | undefined;
  /** How long it is quiet about an alert that nobody took; for ever where it is undefined. */
  readonly repeatMs: number | undefined;
  /** The sooner first. */
  readonly escalate: readonly Step[];
};

/** Somebody is told when nobody has acknowledged an alert for so long. */
export type Step = { readonly afterMs: number; readonly to: Target };
export type Target = { readonly oncall: string } | { readonly person: string } | { readonly channel: string };

/** What holds where there is no `alerts.yaml`: each alert is told once, in its workflow's channel. */
export const DEFAULT_ALERTS: AlertRules = {
  routes: [],
  ackLapsesMs: 8 * 3_600_000,
  digests: [],
  heartbeat: undefined,
};

const NO_ROUTE: Route = {
  workflows: undefined,
  severities: undefined,
  environment: "production",
  channel: undefined,
  repeatMs: undefined,
  escalate: [],
};

export type Routed = { readonly environment: string; readonly workflow: string; readonly severity: Severity };

export function routeOf(rules: AlertRules, alert: Routed): Route {
  return rules.routes.find((route) => fits(route, alert)) ?? NO_ROUTE;
}

function fits({ workflows, severities, environment }: Route, alert: Routed): boolean {
  return (
    (environment === "mirrors") === (branchOf(alert.environment) !== undefined) &&
    (workflows?.some((pattern) => matches(pattern, alert.workflow)) ?? true) &&
    (severities?.includes(alert.severity) ?? true)
  );
}

/** Every channel that they name. */
export function channelsOf({ routes, digests }: AlertRules): string[] {
  return [
    ...routes.flatMap(({ channel, escalate }) => [
      ...(channel === undefined ? [] : [channel]),
      ...escalate.flatMap(({ to }) => ("channel" in to ? [to.channel] : [])),
    ]),
    ...digests.map(({ channel }) => channel),
  ];
}

export function targetInWords(to: Target): string {
  if ("oncall" in to) return `whoever is on duty in ${to.oncall}`;
  return "person" in to ? to.person : to.channel;
}
