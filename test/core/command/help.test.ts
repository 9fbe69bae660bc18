import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../commands/index.ts";
import { renderBlocks } from "../../../src/adapters/chat/console/render.ts";
import type { Actor } from "../../../src/core/command/command.ts";
import { helpAll, helpOn, usageOf } from "../../../src/core/command/help.ts";
import { may } from "../../../src/core/permission/may.ts";
import { STANDARD } from "../../../src/core/permission/rights.ts";

const SCREEN = { width: 120, now: 0, zone: "UTC" };
const NOBODY: Actor = { id: "ann", roles: [], owner: false, via: "chat" };
const actors: Readonly<Record<string, Actor>> = {
  "somebody without a role": NOBODY,
  "somebody of another role": { ...NOBODY, roles: ["timing-expert", "calibration-manager"] },
  "a shifter": { ...NOBODY, roles: ["timing-expert", "shifter"] },
  "an expert": { ...NOBODY, roles: ["expert"] },
  "whoever runs the bot": { ...NOBODY, owner: true },
};
const READING = [
  "status",
  "mine",
  "runs",
  "run",
  "tasks",
  "task",
  "jobs",
  "logs",
  "why",
  "alerts",
  "silences",
  "oncall",
  "handover",
  "subscribe",
  "unsubscribe",
  "signoffs",
  "approve",
  "reject",
  "revoke",
  "evidence",
  "stale",
  "release-hold show",
  "campaigns",
  "campaign show",
  "campaign progress",
  "chart",
  "workflows",
  "validate",
  "env",
  "deployments",
  "plan",
  "diff",
  "which",
  "confirm",
  "cancel",
  "history",
  "whoami",
  "link",
  "unlink",
  "help",
  ...["gt list", "gt show", "gt diff", "gt history", "gt drift", "iov", "payload"],
];
const OF_SHIFTERS = [
  "retry",
  "skip",
  "publish",
  "hold",
  "release",
  "pause",
  "resume",
  "close",
  "ack",
  "unack",
  "silence",
  "unsilence",
  "release-hold extend",
  "release-hold force",
];
const OF_EXPERTS = [
  ...[
    "campaign request",
    "campaign start",
    "campaign pause",
    "campaign resume",
    "campaign finish",
    "campaign publish",
    "campaign archive",
  ],
  ...["reprocess", "inject", "deploy", "rollback", "freeze", "unfreeze", "lock", "unlock", "doctor"],
  ...["gt clone", "gt merge", "gt append", "gt put", "gt remove", "gt state", "gt export", "payload put"],
];
const mayGiveNames = (actor: Actor) =>
  COMMANDS.filter((command) => may(actor, { command }).ok).map((command) => command.name);

describe("who may give which command", () => {
  test("is said of every command", () => {
    expect(COMMANDS.map((command) => command.name).sort()).toEqual([...READING, ...OF_SHIFTERS, ...OF_EXPERTS].sort());
  });

  test.each([
    ["somebody without a role", READING],
    ["somebody of another role", READING],
    ["a shifter", [...READING, ...OF_SHIFTERS]],
    ["an expert", [...READING, ...OF_SHIFTERS, ...OF_EXPERTS]],
    ["whoever runs the bot", [...READING, ...OF_SHIFTERS, ...OF_EXPERTS]],
  ])("%s", (who, names) => {
    expect(mayGiveNames(actors[who] ?? NOBODY).sort()).toEqual([...names].sort());
  });

  test("is not widened by a role of a strange name", () => {
    for (const role of ["constructor", "anyone", "owner", "Expert", "__proto__", ""])
      expect(mayGiveNames({ ...NOBODY, roles: [role] }).sort()).toEqual([...READING].sort());
  });
});

