import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "../../../src/core/decision.ts";
import type { Consent, Deployment, Gate } from "../../../src/core/deployment/deployment.ts";
import { isOpen } from "../../../src/core/deployment/deployment.ts";
import { consent, fail, holdUp, request, succeed, supersede, takeBack } from "../../../src/core/deployment/life.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { AT, aDeployment } from "../../contracts/things.ts";
import { oneWorkflow } from "../config/reading.ts";
import { type Event, happen, movesToldIn, type Step } from "../life-story.ts";
import { planBetween } from "../plan/planning.ts";

const NOTHING = oneWorkflow('tasks: { fit: { run: ["true"] } }\n');
const PLAN: Plan = { ...planBetween(NOTHING, NOTHING), from: "c0ffee", to: "beef" };
const gate = (more: Partial<Gate> = {}): Gate => ({
  gate: "approval",
  detail: "1 approval by the role expert missing",
  owner: "expert",
  since: AT,
  ...more,
});

const person = fc.constantFrom("ann", "ben", "cem");
const word = fc.constantFrom("it drifts", "beef took its place", "mistakes");
const gates = fc.array(
  fc.record({
    gate: fc.constantFrom("approval" as const, "freeze" as const, "lock" as const),
    detail: word,
    owner: person,
    since: fc.constant(AT),
  }),
  { minLength: 1, maxLength: 2 },
);
const kinds = fc.array(fc.constantFrom<Consent["to"]>("request", "confirm", "approve", "through-freeze"), {
  maxLength: 4,
});
const plan = fc.constantFrom("c0ffee", "f00d").map((from) => ({ ...PLAN, from }));
const consents = fc.tuple(kinds, person).map(([to, by]) => ({
  name: "consent",
  decide: (deployment: Deployment, now: number) => consent(deployment, to, by, now),
}));
const events: fc.Arbitrary<Event<Deployment>> = fc.oneof(
  fc.tuple(plan, gates).map(([of, waiting]) => ({
    name: "holdUp",
    decide: (deployment: Deployment) => holdUp(deployment, { plan: of, waiting }),
  })),
  plan.map((of) => ({
    name: "succeed",
    decide: (deployment: Deployment, now: number) => succeed(deployment, { plan: of, tookMs: 3 }, now),
  })),
  word.map((why) => ({ name: "fail", decide: (deployment: Deployment, now: number) => fail(deployment, why, now) })),
  word.map((by) => ({
    name: "supersede",
    decide: (deployment: Deployment, now: number) => supersede(deployment, by, now),
  })),
  word.map((why) => ({ name: "takeBack", decide: (deployment: Deployment) => takeBack(deployment, why) })),
  consents,
);

/** Plays events on a deployment or a rollback; whatever was decided goes to `check`. */
function play(check: (step: Step<Deployment>) => void): void {
  const story = fc.array(fc.oneof({ weight: 3, arbitrary: consents }, { weight: 4, arbitrary: events }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.constantFrom("deploy", "rollback"), story, (kind, sequence) =>
      happen(aDeployment(1, { kind }), sequence, check),
    ),
    { numRuns: 400 },
  );
}

function accepted(decision: Decision<Deployment, string>): Deployment {
  if (!decision.ok) throw new Error(decision.reason);
  return decision.next;
}

