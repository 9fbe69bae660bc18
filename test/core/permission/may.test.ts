import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Actor } from "../../../src/core/command/command.ts";
import { EVERY, may, type Wish } from "../../../src/core/permission/may.ts";
import {
  type Allow,
  type Guarded,
  type Rights,
  type RoleRights,
  rightsOf,
  STANDARD,
} from "../../../src/core/permission/rights.ts";

const ANYWHERE = { workflows: undefined, environments: undefined, channels: undefined };
const STATUS: Guarded = { name: "status", allow: "anyone" };
const LOGS: Guarded = { name: "logs", allow: "anyone", inside: true };
const HELP: Guarded = { name: "help", allow: "anyone", open: true };
const CONFIRM: Guarded = { name: "confirm", allow: "person" };
const RETRY: Guarded = { name: "retry", allow: "shifter" };
const DEPLOY: Guarded = { name: "deploy", allow: "expert" };

const person = (...roles: string[]): Actor => ({
  id: "ann",
  roles,
  owner: false,
  via: "slack",
  at: ["slack", "slack:C1"],
});
const stranger: Actor = { ...person("expert"), id: "slack:U1", unknown: true };
const withRoles = (roles: Rights["roles"], unknown?: Rights["unknown"]): Rights =>
  rightsOf({ roles, unknown, people: { ann: { roles: ["timing"] }, jun: { roles: ["shifter"] } } });

describe("where people.yaml says nothing of roles", () => {
  test.each<[string, Actor, Record<string, boolean>]>([
    [
      "somebody without a role reads",
      person(),
      { status: true, logs: true, confirm: true, retry: false, deploy: false },
    ],
    ["a role of another name gives nothing", person("timing"), { status: true, retry: false, deploy: false }],
    ["shifters act on tasks", person("shifter"), { status: true, retry: true, deploy: false }],
    ["experts act on many", person("expert"), { status: true, retry: true, deploy: true }],
    ["the owner does everything", { ...person(), owner: true }, { logs: true, retry: true, deploy: true }],
    [
      "people whom nobody knows see how things stand, whatever roles they say to have",
      stranger,
      { status: true, logs: false, help: true, confirm: false, retry: false, deploy: false },
    ],
  ])("%s", (_what, actor, expected) => {
    for (const command of [STATUS, LOGS, HELP, CONFIRM, RETRY, DEPLOY])
      if (command.name in expected)
        expect([command.name, may(actor, { command }).ok]).toEqual([command.name, expected[command.name]]);
  });
});

describe("a role of people.yaml", () => {
  const rights = withRoles({
    timing: { commands: ["retry"], workflows: ["t0*"], environments: ["production"], channels: ["slack:C1"] },
    manager: { ...ANYWHERE, commands: { upTo: "expert" } },
  });
  const ann = { ...person("timing"), rights };

  test.each<[string, Actor, Wish, true | string]>([
    ["gives what it names", ann, { command: RETRY, environment: "production", workflow: "t0-fine" }, true],
    ["gives nothing else", ann, { command: DEPLOY }, "deploy is for people with the role expert or manager."],
    [
      "not for another workflow",
      ann,
      { command: RETRY, environment: "production", workflow: "pedestals" },
      "The role timing gives ann the command retry only for workflows t0* in environments production from channels slack:C1, and so not for workflow pedestals in production. People with the role shifter, expert or manager (jun) may.",
    ],
    [
      "not for all workflows at once",
      ann,
      { command: RETRY, workflow: EVERY },
      "The role timing gives ann the command retry only for workflows t0* in environments production from channels slack:C1, and so not for all workflows. People with the role shifter, expert or manager (jun) may.",
    ],
    [
      "not in another environment",
      ann,
      { command: RETRY, environment: "mirror/fit" },
      "The role timing gives ann the command retry only for workflows t0* in environments production from channels slack:C1, and so not in mirror/fit. People with the role shifter, expert or manager (jun) may.",
    ],
    [
      "not in another channel",
      { ...ann, at: ["slack", "slack:C2"] },
      { command: RETRY },
      "The role timing gives ann the command retry only for workflows t0* in environments production from channels slack:C1, and so not here. People with the role shifter, expert or manager (jun) may.",
    ],
    ["nor where nobody can say where that is", { ...person("timing"), rights, at: [] }, { command: RETRY }, "The role"],
    ["gives all commands where it says so", { ...ann, roles: ["manager"] }, { command: DEPLOY, workflow: EVERY }, true],
  ])("%s", (_what, actor, wish, expected) => {
    const permission = may(actor, wish);
    expect(permission.ok).toBe(expected === true);
    if (!permission.ok) expect(permission.why.startsWith(String(expected))).toBe(true);
  });

  test("shifter and expert mean what the file says of them where it says something", () => {
    const narrow = withRoles({ expert: { ...ANYWHERE, commands: ["deploy"] } });
    expect(may({ ...person("expert"), rights: narrow }, { command: RETRY }).ok).toBe(false);
    expect(may({ ...person("expert"), rights: narrow }, { command: DEPLOY }).ok).toBe(true);
    expect(may({ ...person("shifter"), rights: narrow }, { command: RETRY }).ok).toBe(true);
  });
});

