import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { LocalExecutor } from "../../../src/adapters/executors/local/local.ts";
import { processesWith } from "../../../src/adapters/executors/local/processes.ts";
import { parseVerdict } from "../../../src/adapters/executors/local/verdict.ts";
import type { Sighting } from "../../../src/ports/executor.ts";
import { until } from "../../contracts/executor.ts";
import { anOrder } from "../../contracts/orders.ts";
import { endIn, localContract, type More, partsOf, sh } from "./local-ground.ts";

const open = (root: string, more: More = {}) => new LocalExecutor({ ...partsOf(root, more), clock: systemClock() });

localContract("local, in a process of its own", false);

describe("a local job", () => {
  let root: string;
  let executor: LocalExecutor;
  let seen: Sighting[];
  const start = (more: More = {}) => {
    executor = open(root, more);
    executor.onSighting((sightings) => seen.push(...sightings));
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "calops-local-"));
    seen = [];
  });
  afterEach(async () => {
    await executor.close();
    rmSync(root, { recursive: true, force: true });
  });
  const endOf = (key: string) => endIn(seen, key);
  const logOf = (key: string) => readFileSync(join(root, "jobs", key, "log"), "utf8");

  test("works in a directory of its own, with its facts, and without the secrets of the bot", async () => {
    start({ env: { PATH: process.env["PATH"], HOME: "/home/x", REGISTRY_TOKEN: "geheim" } });
    await executor.submit([
      anOrder("env", sh('pwd; cat "$CALOPS_JOB"; env; ls "$CALOPS_OUT"'), { env: { CALOPS_RUN: "8215", LEVEL: "3" } }),
    ]);
    expect(await endOf("env")).toMatchObject({ exitCode: 0 });
    const log = logOf("env");
    expect(log).toContain(`${root}/jobs/env/work\n`);
    expect(log).toContain('"experiment": "Test"');
    expect(log).toMatch(/CALOPS_RUN=8215/);
    expect(log).toMatch(/LEVEL=3/);
    expect(log).not.toContain("geheim");
  });

  test("that runs longer than it may is asked to end, and ends", async () => {
    start();
    await executor.submit([anOrder("slow", ["sleep", "30"], { walltimeMs: 200 })]);
    expect(await endOf("slow")).toMatchObject({ ended: "walltime", signal: "SIGTERM" });
  });

  test("that forks, leaves its group and ignores being asked is forced, with everything that it started", async () => {
    start();
    const stubborn = sh("trap '' TERM; setsid sh -c \"trap '' TERM; sleep 30\" & sleep 30 & wait; sleep 30");
    await executor.submit([anOrder("stubborn", stubborn, { walltimeMs: 300 })]);
    await until(() => processesWith("stubborn").length >= 3);
    expect(await endOf("stubborn")).toMatchObject({ ended: "walltime", exitCode: null, signal: "SIGKILL" });
    await until(() => processesWith("stubborn").length === 0);
  });

  test("that ends leaves no process of its group behind", async () => {
    start();
    await executor.submit([anOrder("litter", sh("sleep 30 & exit 0"))]);
    expect(await endOf("litter")).toMatchObject({ exitCode: 0 });
    await until(() => processesWith("litter").length === 0);
  });

  test("that writes more log than it may is ended", async () => {
    start();
    await executor.submit([anOrder("talker", sh("yes"), { logLimit: 100_000 })]);
    expect(await endOf("talker")).toMatchObject({ ended: "log-limit" });
  });

  test("may write anything into its log", async () => {
    start();
    await executor.submit([anOrder("binary", sh("head -c 100000 /dev/urandom; printf '\\033[31mred\\n'"))]);
    expect(await endOf("binary")).toMatchObject({ exitCode: 0 });
    expect(statSync(join(root, "jobs/binary/log")).size).toBe(100_009);
  });

  test("whose program is not there says so", async () => {
    start();
    await executor.submit([anOrder("missing", ["./no-such-program"])]);
    expect(await endOf("missing")).toMatchObject({ exitCode: 127 });
    expect(logOf("missing")).toContain("not found");
  });

  test("that something kills is told with the signal", async () => {
    start();
    await executor.submit([anOrder("shot", sh("kill -9 $$"))]);
    expect(await endOf("shot")).toMatchObject({ exitCode: 137, signal: "SIGKILL", ended: null });
  });

  test("whose shell is killed is told too, and what it had started does not live on", async () => {
    start();
    await executor.submit([anOrder("orphan", sh("sleep 30"))]);
    const pid = await until(
      () =>
        existsSync(join(root, "jobs/orphan/claim")) &&
        Number(readFileSync(join(root, "jobs/orphan/claim"), "utf8").split(" ")[0]),
    );
    await until(() => processesWith("orphan").length >= 2);
    process.kill(pid, "SIGKILL");
    expect(await endOf("orphan")).toMatchObject({ exitCode: null, signal: "SIGKILL" });
    await until(() => processesWith("orphan").length === 0);
  });

  test("that vanished while no bot was there is told as vanished", async () => {
    start();
    const order = anOrder("gone", ["sleep", "30"]);
    await executor.submit([order]);
    const pid = await until(
      () =>
        existsSync(join(root, "jobs/gone/claim")) &&
        Number(readFileSync(join(root, "jobs/gone/claim"), "utf8").split(" ")[0]),
    );
    await executor.close();
    process.kill(-pid, "SIGKILL");
    await until(() => processesWith("gone").length === 0);
    start();
    expect(await executor.survey([{ ...order, externalId: null }])).toMatchObject({
      answered: true,
      sightings: [{ state: "vanished" }],
    });
  });

  test("of an earlier bot keeps its walltime", async () => {
    start();
    const order = anOrder("old", ["sleep", "30"], { walltimeMs: 1_000 });
    await executor.submit([order]);
    await until(() => existsSync(join(root, "jobs/old/claim")));
    await executor.close();
    start();
    await executor.survey([{ ...order, externalId: null }]);
    expect(await endOf("old")).toMatchObject({ ended: "walltime" });
  });

  test("waits for a place, and no more run at once than there are", async () => {
    start({ slots: 2 });
    const gate = join(root, "gate");
    const script = `echo in >> ${root}/count; while [ ! -e ${gate} ]; do sleep 0.02; done`;
    await executor.submit([1, 2, 3, 4].map((n) => anOrder(`j${n}`, sh(script))));
    await until(() => existsSync(`${root}/count`) && readFileSync(`${root}/count`, "utf8").split("\n").length === 3);
    expect(await executor.survey([{ ...anOrder("j4", []), externalId: null }])).toMatchObject({
      sightings: [{ state: "queued" }],
    });
    writeFileSync(gate, "");
    await Promise.all(["j1", "j2", "j3", "j4"].map(endOf));
    expect(readFileSync(`${root}/count`, "utf8").trim().split("\n")).toHaveLength(4);
  });

  test("that cannot be started while the disk does not do its part is started once it does", async () => {
    start();
    mkdirSync(join(root, "jobs"));
    writeFileSync(join(root, "jobs/blocked"), "a file where the directory should be");
    await executor.submit([anOrder("blocked", ["true"])]);
    expect(await executor.survey([{ ...anOrder("other", []), externalId: null }])).toMatchObject({ answered: true });
    rmSync(join(root, "jobs/blocked"));
    expect(await endOf("blocked")).toMatchObject({ exitCode: 0 });
  });
});

test("a verdict whose end is missing does not count", () => {
  expect(parseVerdict("0\n0m0.00s 0m0.00s\n0m1.25s 0m0.5s\nend\n")).toEqual({ exitCode: 0, cpuMs: 1_750 });
  expect(parseVerdict("0\n0m0.00s")).toBeUndefined();
  expect(parseVerdict("")).toBeUndefined();
});
