/** From the shape of a task's `validate:` to its thresholds: expressions that speak of what there is, and limits that leave room. */
import type { ChannelThreshold, Threshold, Validation } from "../validation/thresholds.ts";
import type { Checker } from "./checker.ts";
import type { Path } from "./path.ts";
import type { Scopes } from "./surroundings.ts";
import type { ValidateYaml } from "./validate-yaml.ts";

type ThresholdYaml = ValidateYaml["thresholds"][string];

export function validationOf(raw: ValidateYaml, at: Path, check: Checker, scopes: Scopes): Validation {
  const hasReference = raw.reference !== undefined;
  return {
    thresholds: Object.entries(raw.thresholds).map(([name, threshold]) =>
      thresholdOf(name, threshold, [...at, "thresholds", name], { check, scopes, hasReference }),
    ),
    referenceRun: raw.reference?.run,
    window: raw.window,
    first: raw.first,
  };
}

type Around = { readonly check: Checker; readonly scopes: Scopes; readonly hasReference: boolean };

function thresholdOf(name: string, raw: ThresholdYaml, at: Path, around: Around): Threshold {
  const { check, scopes, hasReference } = around;
  if (raw.channels) {
    for (const key of ["accept", "veto"] as const)
      if (raw[key] !== undefined)
        check.report([...at, key], "conflict", `${key} stands beside channels`, "write a threshold of its own for it");
    return channelsOf(name, raw.channels, [...at, "channels"], around);
  }
  const condition = (key: "accept" | "veto") => {
    const text = raw[key];
    if (text === undefined) return undefined;
    const compiled = check.expression([...at, key], text, scopes.validate, "bool");
    if (!hasReference && compiled.names.some(([root]) => root === "reference")) noReference(check, [...at, key]);
    return compiled;
  };
  return { kind: "condition", name, accept: condition("accept"), veto: condition("veto") };
}

function channelsOf(
  name: string,
  raw: NonNullable<ThresholdYaml["channels"]>,
  at: Path,
  { check, hasReference }: Around,
): ChannelThreshold {
  const { prefix, error, against, act, significance, most, "most-error": mostError, "may-ask": mayAsk } = raw;
  if (against === "reference" && !hasReference) noReference(check, [...at, "against"]);
  if (error === prefix)
    check.report([...at, "error"], "conflict", "the errors would be the values", "write how their names begin");
  if (error === undefined)
    for (const key of ["significance", "most-error"] as const)
      if (raw[key] !== undefined)
        check.report(
          [...at, key],
          "conflict",
          "there are no errors",
          "add error: how their names begin, or leave it out",
        );
  if (most < act)
    check.report(
      [...at, "most"],
      "conflict",
      `no change may be more than ${most}, and none counts below ${act}`,
      `write more than ${act}`,
    );
  return { kind: "channels", name, prefix, error, against, act, significance, most, mostError, mayAsk };
}

function noReference(check: Checker, at: Path): void {
  check.report(
    at,
    "unknown-reference",
    "there is no reference to compare with",
    "add reference: { run: 1234 } under validate",
  );
}