describe("help", () => {
  test("lists what its reader may give, with one sentence each, and names the rest", () => {
    const text = renderBlocks(helpAll(COMMANDS, NOBODY), SCREEN);
    expect(text).toMatch(/^ {2}status +How everything stands/m);
    expect(text).not.toMatch(/^ {2}retry /m);
    expect(text).toContain(
      "For other roles: retry, publish, reprocess, skip, hold, release, release-hold extend, release-hold force, pause, resume, ack, unack, silence, unsilence, close, campaign request, campaign start, campaign pause, campaign resume, campaign finish, campaign publish, campaign archive, inject, gt clone, gt merge, gt append, gt put, gt remove, gt state, gt export, payload put, deploy, rollback, freeze, unfreeze, lock, unlock, doctor.",
    );
    expect(renderBlocks(helpAll(COMMANDS, actors["an expert"] ?? NOBODY), SCREEN)).not.toContain("For other roles");
  });

  test("says where more is allowed, and where less", () => {
    const everywhere = { workflows: undefined, environments: undefined, channels: undefined };
    const text = renderBlocks(
      helpAll(COMMANDS, {
        ...NOBODY,
        roles: ["timing", "calibration"],
        at: ["slack", "slack:C1"],
        rights: {
          ...STANDARD,
          roles: {
            timing: { ...everywhere, commands: ["retry", "skip"], workflows: ["t0*"], environments: ["production"] },
            calibration: { ...everywhere, commands: ["deploy"], channels: ["slack:C2"] },
            desk: { ...everywhere, commands: ["hold"] },
          },
        },
      }),
      { ...SCREEN, width: 200 },
    );
    expect(text).toMatch(/^ {2}retry +Run the failed/m);
    expect(text).not.toMatch(/^ {2}deploy /m);
    expect(text).toContain("Only for workflows t0* in environments production: retry, skip.");
    expect(text).toContain("Not here, but from channels slack:C2: deploy.");
    expect(text).toMatch(/For other roles: publish, reprocess, hold, release/);
  });

  test("tells whom nobody knows how they become known", () => {
    const text = renderBlocks(helpAll(COMMANDS, { ...NOBODY, id: "slack:U1", unknown: true }), SCREEN);
    expect(text).toMatch(/^ {2}status /m);
    expect(text).not.toMatch(/^ {2}(logs|confirm|retry) /m);
    expect(text).toContain("For people whom calops knows (link tells it who you are): logs, retry");
  });

  test("shows how a command is written, what stands in it, and examples", () => {
    const reprocess = COMMANDS.find((command) => command.name === "reprocess");
    const text = renderBlocks(reprocess ? helpOn(reprocess, NOBODY) : [], SCREEN);
    expect(text).toContain(
      "reprocess [TASK...] [--run RUN] [--workflow WORKFLOW] [--task NAME] [--stale] [--downstream] [--why REASON] [--dry-run]",
    );
    expect(text).toMatch(/--run RUN +all finished tasks of a run/);
    expect(text).toContain("- reprocess 1089 --dry-run");
    expect(text).toContain("reprocess is for people with the role expert.");
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    "on %s says everything about it",
    (name, command) => {
      expect(command.summary).toMatch(/^[A-Z].*\.$/);
      expect(command.examples.length).toBeGreaterThan(0);
      expect(command.json).not.toBe("");
      expect(usageOf(command)).toMatch(new RegExp(`^${name}( |$)`));
      for (const arg of [...Object.values(command.args), ...Object.values(command.options)])
        expect(arg.describe).toMatch(/^\S.*\S$/);
      const text = renderBlocks(helpOn(command, NOBODY), SCREEN);
      for (const option of Object.keys(command.options)) expect(text).toContain(`--${option}`);
    },
  );

  test("on a command that reads what is put last takes no argument after it", () => {
    for (const command of COMMANDS) {
      const args = Object.values(command.args);
      expect(args.slice(0, -1).some((arg) => arg.rest)).toBe(false);
      const optional = args.map((arg) => arg.optional);
      expect(optional).toEqual([...optional].sort((a, b) => Number(a) - Number(b)));
    }
  });
});
