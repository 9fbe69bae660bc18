import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "../../../src/core/decision.ts";
import type { Environment } from "../../../src/core/environment/environment.ts";
import {
  archive,
  freeze,
  isFrozen,
  lock,
  lose,
  quarantine,
  settleOn,
  sight,
  thaw,
  unlock,
} from "../../../src/core/environment/life.ts";
import { AT, anEnvironment } from "../../contracts/things.ts";
import { frozen } from "../life-story.ts";

type Event = {
  readonly name: string;
  readonly of?: string;
  readonly seen?: Parameters<typeof sight>[1];
  readonly decide: (environment: Environment, now: number) => Decision<Environment, string> | Environment;
};

const commit = fc.constantFrom("c0ffee", "beef", "f00d");
const person = fc.constantFrom("ann", "ben", "cem", "dee");
const word = fc.constantFrom("beam time", "the fit diverges", "look");
const seen = fc.record({
  target: fc.option(fc.record({ ref: fc.constantFrom("refs/heads/fit", "refs/tags/v1"), commit })),
  trouble: fc.option(word),
});
const events: fc.Arbitrary<Event> = fc.oneof(
  seen.map((what) => ({ name: "sight", seen: what, decide: (environment: Environment) => sight(environment, what) })),
  word.map((why) => ({ name: "lose", decide: (environment: Environment, now: number) => lose(environment, why, now) })),
  fc.constant({ name: "archive", decide: archive }),
  commit.map((of) => ({
    name: "settleOn",
    of,
    decide: (environment: Environment, now: number) => settleOn(environment, { commit: of, ref: null }, now),
  })),
  commit.map((of) => ({
    name: "quarantine",
    of,
    decide: (environment: Environment, now: number) => quarantine(environment, of, "ann", "it drifts", now),
  })),
  fc.tuple(fc.integer({ min: -1, max: 3 }), person).map(([length, by]) => ({
    name: "freeze",
    decide: (environment: Environment, now: number) => freeze(environment, now + length, by, "beam time", now),
  })),
  fc.constant({ name: "thaw", decide: thaw }),
  person.map((of) => ({
    name: "lock",
    of,
    decide: (environment: Environment, now: number) => lock(environment, of, "mine", now),
  })),
  person.map((of) => ({
    name: "unlock",
    of,
    decide: (environment: Environment, now: number) => unlock(environment, of, now),
  })),
);

type Step = {
  readonly event: Event;
  readonly before: Environment;
  readonly after: Environment;
  readonly now: number;
  readonly refused: string | undefined;
};

/** Plays events on a mirror; what became of each goes to `check`, with whatever a check keeps from one step to the next. */
function play<Kept = undefined>(check: (step: Step, kept: Kept) => Kept, start?: Kept): void {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 40, size: "max" }), (sequence) => {
      let environment = frozen(anEnvironment("mirror/fit"));
      let kept = start as Kept;
      for (const [index, event] of sequence.entries()) {
        const now = AT + index + 1;
        const decided = event.decide(environment, now);
        const decision = "ok" in decided ? decided : { ok: true as const, next: decided };
        const after = decision.ok ? frozen(decision.next) : environment;
        kept = check(
          { event, before: environment, after, now, refused: decision.ok ? undefined : decision.reason },
          kept,
        );
        environment = after;
      }
    }),
    { numRuns: 400 },
  );
}

/** A decision that has to be accepted. */
function accepted(decision: Decision<Environment, string>): Environment {
  if (!decision.ok) throw new Error(decision.reason);
  return decision.next;
}