describe("no sequence of events", () => {
  test("makes a move that the life story above the decisions does not tell", () => {
    const told = movesToldIn("deployment/life.ts");
    expect(told.size).toBeGreaterThan(8);
    const [untold, made] = [new Set<string>(), new Set<string>()];
    play(({ event, before, decision }) => {
      if (!decision.ok || decision.next.state === before.state) return;
      const move = `${before.state} -> ${decision.next.state}` as const;
      made.add(move);
      if (!told.has(move)) untold.add(`${event.name}: ${move}`);
    });
    expect([...untold].sort()).toEqual([]);
    expect([...told].filter((move) => !made.has(move))).toEqual([]);
  });

  test("changes what a deployment is, or forgets what somebody said to it", () => {
    play(({ before, decision }) => {
      if (!decision.ok) return;
      const { id, environment, commit, ref, from, kind, requestedBy, requestedAt, author, email, subject, version } =
        before;
      const same = {
        id,
        environment,
        commit,
        ref,
        from,
        kind,
        requestedBy,
        requestedAt,
        author,
        email,
        subject,
        version,
      };
      expect(decision.next).toMatchObject(same);
      expect(decision.next.consents.slice(0, before.consents.length)).toEqual(before.consents);
    });
  });

  test("leaves an open one with the moment of its end, or another without; the moment is that of its first end", () => {
    play(({ before, decision, now }) => {
      if (!decision.ok) return;
      expect(decision.next.endedAt).toBe(isOpen(decision.next) ? null : (before.endedAt ?? now));
    });
  });

  test("leaves gates but where it waits, and a time that it took but where it was carried out", () => {
    play(({ decision }) => {
      if (!decision.ok) return;
      const { state, waiting, tookMs, reason } = decision.next;
      expect(waiting.length > 0).toBe(state === "waiting");
      if (["requested", "waiting", "failed"].includes(state)) expect(tookMs).toBeNull();
      if (state === "deployed" || state === "rolled-back") expect(tookMs).toBe(3);
      expect(reason === null).toBe(state === "requested" || state === "deployed");
    });
  });

  test("makes what a person said count twice, or lets it change anything else", () => {
    play(({ event, before, decision }) => {
      if (event.name !== "consent" || !decision.ok) return;
      const { consents } = decision.next;
      expect(new Set(consents.map(({ to, by }) => `${to} ${by}`)).size).toBe(consents.length);
      expect(decision.next).toEqual({ ...before, consents });
    });
  });
});

describe("a decision", () => {
  test("that is accepted says in words of history what happened; one that is refused changes nothing", () => {
    play(({ decision }) => {
      if (decision.ok) expect(decision.happening.event).toMatch(/^[a-z ]+$/);
      else expect(Object.keys(decision).sort()).toEqual(["ok", "reason"]);
    });
  });
});

describe("a request", () => {
  const WANTED = {
    id: 7,
    environment: "production",
    commit: "beef",
    ref: "refs/tags/v2",
    from: "c0ffee",
    kind: "deploy",
    requestedBy: "ann",
    why: "new alignment",
    author: "Ben",
    email: "ben@x.org",
    subject: "finer binning",
  } as const;

  test("is open, with nothing known of it but what is wanted", () => {
    const wanted = request(WANTED, AT);
    expect(wanted).toEqual({
      ...WANTED,
      state: "requested",
      reason: null,
      waiting: [],
      consents: [],
      plan: null,
      requestedAt: AT,
      endedAt: null,
      tookMs: null,
      version: 0,
    });
    expect(isOpen(wanted)).toBe(true);
  });

  test("by a person has their consent from the beginning", () => {
    const said = [{ to: "request", by: "ann", at: AT }] as const;
    expect(request({ ...WANTED, consents: said }, AT).consents).toEqual(said);
  });
});

describe("a deployment that is held up", () => {
  const held = accepted(
    holdUp(aDeployment(1), { plan: PLAN, waiting: [gate(), gate({ gate: "lock", detail: "locked by ben" })] }),
  );

  test("says for what it waits, with its plan", () => {
    expect(held).toMatchObject({
      state: "waiting",
      plan: PLAN,
      reason: "1 approval by the role expert missing; locked by ben",
      endedAt: null,
    });
  });

  test("by the same gates once more is not changed", () => {
    const again = { plan: structuredClone(PLAN), waiting: held.waiting.map((one) => ({ ...one, since: AT + 9 })) };
    expect(holdUp(held, again)).toEqual({ ok: false, reason: "unchanged" });
  });

  test.each<[string, readonly Gate[]]>([
    ["one gate fewer", [gate()]],
    ["one more", [...held.waiting, gate({ gate: "freeze" })]],
    ["another in its place", [gate(), gate({ gate: "freeze", detail: "locked by ben" })]],
    ["other words", [gate({ detail: "2 approvals by the role expert missing" }), ...held.waiting.slice(1)]],
    ["another order", [...held.waiting].reverse()],
  ])("by %s is told anew", (_name, waiting) => {
    expect(holdUp(held, { plan: PLAN, waiting })).toMatchObject({ ok: true, next: { waiting } });
  });

  test("has the plan against what runs now, when that has become another commit", () => {
    const plan = { ...PLAN, from: "f00d" };
    expect(holdUp(held, { plan, waiting: held.waiting })).toMatchObject({ ok: true, next: { plan } });
  });

  test("and goes on leaves nothing of its waiting behind", () => {
    const done = succeed(held, { plan: PLAN, tookMs: 40 }, AT + 5);
    expect(done).toMatchObject({
      happening: { event: "deployed" },
      next: { state: "deployed", waiting: [], reason: null, endedAt: AT + 5, tookMs: 40 },
    });
    expect(fail(held, "mistakes", AT + 5)).toMatchObject({
      happening: { event: "refused", why: "mistakes" },
      next: { state: "failed", waiting: [], reason: "mistakes", plan: PLAN },
    });
    expect(supersede(held, "f00d came first", AT + 5)).toMatchObject({
      happening: { event: "superseded", why: "f00d came first" },
      next: { state: "superseded", waiting: [], reason: "f00d came first", tookMs: null },
    });
  });
});

