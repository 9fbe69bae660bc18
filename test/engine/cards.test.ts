import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { deploymentCard, deploymentKey } from "../../src/core/deployment/card.ts";
import { textOf } from "../fakes/memory-chat.ts";
import type { Files } from "../fakes/memory-repository.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
/** A chat that is away is told in the log. */
const AWAY = "a message did not get through";
afterEach(async () => {
  expect((harness?.faults ?? []).filter((fault) => !fault.startsWith(AWAY))).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const T0 = 'tasks: { fit: { run: ["true"] } }\n';
const PEOPLE = `people:
  ann: { name: Ann, email: ann@x.org, roles: [expert] }
  ben: { name: Ben, email: ben@x.org, roles: [expert] }
`;
const APPROVED = "production: { require: { approval: expert } }\n";
const files = (rules: string, more: Files = {}): Files =>
  configOf({ t0: T0 }, { "people.yaml": PEOPLE, "environments.yaml": rules, ...more });
const BEN = { id: "ben", roles: ["expert"], owner: false };

const deployments = async () => (await harness?.store.queries.deploymentPage({ limit: 100 })) ?? [];
const newest = async () => {
  const [one] = await deployments();
  if (!one) throw new Error("nothing was deployed");
  return one;
};
const shows = (key: string) => harness?.chat.shows(key) ?? "";

describe("a deployment", () => {
  test("is one message, which is edited as it waits, is deployed and is followed by another", async () => {
    harness = await startHarness({ files: files(APPROVED), hearsStart: true });
    const card = deploymentKey(await newest());
    expect(shows(card)).toMatch(/^Deployment request for environment production received, .*; it waits:\n/);
    expect(shows(card)).toContain("type: deploy production ");
    const { commit } = await newest();
    await harness.command(`deploy production ${commit}`, BEN);
    expect(shows(card)).toMatch(/^Environment production deployed successfully\n/);
    expect(shows(card)).toContain("ben approved it");

    const next = harness.repository.push(files(APPROVED, { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer binning");
    await harness.follow();
    const other = deploymentKey(await newest());
    expect(shows(other)).not.toContain("type: rollback");
    await harness.command(`deploy production ${next}`, BEN);
    expect(shows(other)).toContain("type: rollback production");
    expect(shows(card)).toMatch(/^Environment production ran \w{8} until \w{8} took its place\.\n/);
    expect(shows(card)).not.toContain("type:");
    await harness.command("rollback production worse fits", { id: "ann" });
    expect(shows(other)).toMatch(/^Environment production does not run .* any more: rolled back by ann: worse fits\./);
    expect(shows(deploymentKey(await newest()))).toMatch(/deployed successfully: ann rolled it back\n/);
  });

  test("has its plan, who said yes and how long it took in the thread of its card, each once", async () => {
    harness = await startHarness({ files: files(APPROVED) });
    const first = await newest();
    await harness.command(`deploy production ${first.commit}`, BEN);
    const { commit, id } = await (async () => {
      harness?.repository.push(files(APPROVED, { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer binning");
      await harness?.follow();
      return newest();
    })();
    await harness.pass(2 * 3_600_000);
    await harness.command(`deploy production ${commit}`, BEN);
    expect(harness.chat.under(`deployment ${id}`)).toEqual([
      expect.stringMatching(/1 workflow changed/),
      expect.stringMatching(/^ben asked for it and approved it\.$/),
      expect.stringMatching(/^It was checked and switched to in .*, after it had waited 2h\.$/),
    ]);
  });

  test("says what it waits for now, when somebody locks what it waits for", async () => {
    harness = await startHarness({ files: files("{}") });
    await harness.command("freeze production 8h: new people on shift", { id: "ann" });
    harness.repository.push(files("{}"), "second");
    await harness.follow();
    const card = deploymentKey(await newest());
    expect(shows(card)).toContain("frozen until");
    await harness.command("lock production looking for the bad run", BEN);
    expect(shows(card)).toContain("locked by ben: looking for the bad run");
    expect(shows(card)).toContain("unlock production");
  });

  test("tells all mistakes of its commit in the thread, and the first in the card", async () => {
    harness = await startHarness({ files: files("{}") });
    harness.repository.push(files("{}", { "runtypes.yaml": "physics: { filtre: x, worflows: [] }\n" }), "typos");
    await harness.follow();
    const card = deploymentKey(await newest());
    expect(shows(card)).toMatch(/^Environment production is not deployed: runtypes.yaml:1:12: unknown key "filtre"/);
    expect(harness.chat.under(card)).toEqual([expect.stringContaining('unknown key "worflows"')]);
  });

  test("whose card somebody deleted has a new one from the next change on, with its thread", async () => {
    harness = await startHarness({ files: files(APPROVED), hearsStart: true });
    const { id, commit } = await newest();
    const card = `deployment ${id}`;
    harness.chat.lose(card);
    await harness.command(`deploy production ${commit}`, BEN);
    await harness.pass(10_000);
    expect(shows(card)).toMatch(/^Environment production deployed successfully/);
    expect(harness.chat.under(`${card} anew`)).toContainEqual(
      expect.stringMatching(/^It was checked and switched to in /),
    );
  });

  test("is told when the chat is back, with its thread under it, as it stands by then", async () => {
    harness = await startHarness({ files: files("{}") });
    harness.chat.away = true;
    harness.repository.push(files("{}", { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer binning");
    await harness.follow();
    const card = deploymentKey(await newest());
    expect(harness.chat.shows(card)).toBeUndefined();
    harness.chat.away = false;
    await harness.pass(60_000);
    expect(shows(card)).toMatch(/^Environment production deployed successfully/);
    expect(harness.chat.under(card)).toHaveLength(2);
    expect(harness.chat.calls.filter(({ key }) => key === card)).toHaveLength(1);
  });

  test("reads in the end as it stands, whatever happened in whatever order", async () => {
    const doing = fc.constantFrom(
      "push",
      "break",
      "deploy",
      "rollback",
      "lock",
      "unlock",
      "away",
      "back",
      "lose",
      "wait",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { minLength: 3, maxLength: 10 }), async (story) => {
        const one = await startHarness({ files: files(APPROVED), hearsStart: true });
        harness = one;
        let count = 0;
        for (const step of story) {
          const [last] = await deployments();
          if (step === "push")
            one.repository.push(files(APPROVED, { "workflows/t0/fit.sh": `# ${++count}\n` }), "a fit");
          if (step === "break") one.repository.push(files(APPROVED, { "calops.yaml": `${++count}` }), "a typo");
          if (step === "deploy") await one.command(`deploy production ${last?.commit}`, BEN);
          if (step === "rollback") await one.command("rollback production worse fits", { id: "ann" });
          if (step === "lock" || step === "unlock") await one.command(`${step} production x`, { id: "ann" });
          if (step === "away" || step === "back") one.chat.away = step === "away";
          if (step === "lose" && last) one.chat.lose(deploymentKey(last));
          if (step === "wait") await one.pass(7_000);
          await one.follow();
        }
        one.chat.away = false;
        await one.pass(60_000);
        await one.pass(60_000);
        const lost = new Set(story.includes("lose") ? (await deployments()).map(deploymentKey) : []);
        for (const deployment of await deployments()) {
          const key = deploymentKey(deployment);
          // One that was deleted after its last change stays deleted.
          if (lost.has(key) && one.chat.shows(key) === undefined) continue;
          expect(one.chat.shows(key)).toBe(textOf({ blocks: deploymentCard(deployment) }));
        }
        await one.stop();
        harness = undefined;
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});
