import { describe, expect, test } from "vitest";
import { renderBlocks } from "../../../src/adapters/chat/console/render.ts";
import { deploymentCard, isOver } from "../../../src/core/deployment/card.ts";
import type { Deployment, Gate } from "../../../src/core/deployment/deployment.ts";
import { deployedDetail, mistakesDetail, planDetail, yesDetail } from "../../../src/core/deployment/thread.ts";
import type { Button } from "../../../src/core/say.ts";
import { AT, aDeployment } from "../../contracts/things.ts";
import { oneWorkflow } from "../config/reading.ts";
import { planBetween } from "../plan/planning.ts";

const NOTHING = oneWorkflow('tasks: { fit: { run: ["true"] } }\n');
const PLAN = planBetween(NOTHING, NOTHING);
const COMMIT = "1a2b3c4d".padEnd(40, "0");
const BEFORE = "9f8e7d6c".padEnd(40, "0");
const base: Deployment = { ...aDeployment(7), commit: COMMIT, from: BEFORE, requestedAt: AT };
const gate = (kind: Gate["gate"], owner: string): Gate => ({
  gate: kind,
  detail: `${kind} is closed`,
  owner,
  since: AT,
});
const waiting = (...gates: Gate[]): Deployment => ({ ...base, state: "waiting", waiting: gates });
const ran: Deployment = { ...base, state: "deployed", tookMs: 3_000, endedAt: AT + 3_000 };

const text = (deployment: Deployment) => renderBlocks(deploymentCard(deployment), { width: 400, now: AT, zone: "UTC" });
const headline = (deployment: Deployment) => text(deployment).split("\n")[0];
const buttonsOf = (deployment: Deployment): Button[] =>
  deploymentCard(deployment).flatMap((block) => (block.kind === "buttons" ? block.buttons : []));

describe("the card of a deployment", () => {
  test.each<[string, Deployment, string]>([
    ["is asked for", base, "Deployment request for environment production received"],
    [
      "is asked for, back",
      { ...base, kind: "rollback" },
      "Deployment request for environment production received: a rollback",
    ],
    ["is done", ran, "Environment production deployed successfully"],
    [
      "took another back",
      { ...ran, kind: "rollback", requestedBy: "ben" },
      "Environment production deployed successfully: ben rolled it back",
    ],
    [
      "cannot be done",
      { ...base, state: "failed", reason: "calops.yaml:1:1: it is empty" },
      "Environment production is not deployed: calops.yaml:1:1: it is empty. 9f8e7d6c goes on running. Mend it with another commit.",
    ],
    [
      "is not wanted any more",
      { ...base, state: "superseded", reason: "5e5e5e5e came after it" },
      "Deployment of 1a2b3c4d to production is not needed any more: 5e5e5e5e came after it.",
    ],
    [
      "was followed by another",
      { ...ran, state: "superseded", reason: "5e5e5e5e took its place" },
      "Environment production ran 1a2b3c4d until 5e5e5e5e took its place.",
    ],
    [
      "was taken back",
      { ...ran, state: "rolled-back", reason: "rolled back by ben: worse fits" },
      "Environment production does not run 1a2b3c4d any more: rolled back by ben: worse fits.",
    ],
  ])("says in its first line that it %s", (_name, deployment, expected) => {
    expect(headline(deployment)).toBe(expected);
  });

  test("keeps the sentence that it was asked for, whatever has become of it", () => {
    const states = ["requested", "waiting", "deployed", "failed", "superseded", "rolled-back"] as const;
    for (const state of states)
      expect(text({ ...base, state }), state).toContain("Deployment request for environment production received");
  });

  test("says which gates are closed, whose they are and since when, and who said yes", () => {
    const held = waiting(gate("approval", "expert"), gate("lock", "ben"));
    const shown = text({ ...held, consents: [{ to: "confirm", by: "cem", at: AT }] });
    expect(shown).toMatch(/expert, since .*: approval is closed/);
    expect(shown).toMatch(/ben, since .*: lock is closed/);
    expect(shown).toContain("cem confirmed it");
  });

  test.each<[string, Deployment, string[]]>([
    ["nothing while it is checked", base, []],
    ["a person's yes", waiting(gate("request", "anyone")), ["Deploy", "Plan"]],
    ["an approval", waiting(gate("confirm", "x"), gate("approval", "expert")), ["Approve", "Plan"]],
    ["the end of a lock", waiting(gate("lock", "ben")), ["Unlock", "Plan"]],
    ["nothing that goes through a freeze by one press", waiting(gate("freeze", "ben")), ["Plan"]],
    ["the way back while it runs", ran, ["Roll back", "Plan"]],
    ["no way back from the first", { ...ran, from: null }, []],
    ["nothing once it has ended", { ...ran, state: "rolled-back" }, []],
    ["nothing for a commit with mistakes", { ...base, state: "failed" }, []],
  ])("offers %s", (_name, deployment, labels) => {
    expect(buttonsOf(deployment).map(({ label }) => label)).toEqual(labels);
  });

  test("offers what changes something only as long as it stands as it was shown", () => {
    for (const deployment of [waiting(gate("approval", "expert"), gate("lock", "ben")), ran])
      for (const button of buttonsOf(deployment).filter(({ label }) => label !== "Plan"))
        expect(button.while).toEqual({ deployment: 7, state: deployment.state });
  });

  test("names in its buttons just this commit and this environment", () => {
    const mirror = { ...waiting(gate("approval", "expert")), environment: "mirror/try" };
    expect(buttonsOf(mirror).map(({ words }) => words.join(" "))).toEqual([
      "deploy mirror/try 1a2b3c4d",
      "plan 1a2b3c4d --from 9f8e7d6c --env mirror/try",
    ]);
    expect(buttonsOf(ran)[0]?.words).toEqual(["rollback", "production"]);
  });

  test("speaks of what is over once nobody can do anything about it", () => {
    const over = (["requested", "waiting", "deployed", "failed", "superseded", "rolled-back"] as const).filter(
      (state) => isOver({ ...base, state }),
    );
    expect(over).toEqual(["failed", "superseded", "rolled-back"]);
  });
});

