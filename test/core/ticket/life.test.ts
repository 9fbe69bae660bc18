import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hasTrouble,
  isNotThere,
  isThere,
  move,
  nextDeed,
  note,
  tryAgainAt,
  tryToMake,
  want,
  wantNew,
  wasDone,
} from "../../../src/core/ticket/life.ts";
import type { Ticket } from "../../../src/core/ticket/ticket.ts";
import { AT } from "../../contracts/things.ts";

const WISH = { key: "proc8 1 t0", title: "t0", body: [], assignee: null, blocks: ["proc8 1"] };
const REMOTE = { id: "CALIB-1", url: "https://jira/CALIB-1" };
const OTHER = { id: "CALIB-2", url: "https://jira/CALIB-2" };
const NOBODY = new Map<string, null>();
const next = <Thing>(decision: { ok: true; next: Thing } | { ok: false; reason: string }): Thing => {
  if (!decision.ok) throw new Error(decision.reason);
  return decision.next;
};
const wanted = next(wantNew(WISH, AT));
const there = next(isThere(wanted, REMOTE, "made"));

describe("a ticket", () => {
  test("is made, and looked for first where it may have been made", () => {
    expect(nextDeed(wanted, NOBODY, AT)).toEqual({ do: "make" });
    const tried = next(tryToMake(wanted, AT));
    expect(nextDeed(tried, NOBODY, AT)).toEqual({ do: "find" });
    expect(next(isThere(tried, REMOTE, "found"))).toMatchObject({
      remote: REMOTE,
      triedAt: null,
      told: { state: null },
    });
  });

  test("that is not found is made anew only once its tracker would have found it", () => {
    const tried = next(tryToMake(wanted, AT));
    expect(isNotThere(tried, AT + 119_999)).toEqual({ ticket: tried, lookAgainAt: AT + 120_000 });
    expect(nextDeed(isNotThere(tried, AT + 120_000).ticket, NOBODY, AT)).toEqual({ do: "make" });
  });

  test("is linked with what is there, moved, written into, and then left alone", () => {
    const noted = next(note(next(move(there, "working", "began", AT)), { key: "a", text: "look" }, AT));
    const others = new Map([["proc8 1", OTHER]]);
    let ticket: Ticket = noted;
    const deeds = [];
    for (let deed = nextDeed(ticket, others, AT); deed.do !== "nothing"; deed = nextDeed(ticket, others, AT)) {
      deeds.push(deed.do);
      ticket = wasDone(ticket, deed);
    }
    expect(deeds).toEqual(["block", "move", "write"]);
    expect(ticket).toMatchObject({ told: { state: "working", blocks: ["proc8 1"] }, notes: [] });
    expect(nextDeed(noted, new Map([["proc8 1", null]]), AT)).toMatchObject({ do: "move" });
  });

  test("waits for what it is to be linked with", () => {
    expect(nextDeed(there, NOBODY, AT)).toEqual({ do: "wait", until: AT + 15_000 });
  });

  test("is wanted once, and holds back more when more is wished", () => {
    expect(want(there, WISH, AT)).toMatchObject({ ok: false, reason: "unchanged" });
    expect(next(want(there, { ...WISH, blocks: ["b"] }, AT)).blocks).toEqual(["proc8 1", "b"]);
    expect(move(there, "open", "x", AT)).toMatchObject({ reason: "unchanged" });
    const noted = next(note(there, { key: "a", text: "look" }, AT));
    expect(note(noted, { key: "a", text: "look" }, AT)).toMatchObject({ reason: "unchanged" });
  });

  test("whose tracker is away is tried ever more rarely, and not before it wants to be asked", () => {
    let ticket = there;
    const pauses = [];
    for (let failures = 0; failures < 9; failures++) {
      ticket = hasTrouble(ticket, "503");
      pauses.push((tryAgainAt(ticket, AT, undefined) - AT) / 1_000);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
    expect(tryAgainAt(hasTrouble(there, "429"), AT, 90_000) - AT).toBe(90_000);
    expect(wasDone(ticket, { do: "move", to: "done" })).toMatchObject({ trouble: null, failures: 0 });
  });
});

test("however often the bot dies and whatever the tracker does not answer, there is one ticket, and it ends as it is to be", () => {
  const fate = fc.constantFrom("well", "refused", "lost", "dies before", "dies after", "moves");
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 60 }), fc.integer({ min: 0, max: 119_000 }), (fates, behindMs) => {
      let stored: Ticket = wanted;
      let now = AT;
      const made: { at: number }[] = [];
      let state = "open";
      const step = (what: string): void => {
        if (what === "moves") {
          const moved = move(stored, stored.state === "working" ? "done" : "working", "x", now);
          if (moved.ok) stored = moved.next;
          return;
        }
        const deed = nextDeed(stored, new Map([["proc8 1", OTHER]]), now);
        if (deed.do === "nothing" || deed.do === "wait") return;
        if (deed.do === "make") stored = next(tryToMake(stored, now));
        if (what === "dies before") return;
        if (what === "refused") {
          stored = hasTrouble(stored, "503");
          now = tryAgainAt(stored, now, undefined);
          return;
        }
        const found = made.find(({ at }) => now >= at + behindMs);
        if (deed.do === "make") made.push({ at: now });
        if (deed.do === "move") state = deed.to;
        if (what === "dies after" || what === "lost") {
          now += 1_000;
          return;
        }
        if (deed.do === "make") stored = next(isThere(stored, REMOTE, "made"));
        else if (deed.do !== "find") stored = wasDone(stored, deed);
        else if (found) stored = next(isThere(stored, REMOTE, "found"));
        else {
          const missing = isNotThere(stored, now);
          stored = missing.ticket;
          now = Math.max(now, missing.lookAgainAt);
        }
      };
      for (const what of fates) step(what);
      for (let quiet = 0; quiet < 60; quiet++) step("well");
      expect(made).toHaveLength(1);
      expect(state).toBe(stored.state);
      expect(nextDeed(stored, new Map([["proc8 1", OTHER]]), now)).toEqual({ do: "nothing" });
    }),
  );
});
