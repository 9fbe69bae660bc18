/** What every executor keeps, and every stand-in for one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Order } from "../../src/core/job/order.ts";
import type { Executor, JobEnd, Sighting, Surveyed } from "../../src/ports/executor.ts";
import { anOrder as plainOrder } from "./orders.ts";

/** Programs that the contract needs, as argument lists of this executor. */
export type Programs = {
  readonly succeed: readonly string[];
  readonly exit3: readonly string[];
  /** Runs until it is ended, and ends when it is asked to. */
  readonly stay: readonly string[];
  /** Appends a line to the file that is named, which lies in `$CALOPS_OUT`. */
  readonly append: (file: string) => readonly string[];
  /** Writes a file into `$CALOPS_OUT`. */
  readonly output: (name: string) => readonly string[];
};

export type ExecutorGround = {
  /** An executor on the same ground: a second one is what a bot finds that was started anew. */
  readonly open: () => Executor;
  readonly root: string;
  readonly programs: Programs;
  /** Whether its orders are to be isolated. */
  readonly isolated?: boolean;
  readonly clean: () => Promise<void>;
};

export function executorContract(name: string, setup: () => Promise<ExecutorGround>): void {
  describe(`the executor ${name}`, () => {
    let ground: ExecutorGround;
    let executor: Executor;
    let seen: Sighting[];
    const watch = (one: Executor) => one.onSighting((sightings) => seen.push(...sightings));
    beforeEach(async () => {
      ground = await setup();
      executor = ground.open();
      seen = [];
      watch(executor);
    });
    afterEach(async () => {
      await executor.close();
      await ground.clean();
    });

    const anOrder = (key: string, command: readonly string[]) =>
      plainOrder(key, command, { isolated: ground.isolated ?? false });
    const surveyed = (order: Order): Surveyed => ({
      key: order.key,
      directory: order.directory,
      externalId: null,
      walltimeMs: order.walltimeMs,
    });
    const endOf = async (key: string): Promise<JobEnd> =>
      await until(
        () => seen.find((one) => one.key === key && one.state === "ended") as { end: JobEnd } | undefined,
      ).then((one) => one.end);
    const stateOf = async (order: Order) => {
      const survey = await executor.survey([surveyed(order)]);
      return survey.answered ? survey.sightings[0]?.state : "unanswered";
    };

    test("runs a job to its end and tells it, with its outputs in place", async () => {
      const order = anOrder("one", ground.programs.output("result.txt"));
      expect(await executor.submit([order])).toEqual([{ kind: "accepted", externalId: null }]);
      const end = await endOf("one");
      expect(end).toMatchObject({ exitCode: 0, ended: null });
      expect(end.endedAt).toBeGreaterThanOrEqual(end.startedAt ?? 0);
      expect(existsSync(join(ground.root, order.directory, "out", "result.txt"))).toBe(true);
      expect(await stateOf(order)).toBe("ended");
    });

    test("tells the exit code of a job that fails", async () => {
      await executor.submit([anOrder("bad", ground.programs.exit3)]);
      expect(await endOf("bad")).toMatchObject({ exitCode: 3, ended: null });
    });

    test("runs a key once, however often it is handed over", async () => {
      const file = join(ground.root, "jobs/twice/out/started");
      const order = anOrder("twice", ground.programs.append(file));
      await executor.submit([order, order]);
      await executor.submit([order]);
      await endOf("twice");
      await executor.submit([order]);
      await until(async () => (await stateOf(order)) === "ended");
      expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(1);
    });

    test("takes an order that is to be isolated if it can do that, and refuses it otherwise", async () => {
      const order = plainOrder("isolated", ground.programs.succeed, { isolated: true });
      const why = await executor.cannotIsolate();
      expect(await executor.submit([order])).toEqual([
        why === undefined
          ? { kind: "accepted", externalId: null }
          : { kind: "refused", why: expect.stringContaining(why) },
      ]);
      if (why === undefined) await endOf("isolated");
      else expect(await stateOf(order)).toBe("absent");
    });

    test("takes many orders at once and ends them all", async () => {
      const orders = Array.from({ length: 30 }, (_, index) => anOrder(`many-${index}`, ground.programs.succeed));
      expect(await executor.submit(orders)).toHaveLength(30);
      await until(() => new Set(seen.filter((one) => one.state === "ended").map((one) => one.key)).size === 30);
    });

    test("knows nothing of a key that it was never given", async () => {
      expect(await stateOf(anOrder("never", ground.programs.succeed))).toBe("absent");
    });

    test("ends a job that is cancelled, and does not mind a key that it does not know", async () => {
      const order = anOrder("long", ground.programs.stay);
      await executor.submit([order]);
      await until(async () => (await stateOf(order)) === "running");
      await executor.cancel([surveyed(order), surveyed(anOrder("nobody", ground.programs.succeed))]);
      expect(await endOf("long")).toMatchObject({ ended: "cancelled" });
    });

    test("finds the jobs of an earlier bot again, those that run and those that have ended", async () => {
      const done = anOrder("done", ground.programs.succeed);
      const running = anOrder("running", ground.programs.stay);
      await executor.submit([done, running]);
      await endOf("done");
      await until(async () => (await stateOf(running)) === "running");
      await executor.close();
      executor = ground.open();
      watch(executor);
      expect(await stateOf(done)).toBe("ended");
      expect(await stateOf(running)).toBe("running");
      await executor.submit([running]);
      await executor.cancel([surveyed(running)]);
      expect(await endOf("running")).toMatchObject({ ended: "cancelled" });
    });
  });
}

/** Waits for the world to get there; the test's own time limit is the only other one. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await wait(10);
  }
}
