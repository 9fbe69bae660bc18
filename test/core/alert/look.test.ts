import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Alert, acknowledge, escalate, lapse, quieten, tell } from "../../../src/core/alert/alert.ts";
import { lookAt } from "../../../src/core/alert/look.ts";
import type { Route } from "../../../src/core/alert/rules.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { AT, anAlert } from "../../contracts/things.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ROUTE: Route = {
  workflows: undefined,
  severities: undefined,
  environment: "production",
  channel: undefined,
  repeatMs: 4 * HOUR,
  escalate: [
    { afterMs: 15 * MINUTE, to: { oncall: "shift" } },
    { afterMs: HOUR, to: { person: "mira" } },
  ],
};
const TOLD = anAlert(1, { toldAt: AT });

describe("an alert that is looked at", () => {
  test.each<[string, Alert, number, number | undefined, unknown]>([
    ["is told first", anAlert(1), 0, undefined, { due: { do: "tell" } }],
    ["waits for its first step", TOLD, 0, undefined, { next: AT + 15 * MINUTE }],
    [
      "is brought to who is on duty",
      TOLD,
      15 * MINUTE,
      undefined,
      { due: { do: "escalate", step: ROUTE.escalate[0] } },
    ],
    ["waits for the next step", { ...TOLD, steps: 1 }, 20 * MINUTE, undefined, { next: AT + HOUR }],
    ["waits for its repetition", { ...TOLD, steps: 2 }, 2 * HOUR, undefined, { next: AT + 4 * HOUR }],
    ["is told again", { ...TOLD, steps: 2 }, 4 * HOUR, undefined, { due: { do: "remind" } }],
    ["is quiet while silenced, and looked at when that ends", TOLD, HOUR, AT + 2 * HOUR, { next: AT + 2 * HOUR }],
    ["is not even told while silenced", anAlert(1), 0, AT + 1, { next: AT + 1 }],
    [
      "is left to its owner",
      anAlert(1, { state: "acknowledged", acknowledged: { by: "jun", at: AT, until: AT + HOUR, why: null } }),
      30 * MINUTE,
      undefined,
      { next: AT + HOUR },
    ],
    [
      "is nobody's when the time is up",
      anAlert(1, { state: "acknowledged", acknowledged: { by: "jun", at: AT, until: AT + HOUR, why: null } }),
      HOUR,
      undefined,
      { due: { do: "lapse" } },
    ],
    [
      "is over",
      anAlert(1, { state: "resolved", tasks: [], open: 0 }),
      HOUR,
      undefined,
      { due: undefined, next: undefined },
    ],
  ])("%s", (_, alert, later, silenced, expected) => {
    expect(lookAt(alert, ROUTE, silenced, AT + later)).toMatchObject(expected as object);
  });

  test("without a route is told once", () => {
    expect(lookAt(TOLD, { ...ROUTE, repeatMs: undefined, escalate: [] }, undefined, AT + 1_000 * HOUR)).toEqual({
      due: undefined,
      next: undefined,
    });
  });
});

/** Time passes, people take it, leave it to its time, and silence it; it is looked at when it asked to be. */
type Happening = { readonly after: number; readonly what: "nothing" | "ack" | "silence" };
type Said = { readonly what: string; readonly at: number; readonly round: number };

function live(happenings: readonly Happening[]): { readonly said: Said[]; readonly quiet: [number, number][] } {
  let alert: Alert = anAlert(1);
  let now = AT;
  let silenced: number | undefined;
  const said: Said[] = [];
  const quiet: [number, number][] = [];
  const accept = (decision: Decision<Alert, string>) => {
    if (decision.ok) alert = decision.next;
  };
  const look = () => {
    const until = silenced !== undefined && silenced > now ? silenced : undefined;
    accept(quieten(alert, until !== undefined, now));
    for (;;) {
      const { due, next } = lookAt(alert, ROUTE, until, now);
      if (!due) return next;
      said.push({ what: due.do, at: now, round: alert.round });
      if (due.do === "lapse") accept(lapse(alert, now));
      else if (due.do === "escalate") accept(escalate(alert, "x"));
      else accept(tell(alert, now));
    }
  };
  let next = look();
  for (const { after, what } of happenings) {
    const until = now + after;
    while (next !== undefined && next <= until) {
      now = next;
      next = look();
    }
    now = until;
    if (what === "ack") accept(acknowledge(alert, { by: "jun", until: now + 2 * HOUR, why: null }, now));
    if (what === "silence") {
      silenced = Math.max(silenced ?? 0, now + 3 * HOUR);
      quiet.push([now, silenced]);
    }
    next = look();
  }
  return { said, quiet };
}

const happenings = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 10 * HOUR }),
    what: fc.constantFrom("nothing" as const, "ack" as const, "silence" as const),
  }),
  { minLength: 1, maxLength: 12 },
);

describe("whatever happens to an alert", () => {
  test("it is told at least once, and first of all, unless it is silenced all the time", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { said } = live(all);
        const first = said.find(({ what }) => what !== "lapse");
        expect(first).toMatchObject({ what: "tell", at: AT });
      }),
    );
  });

  test("it is not told again within the interval, but for a silence or an owner that is gone", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const told = live(all).said.filter(({ what }) => what === "tell" || what === "remind");
        for (const [index, one] of told.entries()) {
          const before = told[index - 1];
          if (before && before.round === one.round) expect(one.at - before.at).toBeGreaterThanOrEqual(4 * HOUR);
        }
      }),
    );
  });

  test("each step is taken once in a round, in its order", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const rounds = Map.groupBy(
          live(all).said.filter(({ what }) => what === "escalate"),
          ({ round }) => round,
        );
        for (const steps of rounds.values()) expect(steps.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  test("nothing is told while it is silenced", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { said, quiet } = live(all);
        for (const { what, at } of said)
          if (what !== "lapse") expect(quiet.filter(([from, until]) => from < at && at < until)).toEqual([]);
      }),
    );
  });
});