describe("no sequence of events", () => {
  test("gives the lock to another than whoever came first, or anybody two places", () => {
    play<readonly string[]>(({ event: { name, of = "" }, before, after, now, refused }, line) => {
      const model = (): readonly string[] => {
        if (name === "lock" && !line.includes(of)) return [...line, of];
        if (name === "unlock") return line.indexOf(of) > 0 ? line.filter((who) => who !== of) : line.slice(1);
        return line;
      };
      const next = model();
      expect([...(after.lock ? [after.lock] : []), ...after.queue].map(({ by }) => by)).toEqual(next);
      expect(new Set(next).size).toBe(next.length);
      if (["lock", "unlock"].includes(name))
        expect(refused === undefined).toBe(next !== line && next.length !== line.length);
      if (name === "unlock" && after.lock && after.lock !== before.lock) expect(after.lock.since).toBe(now);
      return next;
    }, []);
  });

  test("archives an environment whose branch is there, or leaves one that is archived with something to run", () => {
    play(({ event, before, after }) => {
      if (event.name === "archive" && before.goneSince === null) expect(after).toBe(before);
      if (event.name === "archive" && after.archivedAt !== null && after !== before)
        expect(after).toMatchObject({ commit: null, ref: null, target: null });
    });
  });

  test("keeps two entries of one commit in quarantine, or takes one out but by settling on it", () => {
    play(({ event, before, after }) => {
      const commits = (environment: Environment) => environment.quarantine.map((one) => one.commit);
      expect(new Set(commits(after)).size).toBe(after.quarantine.length);
      const gone = commits(before).filter((one) => !commits(after).includes(one));
      expect(gone).toEqual(event.name === "settleOn" && commits(before).includes(event.of ?? "") ? [event.of] : []);
      if (event.name === "quarantine") expect(commits(after)).toContain(event.of);
      if (event.name === "settleOn") expect(commits(after)).not.toContain(event.of);
    });
  });

  test("changes what runs but a deployment and the end of a mirror", () => {
    play(({ event, before, after }) => {
      expect(after).toMatchObject({ name: before.name, version: before.version });
      if (event.name === "settleOn") expect(after.commit).toBe(event.of);
      else if (event.name !== "archive")
        expect([after.commit, after.ref, after.deployedAt]).toEqual([before.commit, before.ref, before.deployedAt]);
    });
  });

  test("leaves what was seen otherwise than it was seen: there, whatever became of it before", () => {
    play(({ event, after }) => {
      if (event.seen) expect(after).toMatchObject({ ...event.seen, goneSince: null, archivedAt: null });
    });
  });

  test("is refused without a reason in words of code", () => {
    play(({ refused }) => {
      if (refused !== undefined) expect(refused).toMatch(/^[a-z-]+$/);
    });
  });
});

describe("what the remote says", () => {
  const target = { ref: "refs/heads/fit", commit: "beef" };

  test("is taken down, with why it cannot be had", () => {
    const decision = sight(anEnvironment("production"), { target, trouble: "the commit was not sent" });
    expect(decision).toMatchObject({
      ok: true,
      next: { target, trouble: "the commit was not sent", commit: null },
      happening: { event: "sighted", why: "the commit was not sent", detail: { ref: target.ref, target: "beef" } },
    });
    expect(sight(anEnvironment("production"), { target, trouble: null })).toMatchObject({
      happening: { event: "sighted", detail: { ref: target.ref, target: "beef" } },
    });
  });

  test("changes nothing when it says the same twice", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 8 }), seen, (past, what) => {
        let environment = anEnvironment("mirror/fit");
        for (const event of past) {
          const decided = event.decide(environment, AT);
          environment = "ok" in decided ? (decided.ok ? decided.next : environment) : decided;
        }
        const once = sight(environment, what);
        const after = once.ok ? once.next : environment;
        expect(sight(after, structuredClone(what))).toEqual({ ok: false, reason: "unchanged" });
      }),
    );
  });

  test.each([
    ["another commit", { target: { ...target, commit: "f00d" }, trouble: null }],
    ["another ref of the same commit", { target: { ...target, ref: "refs/tags/v1" }, trouble: null }],
    ["nothing any more", { target: null, trouble: null }],
    ["the same, which cannot be had", { target, trouble: "the commit was not sent" }],
  ])("is something new when it is %s", (_name, what) => {
    expect(accepted(sight(anEnvironment("production", { target }), what))).toMatchObject(what);
  });

  test("touches nothing of what runs, whatever else was seen with it", () => {
    const runs = anEnvironment("mirror/fit", { commit: "c0ffee", ref: target.ref, deployedAt: AT });
    const more = { name: "mirror/other", commit: { id: "beef" }, final: true, target, trouble: null };
    expect(accepted(sight(runs, more))).toEqual({ ...runs, target });
  });
});