describe("people whom nobody knows", () => {
  test.each<[Rights["unknown"], Record<string, boolean>]>([
    [
      { commands: "none", channels: undefined },
      { status: false, logs: false, help: true },
    ],
    [
      { commands: "overview", channels: undefined },
      { status: true, logs: false, help: true },
    ],
    [
      { commands: "reading", channels: undefined },
      { status: true, logs: true, help: true },
    ],
    [
      { commands: ["logs"], channels: undefined },
      { status: false, logs: true, help: true },
    ],
    [
      { commands: "reading", channels: ["slack:C2"] },
      { status: false, logs: false, help: true },
    ],
    [
      { commands: "reading", channels: ["slack"] },
      { status: true, logs: true, help: true },
    ],
  ])("may what the file says: %j", (unknown, expected) => {
    const rights = withRoles({}, unknown);
    for (const command of [STATUS, LOGS, HELP])
      expect([command.name, may({ ...stranger, rights }, { command }).ok]).toEqual([
        command.name,
        expected[command.name],
      ]);
  });

  test("are told who may, and how they become known", () => {
    const { why } = may(stranger, { command: RETRY }) as { why: string };
    expect(why).toBe(
      "retry is for people with the role shifter or expert. slack:U1 is nobody's account in people.yaml; if it is yours, link makes it known.",
    );
  });
});

describe("whatever the rights are", () => {
  const names = fc.constantFrom("status", "logs", "retry", "deploy", "constructor", "__proto__");
  const patterns = fc.option(
    fc.array(fc.constantFrom("t0", "t0*", "*", "**", "production", "mirror/**", "slack", "slack:C1", "direct"), {
      minLength: 1,
      maxLength: 3,
    }),
    { nil: undefined },
  );
  const role: fc.Arbitrary<RoleRights> = fc.record({
    commands: fc.oneof(
      fc.record({ upTo: fc.constantFrom<Allow>("anyone", "person", "shifter", "expert") }),
      fc.array(names, { minLength: 1, maxLength: 3 }),
    ),
    workflows: patterns,
    environments: patterns,
    channels: patterns,
  });
  const rights: fc.Arbitrary<Rights> = fc.record({
    roles: fc.dictionary(fc.constantFrom("a", "b", "shifter", "expert", "toString"), role),
    unknown: fc.record({
      commands: fc.oneof(fc.constantFrom("overview" as const, "reading" as const, "none" as const), fc.array(names)),
      channels: patterns,
    }),
    holders: fc.constant({}),
  });
  const actor: fc.Arbitrary<Actor> = fc.record({
    id: fc.constant("ann"),
    roles: fc.array(fc.constantFrom("a", "b", "shifter", "expert", "c", "constructor", "toString", "__proto__")),
    owner: fc.constant(false),
    via: fc.constant("slack"),
    at: fc.constantFrom(["slack", "slack:C1"], ["slack", "slack:direct", "direct"], []),
    rights,
  });
  const wish: fc.Arbitrary<Wish> = fc.record({
    command: fc.record({ name: names, allow: fc.constantFrom<Allow>("anyone", "person", "shifter", "expert") }),
    environment: fc.constantFrom(undefined, "production", "mirror/fit"),
    workflow: fc.constantFrom<Wish["workflow"]>(undefined, "t0", "pedestals", EVERY),
  });

  test("a refusal says why, and one who has no role changes nothing", () => {
    fc.assert(
      fc.property(actor, wish, (one, wanted) => {
        const permission = may(one, wanted);
        if (!permission.ok) expect(permission.why).toMatch(/^\S.*\.$/s);
        const changes = wanted.command.allow === "shifter" || wanted.command.allow === "expert";
        if (changes) expect(may({ ...one, roles: [] }, wanted).ok).toBe(false);
      }),
    );
  });

  test("one more role takes nothing away", () => {
    fc.assert(
      fc.property(actor, wish, fc.constantFrom("a", "b", "shifter", "expert"), (one, wanted, more) => {
        if (may(one, wanted).ok) expect(may({ ...one, roles: [...one.roles, more] }, wanted).ok).toBe(true);
      }),
    );
  });

  test("people whom nobody knows change nothing, whatever roles they have", () => {
    fc.assert(
      fc.property(actor, wish, (one, wanted) => {
        if (wanted.command.allow !== "anyone") expect(may({ ...one, unknown: true }, wanted).ok).toBe(false);
      }),
    );
  });

  test("what is allowed for all workflows is allowed for each, and what is allowed for one is allowed for some", () => {
    fc.assert(
      fc.property(actor, wish, (one, wanted) => {
        if (may(one, { ...wanted, workflow: EVERY }).ok)
          expect(may(one, { ...wanted, workflow: "pedestals" }).ok).toBe(true);
        if (may(one, wanted).ok) {
          expect(may(one, { ...wanted, workflow: undefined }).ok).toBe(true);
          expect(may(one, { ...wanted, environment: undefined }).ok).toBe(true);
        }
      }),
    );
  });

  test("without a file, roles mean the standard", () => {
    fc.assert(
      fc.property(actor, wish, ({ rights: _, ...one }, wanted) => {
        expect(may(one, wanted)).toEqual(may({ ...one, rights: STANDARD }, wanted));
      }),
    );
  });
});
