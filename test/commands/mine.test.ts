import { afterEach, expect, test } from "vitest";
import { type Harness, startHarness } from "../engine/harness.ts";
import { configOf } from "../engine/workflow-text.ts";
import { textOf } from "../fakes/memory-chat.ts";

let harness: Harness;
afterEach(() => harness.stop());

const show = async (id: string, roles: readonly string[] = []) =>
  textOf({ blocks: (await harness.command("mine", { id, roles, owner: false, via: "room" })).say });

test("a person sees what waits for them, and nothing of others", async () => {
  harness = await startHarness({
    files: configOf({ t0: 'tasks: { calibrate: { run: ["true"], retries: 0 } }\n' }),
    script: () => ({ exit: 1, log: "ERROR: no beam\n" }),
  });
  await harness.take({ run: 1 });
  await harness.pass(0);
  const task = await harness.task("t0", "calibrate", "1");
  await harness.command("lock production measuring", { id: "ben" });
  expect(await show("ann")).toMatch(
    /^1 failure of your workflows:\n {2}- t0\/calibrate of 1 since .*: ERROR: no beam \(alert 1\)$/,
  );
  expect(await show("ben")).toMatch(
    /^Environments that you keep as they are:\n {2}- production: locked since .*: measuring$/,
  );
  expect(await show("eve")).toBe("Nothing waits for eve. status tells how everything stands.");
  await harness.command(`skip ${task.id} no beam`);
  expect(await show("ann")).toMatch(/^Nothing waits for ann/);
});

test("whoever may deploy sees what waits for a word, with a button for it", async () => {
  const files = {
    ...configOf({ t0: 'tasks: { calibrate: { run: ["true"] } }\n' }),
    "environments.yaml": "production: { deploy: on-request }\n",
  };
  harness = await startHarness({ files });
  harness.repository.push({ ...files, "README.md": "news" }, "news");
  await harness.follow();
  expect(await show("ann", ["expert"])).toMatch(
    /1 deployment for which you can say yes:\n.*news\n {2}type: deploy production /,
  );
  expect(await show("ann")).toMatch(/^Nothing waits/);
});

test("whoever is on duty sees what nobody takes care of, and whoever took something what they have", async () => {
  harness = await startHarness({
    files: configOf(
      { t0: 'tasks: { calibrate: { run: ["true"], retries: 0 } }\n' },
      {
        "people.yaml":
          "people: { ann: { name: Ann }, jun: { name: Jun }, eve: { name: Eve } }\noncall: { shift: { start: 2026-11-01, every: 365d, people: [jun, eve] } }\n",
      },
    ),
    script: () => ({ exit: 1, log: "ERROR: no beam\n" }),
  });
  await harness.take({ run: 1 });
  await harness.pass(0);
  expect(await show("jun")).toMatch(
    /^You are on duty in shift until 2027-.*\n1 alert that nobody takes care of:\n {2}- alert 1: t0\/calibrate of 1 task: ERROR: no beam, since .*\n {2}type: ack 1$/,
  );
  expect(await show("eve")).toMatch(/^Nothing waits for eve/);
  await harness.command("ack 1", { id: "eve" });
  expect(await show("eve")).toMatch(/^1 alert in your hands:\n {2}- alert 1: .*, until /);
  expect(await show("jun")).toMatch(/^You are on duty in shift until [^\n]*$/);
});
