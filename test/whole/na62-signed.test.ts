import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ask, calops, ROOT, startBot, temporary } from "./calops.ts";

type Row = { id: number; workflow: string; task: string; state: string; attempt: number };
type Event = { event: string; by: string; why: string | null };

const PATIENCE = { timeout: 120_000, interval: 500 };

test("the chain of NA62 run 8215 with its four rounds signed, one of them rejected once", async () => {
  const { directory, remove } = temporary();
  const config = join(directory, "config");
  for (const fixture of ["na62", "na62-signed"])
    cpSync(join(ROOT, "test/fixtures", fixture), config, { recursive: true });
  const data = join(directory, "data");
  await startBot(["--config", config, "--data", data]);
  const task = async (name: string) =>
    (await ask<Row[]>(data, "tasks", "--workflow", "calib")).find((row) => row.task === name);
  const waitsToBeSigned = (name: string, attempt = 1) =>
    vi.waitFor(async () => expect(await task(name)).toMatchObject({ state: "awaiting-signoff", attempt }), PATIENCE);

  await waitsToBeSigned("reco-c1a");
  // Nothing of the next round has begun.
  expect((await task("raw-c2"))?.state).toBe("held");
  await ask(data, "approve", "calib/reco-c1a@8215", "residuals look fine");

  await waitsToBeSigned("reco-c2a");
  await ask(data, "reject", "calib/reco-c2a@8215", "the RICH is 300 ps off");
  const rejected = await task("reco-c2a");
  expect(rejected?.state).toBe("failed");
  expect(await calops(["--data", data, "approve", "calib/reco-c2a@8215"])).toMatchObject({ code: 1 });
  expect((await task("raw-c3"))?.state).toBe("held");
  await ask(data, "reprocess", "calib/reco-c2a@8215", "--why", "with the RICH put right");
  await waitsToBeSigned("reco-c2a", 2);
  await ask(data, "approve", "calib/reco-c2a@8215", "better");

  for (const round of ["reco-c3a", "reco-c4a"]) {
    await waitsToBeSigned(round);
    await ask(data, "approve", `calib/${round}@8215`);
  }
  await vi.waitFor(async () => {
    const rows = await ask<Row[]>(data, "tasks", "--run", "8215");
    expect(rows.map((row) => row.state)).toEqual(Array(15).fill("done"));
  }, PATIENCE);
  const told = await ask<Event[]>(data, "history", "task", String(rejected?.id));
  expect(
    told.filter(({ event }) => event === "rejected" || event === "done").map(({ event, why }) => [event, why]),
  ).toEqual([
    ["done", expect.stringContaining("signed by")],
    ["rejected", expect.stringContaining("the RICH is 300 ps off")],
  ]);
  remove();
});
