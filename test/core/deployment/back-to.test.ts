import { describe, expect, test } from "vitest";
import { backTo } from "../../../src/core/deployment/back-to.ts";
import type { Deployment } from "../../../src/core/deployment/deployment.ts";
import { AT, aDeployment, anEnvironment } from "../../contracts/things.ts";

const deployment = (id: number, commit: string, state: Deployment["state"], tookMs: number | null = 5) =>
  aDeployment(id, { commit, state, tookMs, ref: `refs/tags/v${id}` });
/** Newest first, as the store gives them. */
const PAST = [
  deployment(6, "f00d", "deployed"),
  deployment(5, "dead", "failed", null),
  deployment(4, "beef", "rolled-back"),
  deployment(3, "cafe", "superseded", null),
  deployment(2, "c0ffee", "superseded"),
  deployment(1, "babe", "superseded"),
];
const bad = (commit: string) => ({ commit, by: "ann", why: "it drifts", since: AT });
const running = anEnvironment("production", { commit: "f00d", quarantine: [bad("beef")] });

describe("a rollback", () => {
  test.each<[string, Partial<typeof running>, string | undefined, number]>([
    ["goes to the last that was good and ran", {}, undefined, 2],
    ["passes over what was taken back before", { quarantine: [bad("c0ffee")] }, undefined, 1],
    ["goes to one that is named, and ran", {}, "babe", 1],
    ["goes to what was taken back only by its name", {}, "beef", 4],
  ])("%s", (_name, more, named, id) => {
    expect(backTo({ ...running, ...more }, PAST, named)).toMatchObject({ ok: true, from: "f00d", deployment: { id } });
  });

  test("does not go to what runs, though it ran before", () => {
    const again = [...PAST.slice(0, 1), deployment(5, "f00d", "superseded"), ...PAST.slice(4)];
    expect(backTo(running, again, undefined)).toMatchObject({ deployment: { id: 2 } });
  });

  test.each<[string, Partial<typeof running>, readonly Deployment[], string | undefined]>([
    ["nothing-before", { commit: null }, PAST, undefined],
    ["nothing-before", { commit: null }, PAST, "babe"],
    ["nothing-before", {}, PAST.slice(0, 4), undefined],
    ["nothing-before", {}, [], undefined],
    ["already-deployed", {}, PAST, "f00d"],
    ["never-ran", {}, PAST, "cafe"],
    ["never-ran", {}, PAST, "dead"],
    ["never-ran", {}, PAST, "0000"],
  ])("is refused: %s", (reason, more, past, named) => {
    expect(backTo({ ...running, ...more }, past, named)).toEqual({ ok: false, reason });
  });
});
