/** How it changed what a task's result must be like: what more results pass is looser. */
import type { ChannelThreshold, ConditionThreshold, Validation } from "../validation/thresholds.ts";
import { conditionChanges } from "./condition.ts";
import { asked, given, type JudgedChange, judge, least, ranked } from "./judged.ts";
import { type Settings, settings } from "./settings.ts";

export function validateChanges(
  of: string,
  before: Validation | undefined,
  after: Validation | undefined,
): JudgedChange[] {
  const named = (validation: Validation | undefined) => validation?.thresholds.map(({ name }) => name) ?? [];
  return [
    ...asked({ of, what: "validate" }, named(before), named(after)),
    ...(before && after ? ranked({ of, what: "validate.first" }, before.first, after.first, "accept") : []),
    ...(before?.thresholds ?? []).flatMap((old) => {
      const now = after?.thresholds.find(({ name }) => name === old.name);
      if (!now) return [];
      const what = `validate.${old.name}`;
      if (old.kind === "condition" && now.kind === "condition") return conditionsChanged(of, what, old, now);
      if (old.kind === "channels" && now.kind === "channels") return channelsChanged(of, what, old, now);
      return [judge({ of, what }, { from: old.kind, to: now.kind }, { allOfBefore: false, allOfAfter: false })];
    }),
  ];
}

function conditionsChanged(of: string, what: string, old: ConditionThreshold, now: ConditionThreshold): JudgedChange[] {
  const accepts = { of, what: `${what}.accept` };
  const [before, after] = [old.accept?.text, now.accept?.text];
  return [
    // Without it nothing is accepted, and everything is asked.
    ...(before !== undefined && after !== undefined
      ? conditionChanges(accepts, [before], [after])
      : before === after
        ? []
        : [
            {
              ...accepts,
              from: before ?? null,
              to: after ?? null,
              direction: before === undefined ? ("looser" as const) : ("stricter" as const),
            },
          ]),
    ...vetoChanged({ of, what: `${what}.veto` }, old.veto?.text, now.veto?.text),
  ];
}

/** What a veto holds for is kept back: one that holds for more is stricter. */
function vetoChanged(judged: { of: string; what: string }, before?: string, after?: string): JudgedChange[] {
  if (before === undefined || after === undefined) return asked(judged, given(before, String), given(after, String));
  return conditionChanges(judged, [before], [after]).map((change) => ({
    ...change,
    direction: REVERSED[change.direction],
  }));
}

const REVERSED = { looser: "stricter", stricter: "looser", same: "same", changed: "changed" } as const;

function channelsChanged(of: string, what: string, old: ChannelThreshold, now: ChannelThreshold): JudgedChange[] {
  const key = (name: string) => ({ of, what: `${what}.${name}` });
  const turned = (name: string, from: string, to: string): JudgedChange[] =>
    from === to ? [] : [{ ...key(name), from, to, direction: "changed" }];
  return [
    ...turned("prefix", old.prefix, now.prefix),
    ...turned("error", old.error ?? "none", now.error ?? "none"),
    ...turned("against", old.against, now.against),
    ...more(key("act"), old.act, now.act),
    ...more(key("significance"), old.significance ?? 0, now.significance ?? 0),
    ...more(key("most"), old.most, now.most),
    ...more(key("most-error"), old.mostError ?? Number.POSITIVE_INFINITY, now.mostError ?? Number.POSITIVE_INFINITY),
    ...more(key("may-ask"), old.mayAsk, now.mayAsk),
  ];
}

/** A limit that lets more pass where it is higher. */
function more(judged: { of: string; what: string }, before: number, after: number): JudgedChange[] {
  return least(judged, -before, -after, (value) => (value === Number.NEGATIVE_INFINITY ? "none" : String(-value)));
}

export function validateSettings(validation: Validation | undefined): Settings {
  if (!validation) return [];
  const { referenceRun, window } = validation;
  return settings([
    ["validate.reference", referenceRun === undefined ? undefined : `run ${referenceRun}`],
    ["validate.window", window],
  ]);
}