describe("a mirror", () => {
  const there = anEnvironment("mirror/fit", {
    commit: "c0ffee",
    ref: "refs/heads/fit",
    deployedAt: AT,
    target: { ref: "refs/heads/fit", commit: "c0ffee" },
  });
  const gone = accepted(lose(there, "its branch has gone", AT + 1));

  test("whose branch has gone keeps what it runs, and says why it is in trouble", () => {
    expect(gone).toEqual({ ...there, goneSince: AT + 1, trouble: "its branch has gone" });
    expect(lose(there, "its branch has gone", AT)).toMatchObject({
      happening: { event: "gone", why: "its branch has gone" },
    });
  });

  test("loses its branch once: the moment stays", () => {
    expect(lose(gone, "its branch has gone", AT + 2)).toEqual({ ok: false, reason: "unchanged" });
  });

  test("whose branch came back within the grace time goes on as if nothing had been", () => {
    expect(accepted(sight(gone, { target: there.target, trouble: null }))).toEqual(there);
  });

  test("is archived once, with nothing to run and its reason", () => {
    const decision = archive(gone, AT + 5);
    expect(decision).toMatchObject({ happening: { event: "archived", why: "its branch has gone" } });
    const archived = accepted(decision);
    expect(archived).toMatchObject({ archivedAt: AT + 5, commit: null, ref: null, target: null, goneSince: AT + 1 });
    expect(archive(archived, AT + 6)).toEqual({ ok: false, reason: "unchanged" });
    expect(lose(archived, "still gone", AT + 6)).toEqual({ ok: false, reason: "unchanged" });
  });

  test("that has its branch is not archived", () => {
    expect(archive(there, AT)).toEqual({ ok: false, reason: "not-gone" });
  });

  test("that was archived begins anew when the branch comes back", () => {
    const archived = accepted(archive(gone, AT + 5));
    const back = sight(archived, { target: there.target, trouble: null });
    expect(back).toMatchObject({
      happening: { event: "came back" },
      next: { archivedAt: null, goneSince: null, commit: null, target: there.target },
    });
  });
});

describe("a freeze", () => {
  const by = ["ann", "beam time"] as const;

  test("holds until its moment and ends by itself", () => {
    const decision = freeze(anEnvironment("production"), AT + 10, ...by, AT);
    expect(decision).toMatchObject({
      happening: { event: "frozen", why: "beam time", detail: { until: new Date(AT + 10).toISOString() } },
    });
    const cold = accepted(decision);
    expect(cold.freeze).toEqual({ by: "ann", why: "beam time", since: AT, until: AT + 10 });
    expect([AT, AT + 9, AT + 10].map((now) => isFrozen(cold, now))).toEqual([true, true, false]);
    expect(isFrozen(anEnvironment("production"), AT)).toBe(false);
  });

  test.each([AT - 1, AT])("that would be over already is refused", (until) => {
    expect(freeze(anEnvironment("production"), until, ...by, AT)).toEqual({ ok: false, reason: "over-already" });
  });

  test("takes the place of an earlier one, longer or shorter", () => {
    const cold = accepted(freeze(anEnvironment("production"), AT + 10, ...by, AT));
    expect(accepted(freeze(cold, AT + 5, "ben", "shorter", AT + 1)).freeze).toEqual({
      by: "ben",
      why: "shorter",
      since: AT + 1,
      until: AT + 5,
    });
  });

  test("can be ended while it holds, and only then", () => {
    const cold = accepted(freeze(anEnvironment("production"), AT + 10, ...by, AT));
    expect(thaw(cold, AT + 9)).toMatchObject({ ok: true, next: { freeze: null }, happening: { event: "unfrozen" } });
    expect(thaw(cold, AT + 10)).toEqual({ ok: false, reason: "not-frozen" });
    expect(thaw(anEnvironment("production"), AT)).toEqual({ ok: false, reason: "not-frozen" });
  });
});