test("a rollback is told in its own words", () => {
  const back = aDeployment(1, { kind: "rollback" });
  expect(succeed(back, { plan: PLAN, tookMs: 1 }, AT)).toMatchObject({ happening: { event: "rolled back" } });
  expect(fail(back, "mistakes", AT)).toMatchObject({ happening: { event: "rollback failed", why: "mistakes" } });
});

describe("a deployment that runs", () => {
  const runs = accepted(succeed(aDeployment(1), { plan: PLAN, tookMs: 40 }, AT + 5));

  test("keeps when it was carried out when another takes its place, or it is taken back", () => {
    expect(accepted(supersede(runs, "f00d took its place", AT + 9))).toMatchObject({ endedAt: AT + 5, tookMs: 40 });
    const back = takeBack(runs, "rolled back by ann: it drifts");
    expect(back).toMatchObject({
      happening: { event: "taken back", why: "rolled back by ann: it drifts" },
      next: { state: "rolled-back", reason: "rolled back by ann: it drifts", endedAt: AT + 5, tookMs: 40 },
    });
  });
});

describe("a deployment that has ended", () => {
  const ended = ["deployed", "failed", "superseded", "rolled-back"] as const;

  test.each(ended)("as %s is not carried out, held up, refused or consented to", (state) => {
    const over = aDeployment(1, { state });
    const refused = { ok: false, reason: "already-ended" };
    expect(isOpen(over)).toBe(false);
    expect(holdUp(over, { plan: PLAN, waiting: [gate()] })).toEqual(refused);
    expect(succeed(over, { plan: PLAN, tookMs: 1 }, AT)).toEqual(refused);
    expect(fail(over, "x", AT)).toEqual(refused);
    expect(consent(over, ["approve"], "ann", AT)).toEqual(refused);
  });

  test.each(["failed", "superseded", "rolled-back"] as const)("as %s has no place for another to take", (state) => {
    expect(supersede(aDeployment(1, { state }), "x", AT)).toEqual({ ok: false, reason: "not-open-and-not-deployed" });
  });

  test.each(["requested", "waiting", "failed", "superseded", "rolled-back"] as const)(
    "or never ran, being %s, is not taken back",
    (state) => {
      expect(takeBack(aDeployment(1, { state }), "x")).toEqual({ ok: false, reason: "not-deployed" });
    },
  );
});

describe("a person's consent", () => {
  test("has the deployment looked at again, and says to what", () => {
    expect(consent(aDeployment(7), ["request", "approve"], "ann", AT + 1)).toMatchObject({
      next: {
        consents: [
          { to: "request", by: "ann", at: AT + 1 },
          { to: "approve", by: "ann", at: AT + 1 },
        ],
      },
      happening: { event: "consented", detail: { to: ["request", "approve"] } },
      effects: [{ do: "wake", errand: { kind: "deploy", ref: "7" }, at: AT + 1 }],
    });
  });

  test("said again is said once: the first moment stays", () => {
    fc.assert(
      fc.property(kinds, kinds, person, (first, second, by) => {
        const once = consent(aDeployment(1), first, by, AT);
        const before = once.ok ? once.next : aDeployment(1);
        expect(consent(before, first, by, AT + 1)).toEqual({ ok: false, reason: "unchanged" });
        const both = consent(before, second, by, AT + 1);
        const said = (both.ok ? both.next : before).consents;
        expect(said.map(({ to }) => to)).toEqual([...new Set([...first, ...second])]);
        expect(said.map(({ at }) => at)).toEqual(said.map(({ to }) => (first.includes(to) ? AT : AT + 1)));
      }),
    );
  });

  test("is one person's: what another said before is not theirs", () => {
    const anns = accepted(consent(aDeployment(1), ["approve"], "ann", AT));
    expect(accepted(consent(anns, ["approve"], "ben", AT + 1)).consents.map(({ by }) => by)).toEqual(["ann", "ben"]);
  });
});
