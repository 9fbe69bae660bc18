import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  approve,
  ask,
  lapse,
  reject,
  revoke,
  showAnew,
  signByRule,
  tellAgain,
} from "../../../src/core/signoff/life.ts";
import { approvalsOf, currentStep, maySign, type Voter } from "../../../src/core/signoff/may-sign.ts";
import type { Signoff } from "../../../src/core/signoff/signoff.ts";
import { AT, aSignoff } from "../../contracts/things.ts";
import { type Event, frozen, happen, movesToldIn, type Step } from "../life-story.ts";

const STEPS = [
  { role: "timing", approvals: 2, deputies: ["mia"] },
  { role: "manager", approvals: 1, deputies: [] },
];
const ann: Voter = { id: "ann", roles: ["timing"], owner: false };
const ben: Voter = { id: "ben", roles: ["timing", "manager"], owner: false };
const joe: Voter = { id: "joe", roles: ["manager"], owner: false };
const mia: Voter = { id: "mia", roles: [], owner: false };
const zoe: Voter = { id: "zoe", roles: ["shifter"], owner: false };
const made: Voter = { id: "made", roles: ["timing", "manager"], owner: false };
const VOTERS = [ann, ben, joe, mia, zoe, made];

const signoff = aSignoff(1, { steps: STEPS, authors: ["made"], shown: "a" });

/** Asked, and signed by these, one after the other; whoever is refused does not count. */
function signedBy(...voters: readonly Voter[]): Signoff {
  return voters.reduce((before, voter) => {
    const decision = approve(before, { voter, shown: "a", why: null }, AT);
    return decision.ok ? decision.next : before;
  }, signoff);
}

const refusal = (before: Signoff, voter: Voter, shown = "a") => {
  const decision = approve(before, { voter, shown, why: null }, AT);
  return decision.ok ? undefined : decision.reason;
};

describe("a sign-off", () => {
  test("is approved once everybody whose yes is needed has given it, in the declared order", () => {
    expect(signedBy(ann).state).toBe("asked");
    expect(signedBy(ann, mia).state).toBe("asked");
    expect(currentStep(signedBy(ann, mia))).toBe(1);
    expect(signedBy(ann, mia, joe)).toMatchObject({ state: "approved", endedAt: AT });
  });

  test.each([
    ["not-theirs", "somebody without the role", signedBy(), zoe],
    ["not-theirs", "the manager before the expert", signedBy(), joe],
    ["own-work", "whoever made it", signedBy(), made],
    ["signed-already", "the same person twice", signedBy(ann), ann],
    ["signed-other-step", "an expert as a manager, too", signedBy(ann, ben), ben],
    ["not-asked", "anybody once it is signed", signedBy(ann, mia, joe), joe],
  ] as const)("refuses as %s: %s", (reason, _who, before, voter) => {
    expect(refusal(before, voter)).toBe(reason);
  });

  test("is not signed by whoever looked at something else", () => {
    expect(refusal(signoff, ann, "b")).toBe("moved");
  });

  test("that says so lets one person sign in two steps", () => {
    expect(refusal({ ...signedBy(ann, ben), samePerson: true }, ben)).toBeUndefined();
  });

  test("is rejected by whoever could sign it in any step, and by nobody else", () => {
    const no = (voter: Voter) => reject(signoff, { voter, shown: "a", why: "outliers" }, AT);
    expect(no(joe)).toMatchObject({ ok: true, next: { state: "rejected", reason: "outliers", endedAt: AT } });
    expect(no(zoe)).toMatchObject({ ok: false, reason: "not-theirs" });
    expect(reject(signoff, { voter: joe, shown: "b", why: "outliers" }, AT)).toMatchObject({ reason: "moved" });
  });

  test("asks everybody anew once there is something else to look at", () => {
    const anew = showAnew(signedBy(ann), "b", "run 1: a value changed");
    expect(anew).toMatchObject({ ok: true, next: { state: "asked", shown: "b", votes: [] } });
    expect(showAnew(signedBy(ann), "a", "nothing")).toMatchObject({ ok: false, reason: "unchanged" });
  });

  test("within its limits is signed by the rule in every step, with the numbers", () => {
    const { environment, campaign, workflow, task, groupKey, taskId, attempt, commit } = signoff;
    const of = { environment, campaign, workflow, task, groupKey, taskId, attempt, commit };
    const more = { id: 1, verdict: null, shown: "a", steps: STEPS, samePerson: false, authors: [], dueAt: null };
    const signed = signByRule({ ...of, ...more }, "metrics.max < 2 holds (max 1.4)", AT);
    expect(signed).toMatchObject({ ok: true, next: { state: "approved", reason: "metrics.max < 2 holds (max 1.4)" } });
    expect(signed.ok && signed.next.votes.map(({ by, step }) => [by, step])).toEqual([
      ["calops", 0],
      ["calops", 1],
    ]);
    expect(ask({ ...of, ...more }, "why", AT)).toMatchObject({ ok: true, next: { state: "asked", votes: [] } });
  });

  test("asks whoever runs the bot for no role, but that it is not their own work", () => {
    const owner: Voter = { id: "root", roles: [], owner: true };
    expect(maySign(signoff, owner)).toEqual({ ok: true, step: 0 });
    expect(maySign({ ...signoff, authors: ["root"] }, owner)).toMatchObject({ reason: "own-work" });
  });
});

