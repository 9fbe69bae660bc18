import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Approver, consentsWith, mayApprove, sayYes, type Word } from "../../../src/core/deployment/consents.ts";
import type { Consent, Deployment, Gate } from "../../../src/core/deployment/deployment.ts";
import type { ProductionRules } from "../../../src/core/environment/rules.ts";
import { AT, aDeployment } from "../../contracts/things.ts";

type Requires = ProductionRules["requires"];

const EXPERTS: Requires = { signed: undefined, approval: { role: "expert", count: 1 }, otherThanAuthor: false };
const OTHERS: Requires = { ...EXPERTS, otherThanAuthor: true };
const ANN: Approver = {
  roles: [],
  owner: false,
  known: { name: "Ann Lee", email: "Ann@x.org", roles: ["expert"], keys: [], accounts: {}, emails: [] },
};
const STRANGER: Approver = { roles: [], owner: false, known: undefined };
const [ben, cem] = [
  { author: "Ben", email: "ben@x.org" },
  { author: "Cem", email: "cem@x.org" },
];
const ann = { author: "Ann Lee", email: "ann@x.org" };

describe("an approval", () => {
  test.each<[string, Requires, Approver, readonly (typeof ben)[], ReturnType<typeof mayApprove>]>([
    ["of what needs none is none", { ...OTHERS, approval: undefined }, ANN, [ben], undefined],
    ["is for who has the role in people.yaml", OTHERS, ANN, [ben], "yes"],
    ["is for who has the role by how they came in", OTHERS, { ...STRANGER, roles: ["expert"] }, [ben], "yes"],
    ["is for whoever runs the bot", OTHERS, { ...STRANGER, owner: true }, [ben], "yes"],
    ["is for nobody without the role", OTHERS, STRANGER, [ben], "wrong-role"],
    ["is not for who has another role", OTHERS, { ...STRANGER, roles: ["shifter"] }, [ben], "wrong-role"],
    ["is not for the author of all of it", OTHERS, ANN, [ann], "own-work"],
    ["is not for the author of some of it, whoever merged it", OTHERS, ANN, [ben, ann, cem], "own-work"],
    ["knows an author by their address alone", OTHERS, ANN, [{ ...ann, author: "alee" }], "own-work"],
    ["reads addresses in any case", OTHERS, ANN, [{ author: "alee", email: "ANN@X.ORG" }], "own-work"],
    ["knows an author by their name alone", OTHERS, ANN, [{ ...ann, email: "ann@home" }], "own-work"],
    ["is not for an author who runs the bot", OTHERS, { ...ANN, owner: true }, [ann], "own-work"],
    ["is for the author too where the rules do not mind", EXPERTS, ANN, [ann], "yes"],
  ])("%s", (_name, requires, approver, authors, expected) => {
    expect(mayApprove(requires, approver, authors)).toBe(expected);
  });

  test("knows people by each address that they commit with", () => {
    const known = { name: "Ann Lee", roles: ["expert"], keys: [], accounts: {}, emails: ["Ann@Home.org"] };
    expect(mayApprove(OTHERS, { ...STRANGER, known }, [{ author: "al", email: "ann@home.org" }])).toBe("own-work");
  });

  test("needs an address to be known by one", () => {
    const known = { name: "Ann Lee", roles: ["expert"], keys: [], accounts: {}, emails: [] };
    expect(mayApprove(OTHERS, { ...STRANGER, known }, [{ author: "Ben", email: "" }])).toBe("yes");
  });
});

const WORD: Word = { by: "ann", named: true, throughFreeze: false, approves: undefined };
const gate = (kind: Gate["gate"], owner = "expert"): Gate => ({ gate: kind, detail: kind, owner, since: AT });
const waitsFor = (...gates: Gate[]): Deployment => aDeployment(1, { state: "waiting", waiting: gates });
const consented = (...to: Consent["to"][]): Consent[] => to.map((kind) => ({ to: kind, by: "ann", at: AT }));

describe("the word of whoever asks for a deployment", () => {
  test.each<[string, Partial<Word>, Consent["to"][]]>([
    ["is a request", {}, ["request"]],
    ["goes through a freeze where it says so", { throughFreeze: true }, ["request", "through-freeze"]],
    ["is an approval by who may give it", { approves: "yes" }, ["request", "approve"]],
    ["is none by who may not", { approves: "own-work" }, ["request"]],
    ["is none by who has not named what they would approve", { approves: "yes", named: false }, ["request"]],
  ])("%s", (_name, more, expected) => {
    expect(consentsWith({ ...WORD, ...more }, AT)).toEqual(consented(...expected));
  });
});

