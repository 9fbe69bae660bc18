import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Consent, Deployment, Gate } from "../../../src/core/deployment/deployment.ts";
import { type GateFacts, type Gates, gatesOf } from "../../../src/core/deployment/gates.ts";
import { consent, holdUp, succeed } from "../../../src/core/deployment/life.ts";
import type { Environment } from "../../../src/core/environment/environment.ts";
import { DEFAULT_RULES, type EnvironmentRules, type ProductionRules } from "../../../src/core/environment/rules.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { AT, aDeployment, anEnvironment } from "../../contracts/things.ts";

const HOUR = 3_600_000;
const COMMIT = "beef0000beef0000beef0000beef0000beef0000";
const HOW = "deploy production beef0000";
const rulesOf = (more: Partial<ProductionRules>): EnvironmentRules => ({
  ...DEFAULT_RULES,
  production: { ...DEFAULT_RULES.production, ...more },
});
const approvals = (count: number) => ({ ...DEFAULT_RULES.production.requires, approval: { role: "expert", count } });
const said = (to: Consent["to"], by: string): Consent => ({ to, by, at: AT });
const BY = { by: "ben", why: "alignment", since: AT - HOUR };
const WINDOW = { from: AT - HOUR, until: AT + 2 * HOUR, reason: "beam time" };

const OPEN: GateFacts = {
  deployment: aDeployment(1, { commit: COMMIT }),
  environment: anEnvironment("production"),
  rules: DEFAULT_RULES,
  confirmations: [],
};
/** Everything that can be in the way, all at once. */
const CLOSED: GateFacts = {
  deployment: aDeployment(1, { commit: COMMIT }),
  environment: anEnvironment("production", { lock: BY, freeze: { ...BY, until: AT + HOUR } }),
  rules: rulesOf({ deploy: "on-request", requires: approvals(2), freezes: [WINDOW] }),
  confirmations: ["it removes 4 of 9 workflows", "the tag v1 was moved"],
};
const deploymentOf = (more: Partial<Deployment>, facts = CLOSED): GateFacts => ({
  ...facts,
  deployment: { ...facts.deployment, ...more },
});
const kinds = ({ waiting }: Gates) => waiting.map(({ gate }) => gate);
const words = (facts: GateFacts, now = AT) =>
  gatesOf(facts, now).waiting.map(({ gate, owner, detail }) => `${gate} (${owner}): ${detail}`);

describe("a deployment of production", () => {
  test("with nothing in its way waits for nothing", () => {
    expect(gatesOf(OPEN, AT)).toEqual({ waiting: [], opensAt: undefined });
  });

  test.each<[string, Partial<GateFacts>, string]>([
    [
      "that somebody has to ask for",
      { rules: rulesOf({ deploy: "on-request" }) },
      `request (anyone who may deploy): it is deployed when somebody asks for it: ${HOW}`,
    ],
    [
      "that somebody has to look at",
      { confirmations: CLOSED.confirmations },
      `confirm (anyone who may deploy): it removes 4 of 9 workflows; the tag v1 was moved. If that is meant: ${HOW}`,
    ],
    [
      "that has no approval",
      { rules: rulesOf({ requires: approvals(2) }) },
      `approval (expert): 2 approvals by the role expert missing: ${HOW}`,
    ],
    [
      "that has one of two approvals",
      { ...deploymentOf({ consents: [said("approve", "ann")] }, OPEN), rules: rulesOf({ requires: approvals(2) }) },
      `approval (expert): 1 approval by the role expert missing: ${HOW}`,
    ],
    [
      "in a freeze window",
      { rules: rulesOf({ freezes: [WINDOW] }) },
      "freeze (environments.yaml): frozen until 2026-11-24T02:00:00.000Z by environments.yaml: beam time",
    ],
    [
      "while somebody froze it",
      { environment: anEnvironment("production", { freeze: { ...BY, until: AT + HOUR } }) },
      "freeze (ben): frozen until 2026-11-24T01:00:00.000Z by ben: alignment",
    ],
    [
      "while somebody else has the lock",
      { environment: anEnvironment("production", { lock: BY }) },
      "lock (ben): locked by ben: alignment. It is free with: unlock production",
    ],
  ])("%s waits, and it is said for what, whose it is and what to do", (_name, more, expected) => {
    expect(words({ ...OPEN, ...more })).toEqual([expected]);
  });

  test("waits for everything at once, in the order in which people are told", () => {
    expect(kinds(gatesOf(CLOSED, AT))).toEqual(["request", "confirm", "approval", "freeze", "freeze", "lock"]);
  });

  test.each<[Consent["to"], Gate["gate"]]>([
    ["request", "request"],
    ["confirm", "confirm"],
    ["through-freeze", "freeze"],
  ])("that has somebody's %s goes through that gate and no other", (to, gate) => {
    const before = kinds(gatesOf(CLOSED, AT));
    const after = kinds(gatesOf(deploymentOf({ consents: [said(to, "ann")] }), AT));
    expect(after).toEqual(before.filter((kind) => kind !== gate));
  });

  test("that as many approved as are asked for goes through that gate, and no other", () => {
    const facts = deploymentOf({ consents: [said("approve", "ann"), said("approve", "cem")] });
    expect(kinds(gatesOf(facts, AT))).toEqual(["request", "confirm", "freeze", "freeze", "lock"]);
  });

  test("needs approvals by as many people: a request, a confirmation or the same person again is none", () => {
    const facts = deploymentOf({
      consents: [said("approve", "ann"), said("approve", "ann"), said("request", "cem"), said("confirm", "dee")],
    });
    expect(words(facts)).toContain(`approval (expert): 1 approval by the role expert missing: ${HOW}`);
  });

  test.each<[string, Partial<Deployment>]>([
    ["asked for it", { requestedBy: "ben" }],
    ["agreed to it", { consents: [said("approve", "ben")] }],
  ])("goes through the lock of whoever %s", (_name, more) => {
    expect(kinds(gatesOf(deploymentOf(more), AT))).not.toContain("lock");
    expect(kinds(gatesOf(deploymentOf({ requestedBy: "cem", consents: [said("approve", "dee")] }), AT))).toContain(
      "lock",
    );
  });

  test("is not kept by those who only wait for the lock, nor by a freeze or a window that is over", () => {
    const environment = anEnvironment("production", { queue: [BY], freeze: { ...BY, until: AT } });
    const rules = rulesOf({ freezes: [{ ...WINDOW, until: AT }] });
    expect(gatesOf({ ...OPEN, environment, rules }, AT)).toEqual({ waiting: [], opensAt: undefined });
  });
});