const who = fc.constantFrom(...VOTERS);
const shown = fc.constantFrom("a", "a", "a", "b");
const events: fc.Arbitrary<Event<Signoff>> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(who, shown).map(([voter, seen]) => ({
      name: `approve ${voter.id}`,
      decide: (before: Signoff, now: number) => approve(before, { voter, shown: seen, why: null }, now),
    })),
  },
  fc.tuple(who, shown).map(([voter, seen]) => ({
    name: "reject",
    decide: (before: Signoff, now: number) => reject(before, { voter, shown: seen, why: "no" }, now),
  })),
  fc.constant({ name: "lapse", decide: (before: Signoff, now: number) => lapse(before, "made anew", now) }),
  fc.constantFrom("remind" as const, "escalate" as const, "late" as const).map((how) => ({
    name: how,
    decide: (before: Signoff, now: number) => tellAgain(before, how, now),
  })),
  shown.map((seen) => ({ name: "show", decide: (before: Signoff) => showAnew(before, seen, "changed") })),
  who.map((voter) => ({ name: "revoke", decide: (before: Signoff, now: number) => revoke(before, voter, "bad", now) })),
);

function play(check: (step: Step<Signoff>) => void): void {
  const first = fc.boolean().map((samePerson) => frozen({ ...signoff, samePerson }));
  fc.assert(
    fc.property(first, fc.array(events, { maxLength: 30, size: "max" }), (before, sequence) => {
      happen(before, sequence, check);
    }),
    { numRuns: 1_000 },
  );
}

describe("no sequence of votes", () => {
  test("makes a move that the life story does not tell", () => {
    const told = movesToldIn("signoff/life.ts");
    const untold = new Set<string>();
    play(({ event, before, decision }) => {
      if (!decision.ok) return;
      const move = `${before.state} -> ${decision.next.state}` as const;
      if (!told.has(move)) untold.add(`${event.name}: ${move}`);
    });
    expect([...untold].sort()).toEqual([]);
  });

  test("approves without the declared steps, in their order, by as many different people who may", () => {
    let approved = 0;
    play(({ before, decision }) => {
      if (!decision.ok || decision.next.state !== "approved" || before.state === "approved") return;
      approved++;
      const { votes, samePerson } = decision.next;
      expect(votes.map(({ step }) => step)).toEqual([0, 0, 1]);
      for (const [index, step] of STEPS.entries()) {
        const people = new Set(approvalsOf(votes, index).map(({ by }) => by));
        expect(people.size).toBe(step.approvals);
        for (const id of people) {
          const person = VOTERS.find((voter) => voter.id === id);
          expect([step.role, ...step.deputies].some((name) => name === id || person?.roles.includes(name))).toBe(true);
          expect(signoff.authors).not.toContain(id);
        }
      }
      if (!samePerson) expect(new Set(votes.map(({ by }) => by)).size).toBe(3);
    });
    expect(approved).toBeGreaterThan(20);
  });

  test("changes what was rejected, has lapsed or was revoked", () => {
    play(({ before, decision }) => {
      if (["rejected", "lapsed", "revoked"].includes(before.state)) expect(decision.ok).toBe(false);
    });
  });

  test("counts a word that was given to something else than is shown", () => {
    play(({ event, before, decision }) => {
      if (decision.ok && before.state === "asked" && event.name !== "show")
        expect(decision.next.shown).toBe(before.shown);
    });
  });
});
