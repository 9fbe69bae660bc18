/** What a person may do to which workflow, where the whole bot decides. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../src/core/command/command.ts";
import { rightsOf } from "../../src/core/permission/rights.ts";
import { aSeason, DELAYED, DONE, FAILED, HELD_JOBS, RUNNING, type Season, shown } from "../commands/a-season.ts";

let season: Season;
beforeAll(async () => {
  season = await aSeason();
});
afterAll(() => season.harness.stop());

const ROLES = {
  "t0-only": { commands: { upTo: "expert" }, workflows: ["t0"], environments: undefined, channels: undefined },
  mirrors: { commands: { upTo: "expert" }, workflows: undefined, environments: ["mirror/**"], channels: undefined },
} as const;

function withRole(role: keyof typeof ROLES): Partial<Actor> {
  const rights = rightsOf({ roles: ROLES, unknown: undefined, people: {} });
  return { id: "jun", roles: [role], owner: false, via: "slack", at: ["slack", "slack:C1"], rights };
}

async function give(line: string, role: keyof typeof ROLES): Promise<{ ok: boolean; text: string; data: unknown }> {
  return shown(await season.harness.command(line, withRole(role)), season.harness);
}

async function everything(): Promise<string> {
  const { queries } = season.harness.store;
  const history = await queries.history({ limit: 10_000, without: "command" });
  return JSON.stringify([await season.harness.tasks(), history.length, await queries.workflowStates("production")]);
}

describe("somebody whose role is for one workflow", () => {
  test.each([
    `hold ${DELAYED} look`,
    `release ${DELAYED}`,
    `skip ${DELAYED} not needed`,
    `retry ${DELAYED}`,
    "pause reco look",
    "resume reco",
    "close sum fill-7",
    "inject rereco 1",
    "hold run:1 look",
    "release run:1",
    "deploy production",
    "rollback production look",
    "freeze production 1h: look",
    "unfreeze production",
    "lock production look",
    "unlock production",
  ])("may not: %s", async (line) => {
    const before = await everything();
    const { ok, text } = await give(line, "t0-only");
    expect({ ok, text }).toEqual({
      ok: false,
      text: expect.stringMatching(
        /^The role t0-only gives jun the command \w+ only for workflows t0, and so not for (workflow (reco|sum)|all workflows) in production\. People with the role .*expert.* may\. What you may: help$/,
      ),
    });
    expect(await everything()).toBe(before);
    const [remembered] = await season.harness.store.queries.history({ kind: "command", limit: 1 });
    expect(remembered).toMatchObject({ event: "not allowed", by: "jun", detail: { line, place: "slack:C1" } });
  });

  test("may not make tasks of another anew, not even beside their own, and is told before they are asked to confirm", async () => {
    await season.harness.command(`skip ${DELAYED} not needed`);
    const before = await everything();
    for (const line of [`reprocess ${DELAYED}`, `reprocess ${DONE} ${DELAYED}`, `reprocess ${DELAYED} --dry-run`])
      expect((await give(line, "t0-only")).text).toMatch(/^The role t0-only gives jun the command reprocess only/);
    expect(await everything()).toBe(before);
  });

  test("is answered for each of several tasks, and what is theirs is done", async () => {
    const { ok, data } = await give(`retry ${FAILED} ${DELAYED}`, "t0-only");
    expect({ ok, data }).toEqual({
      ok: false,
      data: [
        { task: FAILED, ok: true, jobs: 1 },
        { task: DELAYED, ok: false, reason: "not-allowed" },
      ],
    });
  });

  test.each([`hold ${HELD_JOBS} look`, `release ${HELD_JOBS}`, "pause t0 look", "resume t0", `skip ${RUNNING} off`])(
    "may: %s",
    async (line) => {
      const { ok, text } = await give(line, "t0-only");
      expect({ ok, text }).toMatchObject({ ok: true });
    },
  );
});

describe("somebody whose role is for mirrors", () => {
  test("may not touch a task of production, whatever environment the line names", async () => {
    const before = await everything();
    expect((await give(`skip ${DONE} look`, "mirrors")).text).toBe(
      "The role mirrors gives jun the command skip only in environments mirror/**, and so not for workflow t0 in production. People with the role shifter, expert or t0-only may. What you may: help",
    );
    expect((await give("deploy production", "mirrors")).text).toMatch(/^The role mirrors gives jun the command deploy/);
    expect((await give("pause t0 look", "mirrors")).text).toMatch(/^The role mirrors gives jun the command pause/);
    expect(await everything()).toBe(before);
  });
});