describe("the lock", () => {
  const anns = accepted(lock(anEnvironment("production"), "ann", "alignment", AT));
  const queued = accepted(lock(anns, "ben", "a test", AT + 1));

  test("is for whoever comes first; the next have a place in the queue", () => {
    expect(lock(anEnvironment("production"), "ann", "alignment", AT)).toMatchObject({
      happening: { event: "locked", why: "alignment" },
    });
    expect(lock(anns, "ben", "a test", AT + 1)).toMatchObject({ happening: { event: "queued", why: "a test" } });
    expect(queued).toMatchObject({
      lock: { by: "ann", why: "alignment", since: AT },
      queue: [{ by: "ben", why: "a test", since: AT + 1 }],
    });
  });

  test("is neither given nor waited for twice by one person", () => {
    expect(lock(queued, "ann", "again", AT + 2)).toEqual({ ok: false, reason: "already-yours" });
    expect(lock(queued, "ben", "again", AT + 2)).toEqual({ ok: false, reason: "already-queued" });
  });

  test("goes to the next when it is ended, by their own reason and from then on", () => {
    const decision = unlock(queued, "ann", AT + 5);
    expect(decision).toMatchObject({ happening: { event: "unlocked", detail: { of: "ann" } } });
    const bens = accepted(decision);
    expect(bens).toMatchObject({ lock: { by: "ben", why: "a test", since: AT + 5 }, queue: [] });
    expect(accepted(unlock(bens, "ben", AT + 6)).lock).toBeNull();
  });

  test("that nobody has cannot be ended", () => {
    expect(unlock(anEnvironment("production"), "ann", AT)).toEqual({ ok: false, reason: "not-locked" });
  });

  test("is ended by anybody but whoever waits for it: they leave the queue, and end it when they say so again", () => {
    expect(accepted(unlock(queued, "cem", AT + 5)).lock).toMatchObject({ by: "ben" });
    const left = unlock(queued, "ben", AT + 5);
    expect(left).toMatchObject({ ok: true, next: { ...queued, queue: [] }, happening: { event: "left the queue" } });
    expect(accepted(unlock(accepted(left), "ben", AT + 6)).lock).toBeNull();
  });
});

describe("what was deployed", () => {
  test("is what runs from then on, and what it was asked for by", () => {
    const before = anEnvironment("production", { commit: "c0ffee", ref: "refs/heads/main", deployedAt: AT });
    expect(settleOn(before, { commit: "beef", ref: null }, AT + 1)).toEqual({
      ...before,
      commit: "beef",
      ref: null,
      deployedAt: AT + 1,
    });
  });

  test("and was taken back is in quarantine until somebody settles on it again, and no other commit ends that", () => {
    const bad = quarantine(anEnvironment("production"), "beef", "ann", "it drifts", AT);
    expect(bad.quarantine).toEqual([{ commit: "beef", by: "ann", why: "it drifts", since: AT }]);
    expect(settleOn(bad, { commit: "c0ffee", ref: null }, AT + 1).quarantine).toEqual(bad.quarantine);
    expect(settleOn(bad, { commit: "beef", ref: null }, AT + 1).quarantine).toEqual([]);
  });

  test("and is taken back again says by whom and why the last time", () => {
    const once = quarantine(anEnvironment("production"), "beef", "ann", "it drifts", AT);
    expect(quarantine(once, "beef", "ben", "it still does", AT + 9).quarantine).toEqual([
      { commit: "beef", by: "ben", why: "it still does", since: AT + 9 },
    ]);
  });
});