describe("the thread of a deployment", () => {
  test("has the plan once for each thing that ran before, and says against what a mirror's is", () => {
    const first = planDetail(base, { ...PLAN, from: BEFORE });
    expect(planDetail(ran, { ...PLAN, from: BEFORE }).key).toBe(first.key);
    expect(planDetail(base, { ...PLAN, from: COMMIT }).key).not.toBe(first.key);
    expect(JSON.stringify(planDetail({ ...base, environment: "mirror/try" }, PLAN))).toContain("Against production:");
  });

  test("says who said yes to what", () => {
    const consents = (["confirm", "approve"] as const).map((to) => ({ to, by: "ann", at: AT }));
    expect(yesDetail(base, consents).map(({ blocks }) => blocks)).toEqual([
      [{ kind: "text", parts: ["ann", " ", "confirmed it and approved it", "."] }],
    ]);
  });

  test("says how long it took, and how long it had waited", () => {
    const late = { ...ran, endedAt: AT + 2 * 3_600_000 };
    expect(JSON.stringify(deployedDetail(ran, 3_000).blocks)).not.toContain("waited");
    expect(JSON.stringify(deployedDetail(late, 3_000).blocks)).toContain("after it had waited 2h");
  });

  test("lists mistakes where there are more than the one that the card tells", () => {
    const issue = (line: number) => ({
      code: "x",
      file: "calops.yaml",
      line,
      column: 1,
      what: `mistake ${line}`,
      instead: "",
    });
    const issues = (count: number) => Array.from({ length: count }, (_, index) => issue(index + 1));
    expect(mistakesDetail(base, issues(1))).toEqual([]);
    const [all] = mistakesDetail(base, issues(25));
    expect(JSON.stringify(all)).toContain("mistake 20");
    expect(JSON.stringify(all)).toContain("5 more mistakes");
  });
});