describe("the word for a deployment that waits", () => {
  const every = [gate("request"), gate("confirm"), gate("approval"), gate("freeze"), gate("lock", "ben")];

  test.each<[string, readonly Gate[], Partial<Word>, Consent["to"][]]>([
    ["is the request", [gate("request")], {}, ["request"]],
    ["is the request, also by who has not looked at it", [gate("request")], { named: false }, ["request"]],
    ["is the confirmation", [gate("confirm")], {}, ["request", "confirm"]],
    ["is the approval", [gate("approval")], { approves: "yes" }, ["request", "approve"]],
    ["is all that is missing at once", every, { approves: "yes" }, ["request", "confirm", "approve"]],
    ["is for a freeze where it says so", every.slice(3), { throughFreeze: true }, ["request", "through-freeze"]],
    [
      "is for the freeze alone by who may not approve",
      every.slice(2),
      { throughFreeze: true, approves: "own-work" },
      ["request", "through-freeze"],
    ],
    ["is a request by who may not approve", [gate("request"), gate("approval")], { approves: "own-work" }, ["request"]],
    ["is a confirmation by who may not approve", every.slice(1), { approves: "wrong-role" }, ["request", "confirm"]],
    [
      "is for their own lock by who may not approve",
      every.slice(2),
      { by: "ben", approves: "wrong-role" },
      ["request"],
    ],
    ["is no approval where none is missing", [gate("freeze")], { approves: "yes" }, ["request"]],
    ["is no longer refused when the rules ask for no approval any more", [gate("approval")], {}, ["request"]],
  ])("%s", (_name, gates, more, expected) => {
    const word = { ...WORD, ...more };
    expect(sayYes(waitsFor(...gates), word, AT)).toMatchObject({
      ok: true,
      next: { state: "waiting", consents: expected.map((to) => ({ to, by: word.by, at: AT })) },
    });
  });

  test.each<[string, Deployment, Partial<Word>, object]>([
    [
      "has not named what somebody has to have looked at",
      waitsFor(gate("request"), gate("confirm")),
      { named: false },
      { reason: "name-the-commit" },
    ],
    [
      "has not named what they approve",
      waitsFor(gate("approval")),
      { named: false, approves: "yes" },
      { reason: "name-the-commit" },
    ],
    [
      "has not the role, which is said",
      waitsFor(gate("approval", "chief")),
      { approves: "wrong-role" },
      { reason: "wrong-role", detail: "chief" },
    ],
    [
      "wrote it",
      waitsFor(gate("approval"), gate("freeze"), gate("lock", "ben")),
      { approves: "own-work" },
      { reason: "own-work", detail: "expert" },
    ],
    [
      "said so before",
      { ...waitsFor(gate("approval")), consents: consented("request", "approve") },
      { approves: "yes" },
      { reason: "unchanged" },
    ],
    ["comes too late", aDeployment(1, { state: "deployed" }), {}, { reason: "already-ended" }],
  ])("is refused when whoever says it %s", (_name, deployment, more, expected) => {
    expect(sayYes(deployment, { ...WORD, ...more }, AT)).toEqual({ ok: false, ...expected });
  });

  test("is never an approval of one's own work or without the role, whatever waits", () => {
    const anyGate = fc.constantFrom(...every, gate("lock", "ann"));
    const anyWord = fc.record({
      by: fc.constant("ann"),
      named: fc.boolean(),
      throughFreeze: fc.boolean(),
      approves: fc.constantFrom("yes" as const, "wrong-role" as const, "own-work" as const, undefined),
    });
    fc.assert(
      fc.property(fc.uniqueArray(anyGate), anyWord, (gates, word) => {
        const said = sayYes(waitsFor(...gates), word, AT);
        const to = said.ok ? said.next.consents.map((one) => one.to) : [];
        if (word.approves !== "yes" || !word.named) expect(to).not.toContain("approve");
        if (!word.named) expect(to).not.toContain("confirm");
        if (!word.throughFreeze) expect(to).not.toContain("through-freeze");
      }),
    );
  });
});