describe("a rollback", () => {
  test("goes through everything but somebody's lock", () => {
    expect(words(deploymentOf({ kind: "rollback" }))).toEqual([
      "lock (ben): locked by ben: alignment. It is free with: unlock production",
    ]);
    expect(gatesOf(deploymentOf({ kind: "rollback" }), AT).opensAt).toBeUndefined();
    expect(gatesOf(deploymentOf({ kind: "rollback", requestedBy: "ben" }), AT).waiting).toEqual([]);
  });
});

describe("a mirror", () => {
  const mirror = { ...CLOSED, environment: { ...CLOSED.environment, name: "mirror/fit" } };

  test("asks nobody and has no windows: only what a person put in its way is in its way", () => {
    expect(words(mirror)).toEqual([
      "freeze (ben): frozen until 2026-11-24T01:00:00.000Z by ben: alignment",
      "lock (ben): locked by ben: alignment. It is free with: unlock mirror/fit",
    ]);
    expect(gatesOf(mirror, AT).opensAt).toBe(AT + HOUR);
    expect(gatesOf({ ...mirror, environment: anEnvironment("mirror/fit") }, AT)).toEqual({
      waiting: [],
      opensAt: undefined,
    });
  });
});

describe("since when a gate is closed", () => {
  const sinceOf = (facts: GateFacts, now: number) => gatesOf(facts, now).waiting.map(({ since }) => since - AT);
  const waiting = (facts: GateFacts, now: number) =>
    deploymentOf({ state: "waiting", waiting: gatesOf(facts, now).waiting }, facts);

  test("is when it was first found so, for as long as it stays closed", () => {
    expect(sinceOf(CLOSED, AT)).toEqual([0, 0, 0, 0, 0, 0]);
    const once = waiting(CLOSED, AT);
    expect(sinceOf(once, AT + 1)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(sinceOf(waiting(once, AT + 1), AT + 2)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("is told of each gate, also of one that closed later", () => {
    const once = waiting({ ...CLOSED, environment: anEnvironment("production") }, AT);
    expect(
      gatesOf({ ...once, environment: CLOSED.environment }, AT + 9).waiting.map(({ gate, since }) => [
        gate,
        since - AT,
      ]),
    ).toEqual([
      ["request", 0],
      ["confirm", 0],
      ["approval", 0],
      ["freeze", 0],
      ["freeze", 9],
      ["lock", 9],
    ]);
  });

  test("stays when one of two has approved: it is the same gate, of which less is missing", () => {
    const facts = { ...OPEN, rules: rulesOf({ requires: approvals(2) }) };
    const once = waiting(facts, AT);
    expect(
      sinceOf({ ...once, deployment: { ...once.deployment, consents: [said("approve", "ann")] } }, AT + 9),
    ).toEqual([0]);
  });

  test("begins anew with another person's lock", () => {
    const facts = { ...OPEN, environment: anEnvironment("production", { lock: BY }) };
    const once = waiting(facts, AT);
    expect(
      sinceOf({ ...once, environment: anEnvironment("production", { lock: { ...BY, by: "cem" } }) }, AT + 9),
    ).toEqual([9]);
  });
});

describe("when a gate opens by itself", () => {
  const freeze = { ...BY, until: AT + HOUR };
  const until = (environment: Environment, freezes: ProductionRules["freezes"]) =>
    gatesOf({ ...OPEN, environment, rules: rulesOf({ freezes }) }, AT).opensAt;

  test("is the end of the freeze, of the window, or of the later of both", () => {
    const cold = anEnvironment("production", { freeze });
    expect(until(cold, [])).toBe(AT + HOUR);
    expect(until(anEnvironment("production"), [WINDOW])).toBe(AT + 2 * HOUR);
    expect(until(cold, [WINDOW])).toBe(AT + 2 * HOUR);
    expect(until(anEnvironment("production", { freeze: { ...freeze, until: AT + 3 * HOUR } }), [WINDOW])).toBe(
      AT + 3 * HOUR,
    );
  });

  test("is never where people have to open it, or where somebody said to go through", () => {
    expect(
      gatesOf({ ...CLOSED, environment: anEnvironment("production", { lock: BY }), rules: rulesOf({}) }, AT).opensAt,
    ).toBeUndefined();
    expect(gatesOf(deploymentOf({ consents: [said("through-freeze", "ann")] }), AT).opensAt).toBeUndefined();
  });

  test("is a moment at which no freeze keeps it any more", () => {
    fc.assert(
      fc.property(stories, ({ facts }) => {
        const { opensAt } = gatesOf(facts, AT);
        if (opensAt === undefined) return;
        expect(opensAt).toBeGreaterThan(AT);
        expect(kinds(gatesOf(facts, opensAt))).not.toContain("freeze");
        expect(kinds(gatesOf(facts, opensAt - 1))).toContain("freeze");
      }),
    );
  });
});

const people = fc.constantFrom("ann", "ben", "cem");
const soon = fc.integer({ min: -2, max: 4 }).map((hours) => AT + hours * HOUR);
const stories = fc.record({
  facts: fc.record({
    deployment: fc
      .record({
        kind: fc.constantFrom("deploy" as const, "rollback" as const),
        requestedBy: fc.constantFrom("calops", "ann", "ben"),
      })
      .map((more) => aDeployment(1, { commit: COMMIT, ...more })),
    environment: fc
      .record({
        name: fc.constantFrom("production", "mirror/fit"),
        lock: fc.option(people.map((by) => ({ ...BY, by }))),
        freeze: fc.option(soon.map((until) => ({ ...BY, until }))),
      })
      .map(({ name, ...more }) => anEnvironment(name, more)),
    rules: fc
      .record({
        deploy: fc.constantFrom("automatic" as const, "on-request" as const),
        requires: fc.constantFrom(DEFAULT_RULES.production.requires, approvals(1), approvals(2)),
        freezes: fc.array(
          fc.tuple(soon, soon).map(([from, until]) => ({ from, until, reason: "beam time" })),
          { maxLength: 2 },
        ),
      })
      .map(rulesOf),
    confirmations: fc.constantFrom([], ["it removes 4 of 9 workflows"]),
  }),
  /** What happens between one look at it and the next. */
  steps: fc.array(
    fc.oneof(
      fc.record({
        by: people,
        to: fc.subarray<Consent["to"]>(["request", "confirm", "approve", "through-freeze"], { minLength: 1 }),
      }),
      fc.record({ hours: fc.integer({ min: 1, max: 3 }) }),
    ),
    { maxLength: 8 },
  ),
});

/** The rules once more, in the words of whoever wrote them. */
function mayGo({ deployment, environment, rules: { production }, confirmations }: GateFacts, now: number): boolean {
  const by = (to: Consent["to"]) => new Set(deployment.consents.filter((one) => one.to === to).map((one) => one.by));
  const { lock, freeze } = environment;
  const agreed = [deployment.requestedBy, ...deployment.consents.map((one) => one.by)];
  if (lock && !agreed.includes(lock.by)) return false;
  if (deployment.kind === "rollback") return true;
  if (freeze && now < freeze.until && by("through-freeze").size === 0) return false;
  if (environment.name !== "production") return true;
  const window = production.freezes.some((one) => "from" in one && one.from <= now && now < one.until);
  if (window && by("through-freeze").size === 0) return false;
  if (production.deploy === "on-request" && by("request").size === 0) return false;
  if (confirmations.length > 0 && by("confirm").size === 0) return false;
  return by("approve").size >= (production.requires.approval?.count ?? 0);
}

test("no open deployment is carried out while a gate is closed, and none waits while all are open", () => {
  const plan = { from: null, to: COMMIT } as Plan;
  fc.assert(
    fc.property(stories, ({ facts, steps }) => {
      let [{ deployment }, now] = [facts, AT];
      const look = () => {
        const gates = gatesOf({ ...facts, deployment }, now);
        const decision =
          gates.waiting.length > 0
            ? holdUp(deployment, { plan, waiting: gates.waiting })
            : succeed(deployment, { plan, tookMs: 1 }, now);
        expect(gates.waiting.length === 0).toBe(mayGo({ ...facts, deployment }, now));
        if (decision.ok) deployment = decision.next;
      };
      look();
      for (const step of steps) {
        if (deployment.state === "deployed") return;
        if ("hours" in step) now += step.hours * HOUR;
        else {
          const decision = consent(deployment, step.to, step.by, now);
          if (decision.ok) deployment = decision.next;
        }
        look();
      }
    }),
    { numRuns: 1_000 },
  );
});
