/** From the shape of a task's `signoff:` to its rule: roles, people and rotas that there are, and an order that can be kept. */
import type { Target } from "../alert/rules.ts";
import type { SignoffDue, SignoffRule } from "../signoff/rule.ts";
import type { SignoffStep } from "../signoff/signoff.ts";
import type { Checker } from "./checker.ts";
import type { Path } from "./path.ts";
import type { SignoffYaml } from "./signoff-yaml.ts";
import type { Surroundings } from "./surroundings.ts";

export function signoffOf(raw: SignoffYaml, at: Path, check: Checker, around: Surroundings): SignoffRule {
  checkAlone(raw, at, check);
  const { role = "", approvals = 1, deputies = [] } = raw;
  const steps = raw.steps ?? [{ role, approvals, deputies }];
  steps.forEach((step, index) => {
    checkStep(step, raw.steps ? [...at, "steps", index] : at, check, around);
  });
  return {
    steps,
    samePerson: raw["same-person"],
    auto:
      raw.auto === undefined ? undefined : check.expression([...at, "auto"], raw.auto, around.scopes.signoff, "bool"),
    remindMs: raw.remind,
    escalate: raw.escalate && {
      afterMs: raw.escalate.after,
      to: targetOf(raw.escalate.to, [...at, "escalate", "to"], check, around),
    },
    due: dueOf(raw.due),
    whenDue: raw["when-due"] ?? "wait",
  };
}

/** What says something only beside something else. */
function checkAlone(raw: SignoffYaml, at: Path, check: Checker): void {
  for (const key of ["approvals", "deputies"] as const)
    if (raw.steps && raw[key] !== undefined)
      check.report([...at, key], "conflict", `${key} stands beside steps`, "write it in each step");
  if (raw["when-due"] !== undefined && raw.due === undefined)
    check.report([...at, "when-due"], "conflict", "there is no deadline", "add due: 48h, or leave it out");
  if (raw["same-person"] && (raw.steps?.length ?? 1) < 2)
    check.report([...at, "same-person"], "conflict", "there is only one step", "leave it out");
}

function checkStep(step: SignoffStep, at: Path, check: Checker, { owners, holders }: Surroundings): void {
  if (!owners || !holders) return;
  check.reference([...at, "role"], step.role, owners, `no role or person is called ${step.role}`);
  step.deputies.forEach((deputy, index) => {
    check.reference([...at, "deputies", index], deputy, owners, `no role or person is called ${deputy}`);
  });
  if (![step.role, ...step.deputies].every((name) => owners.has(name))) return;
  // What nobody can sign would wait for ever.
  const able = new Set([step.role, ...step.deputies].flatMap((name) => holders(name)));
  if (able.size < step.approvals)
    check.report(
      [...at, "approvals"],
      "wrong-value",
      `only ${able.size} of people.yaml may sign here`,
      `write ${able.size}, or give the role to more people`,
    );
}

function targetOf(
  { oncall, person, channel = "" }: NonNullable<SignoffYaml["escalate"]>["to"],
  at: Path,
  check: Checker,
  { rotas, people }: Surroundings,
): Target {
  if (oncall !== undefined) {
    if (rotas) check.reference([...at, "oncall"], oncall, rotas, `there is no rota ${oncall}`);
    return { oncall };
  }
  if (person !== undefined) {
    if (people) check.reference([...at, "person"], person, people, `nobody is called ${person}`);
    return { person };
  }
  return { channel };
}

function dueOf(due: SignoffYaml["due"]): SignoffDue | undefined {
  if (!due) return undefined;
  return "release" in due ? { afterMs: due.release, from: "release" } : { afterMs: due.asked, from: "asked" };
}
