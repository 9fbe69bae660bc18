/** From the shape of `alerts.yaml` to the rules of alerts. */
import type { AlertRules, Route, Step } from "../alert/rules.ts";
import type { AlertsYaml } from "./alerts-yaml.ts";
import type { Checker, Parsed } from "./checker.ts";
import type { Path } from "./path.ts";

/** What routes may speak of; undefined where the file that says it cannot be read, and then nothing is said of it. */
export type Duties = {
  readonly workflows: readonly string[];
  readonly people: readonly string[] | undefined;
  readonly rotas: readonly string[] | undefined;
};

export function alertRulesOf({ value, check }: Parsed<AlertsYaml>, duties: Duties): AlertRules {
  const routes = value.routes.map((route, index) => routeOf(route, ["routes", index], check, duties));
  checkOrder(routes, check);
  value.digest.forEach(({ rota }, index) => {
    if (duties.rotas) check.reference(["digest", index, "rota"], rota, duties.rotas, `there is no rota ${rota}`);
  });
  const { heartbeat } = value;
  return {
    routes,
    ackLapsesMs: value.ack.lapses,
    digests: value.digest,
    heartbeat: heartbeat && { secret: heartbeat.url.secret, everyMs: heartbeat.every },
  };
}

function routeOf(
  { match, channel, repeat, escalate }: AlertsYaml["routes"][number],
  at: Path,
  check: Checker,
  duties: Duties,
): Route {
  match.workflow?.forEach((workflow, index) => {
    if (workflow.includes("*")) return;
    const path = [...at, "match", "workflow", index];
    check.reference(path, workflow, duties.workflows, `there is no workflow ${workflow}`);
  });
  if (match.environment === "mirrors" && channel !== undefined)
    check.report(
      [...at, "channel"],
      "conflict",
      "what mirrors say goes to the channel of mirrors in environments.yaml, and nowhere else",
      "leave it out",
    );
  return {
    workflows: match.workflow,
    severities: match.severity,
    environment: match.environment,
    channel,
    repeatMs: repeat,
    escalate: escalate.map((step, index) =>
      stepOf(step, escalate[index - 1], [...at, "escalate", index], check, duties),
    ),
  };
}

type StepYaml = AlertsYaml["routes"][number]["escalate"][number];

function stepOf({ after, to }: StepYaml, before: StepYaml | undefined, at: Path, check: Checker, duties: Duties): Step {
  if (before && before.after >= after)
    check.report([...at, "after"], "wrong-value", "it comes no later than the step before", "write a longer time");
  const { oncall, person, channel = "" } = to;
  if (oncall !== undefined) {
    if (duties.rotas) check.reference([...at, "to", "oncall"], oncall, duties.rotas, `there is no rota ${oncall}`);
    return { afterMs: after, to: { oncall } };
  }
  if (person !== undefined) {
    if (duties.people) check.reference([...at, "to", "person"], person, duties.people, `nobody is called ${person}`);
    return { afterMs: after, to: { person } };
  }
  return { afterMs: after, to: { channel } };
}

/** A route behind one that takes everything is never asked. */
function checkOrder(routes: readonly Route[], check: Checker): void {
  routes.forEach((route, index) => {
    const first = routes.findIndex((one) => one.environment === route.environment && !one.workflows && !one.severities);
    if (first >= 0 && first < index)
      check.report(
        ["routes", index],
        "conflict",
        `no alert comes here: route ${first + 1} takes all of ${route.environment}`,
        "put this one before it",
      );
  });
}
