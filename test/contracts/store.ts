/** What every store keeps, whichever database it stands on. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freshStanding } from "../../src/core/campaign/campaign.ts";
import { askToConfirm } from "../../src/core/chat/confirmation.ts";
import { newRequest } from "../../src/core/chat/request.ts";
import type { Group } from "../../src/core/group/group.ts";
import { newMessage } from "../../src/core/message.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { freshRelease } from "../../src/core/release/release.ts";
import { say } from "../../src/core/say.ts";
import type { Task } from "../../src/core/task/task.ts";
import { wantNew } from "../../src/core/ticket/life.ts";
import type { Ticket } from "../../src/core/ticket/ticket.ts";
import type { SignoffFilter } from "../../src/ports/queries.ts";
import { StaleWrite, type Store } from "../../src/ports/store.ts";
import {
  AT,
  aDeployment,
  aGroup,
  aJob,
  aJudgement,
  anAlert,
  anAttempt,
  anEnvironment,
  aResult,
  aRun,
  aSignoff,
  aTask,
} from "./things.ts";

export type StoreSetup = { readonly open: () => Promise<Store>; readonly clean: () => Promise<void> };

const PLACE = { channel: "C1", thread: "7.1", direct: false, remote: "https://answer.here" };
const HOME = { environment: "production", campaign: "prompt", workflow: "t0" };

export function storeContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`the store on ${name}`, () => {
    let ground: StoreSetup;
    let store: Store;
    beforeEach(async () => {
      ground = await setup();
      store = await ground.open();
    });
    afterEach(async () => {
      await store.close();
      await ground.clean();
    });
    const put = (things: Parameters<Parameters<Parameters<Store["transact"]>[0]>[0]["write"]>[0]["put"]) =>
      store.transact((tx) => tx.write({ put: things }));
    const reopen = async () => {
      await store.close();
      store = await ground.open();
    };

    test("gives back every thing as it was put, also after it was opened anew", async () => {
      const run = aRun(8215, {
        attributes: { type: "physics", quality: { pixel: "Good" }, luminosity: 12.5 },
        hold: { by: "ann", why: "look", since: AT },
        conflict: { why: "two types", since: AT },
      });
      const group = aGroup(1, {
        key: "fill-7",
        count: 2,
        luminosity: 3.25,
        firstRun: 1,
        lastRun: 2,
        state: "closed",
        closedAt: AT,
        closedWhy: "fill 8 began",
      });
      const task = aTask(1, {
        state: "held",
        reason: "why",
        waiting: [{ lock: "need", detail: "d", owner: "o", since: AT }],
        hold: { by: "ann", why: "x", since: AT },
        stale: { since: AT, why: "s" },
        used: "u",
        startedAt: AT,
        jobs: { total: 9, done: 1, running: 2, queued: 3, idle: 1, failed: 1, aborted: 1, failedAttempts: 7 },
      });
      const job = aJob(1, {
        state: "failed",
        held: true,
        share: { value: "barrel", files: ["a", "b"] },
        failure: { cause: "exit", exitCode: 3, message: "no" },
        key: "k",
        attempts: 2,
        failures: 2,
      });
      const attempt = anAttempt(1, 2, {
        state: "running",
        externalId: "4711",
        host: "n1",
        startedAt: AT,
        outputs: {
          metrics: { x: 1.5 },
          files: [{ path: "a.root", events: 3 }],
          payloads: [{ type: "t0", path: "a.root" }],
          verdict: null,
        },
        bytes: 123,
        kept: "log",
      });
      const alert = anAlert(1);
      await put({ runs: [run], groups: [group], tasks: [task], jobs: [job], attempts: [attempt], alerts: [alert] });
      await reopen();
      const { queries } = store;
      expect(await queries.runs([8215])).toEqual([{ ...run, version: 1 }]);
      expect(await queries.groups([1])).toEqual([{ ...group, version: 1 }]);
      expect(await queries.tasks([1])).toEqual([{ ...task, version: 1 }]);
      expect(await queries.jobs([1])).toEqual([{ ...job, version: 1 }]);
      expect(await queries.attempts(["key-1-2"])).toEqual([{ ...attempt, version: 1 }]);
      expect(await queries.firingAlert("f1")).toEqual({ ...alert, version: 1 });
    });

    test("shows nothing of a transaction before it is committed, and nothing at all of one that throws", async () => {
      await expect(
        store.transact(async (tx) => {
          await tx.write({ put: { tasks: [aTask(1)] }, wake: [{ errand: { kind: "task", ref: "1" }, at: AT }] });
          expect(await tx.tasks([1])).toHaveLength(1);
          throw new Error("on second thoughts");
        }),
      ).rejects.toThrow("on second thoughts");
      expect(await store.queries.tasks([1])).toEqual([]);
      expect(await store.queries.dueErrands(AT, 10, ["task"])).toEqual([]);
    });

    test("refuses a thing that is not the version that was read, and writes nothing of the rest either", async () => {
      await put({ tasks: [aTask(1), aTask(2)] });
      const [first] = await store.queries.tasks([1]);
      await put({ tasks: [{ ...(first as Task), reason: "by another" }] });
      await expect(put({ tasks: [{ ...(first as Task), reason: "too late" }, aTask(3)] })).rejects.toThrow(StaleWrite);
      await expect(put({ tasks: [aTask(2)] })).rejects.toThrow(StaleWrite);
      expect((await store.queries.tasks([1, 2, 3])).map((task) => [task.id, task.reason])).toEqual([
        [1, "by another"],
        [2, null],
      ]);
    });

    test("writes any number of things at once", async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 300 }), async (count) => {
          const base = (await store.queries.highestIds()).tasks;
          await put({
            tasks: Array.from({ length: count }, (_, index) => aTask(base + index + 1, { reason: `n${index}` })),
          });
          const page = await store.queries.taskPage({ limit: count + 1 });
          expect(page.filter((task) => task.id > base).map((task) => task.reason)).toEqual(
            Array.from({ length: count }, (_, index) => `n${count - index - 1}`),
          );
        }),
        { numRuns: 8 },
      );
    });

    test("keeps an errand once, due at the earliest moment that was asked for, and takes those that are due in their order", async () => {
      await store.transact((tx) =>
        tx.write({
          put: {},
          wake: [
            { errand: { kind: "task", ref: "1" }, at: AT + 50 },
            { errand: { kind: "task", ref: "1" }, at: AT + 20 },
            { errand: { kind: "task", ref: "1" }, at: AT + 30 },
            { errand: { kind: "run", ref: "9" }, at: AT + 20 },
            { errand: { kind: "alert", ref: "1" }, at: AT },
            { errand: { kind: "task", ref: "2" }, at: AT + 21 },
          ],
        }),
      );
      expect(await store.queries.nextErrand(["task", "run"])).toBe(AT + 20);
      await expect(
        store.transact(async (tx) => {
          await tx.takeErrands(AT + 20, 10, ["task", "run"]);
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      const taken = await store.transact((tx) => tx.takeErrands(AT + 20, 10, ["task", "run"]));
      expect(taken.map((errand) => `${errand.kind} ${errand.ref}`)).toEqual(["run 9", "task 1"]);
      expect(await store.queries.dueErrands(AT + 100, 10, ["task", "run", "alert"])).toMatchObject([
        { kind: "task", ref: "2" },
        { kind: "alert" },
      ]);
      await store.transact((tx) => tx.finishErrand({ kind: "alert", ref: "1" }));
      await store.transact((tx) => tx.advanceSchedule(1, AT + 20));
      expect(await store.queries.nextErrand(["task", "alert"])).toBe(AT + 20);
    });

    test("finds groups by what runs they have, and what covers them", async () => {
      await put({
        groups: [
          aGroup(1, { key: "fill-7" }),
          aGroup(2, { workflow: "reco", key: "1" }),
          aGroup(3, { workflow: "reco", key: "2" }),
          aGroup(4, { state: "merged" }),
        ],
        memberships: [
          { groupId: 1, run: 1, member: true },
          { groupId: 1, run: 2, member: true },
          { groupId: 2, run: 1, member: true },
          { groupId: 3, run: 2, member: true },
        ],
        tasks: [
          aTask(1, { groupId: 1, groupKey: "fill-7" }),
          aTask(2, { groupId: 2, workflow: "reco", name: "b" }),
          aTask(3, { groupId: 3, workflow: "reco", name: "b" }),
        ],
        runs: [aRun(1), aRun(2, { hold: { by: "ann", why: "x", since: AT } })],
      });
      const { queries } = store;
      expect((await queries.groupsOfRun(1)).map((group) => group.id).sort()).toEqual([1, 2]);
      expect((await queries.openGroup(HOME))?.id).toBe(1);
      expect((await queries.groupByKey(HOME, "fill-7"))?.id).toBe(1);
      expect((await queries.groupsToAbsorb(HOME)).map((group) => group.id)).toEqual([4]);
      expect(
        (await queries.covering(1, { workflow: "reco", task: "b" }, "production", "prompt")).map(({ task, runs }) => [
          task.id,
          runs,
        ]),
      ).toEqual([
        [2, [1]],
        [3, [2]],
      ]);
      expect(await queries.statesOverGroup(1, { workflow: "reco", task: "b" }, "production", "prompt")).toEqual([
        { run: 1, state: "new" },
        { run: 2, state: "new" },
      ]);
      const injected = { environment: "production", campaign: "prompt", by: "ann", at: AT };
      await put({
        injections: [
          { ...injected, run: 2 },
          { ...injected, run: 9 },
        ],
      });
      expect(await queries.statesOverCampaign("production", "prompt", { workflow: "reco", task: "b" })).toEqual([
        { run: 2, state: "new" },
      ]);
      const carded = { environment: "production", campaign: "prompt" };
      expect((await queries.tasksByKey(carded, "fill-7", ["reco", "t0"])).map(({ id }) => id)).toEqual([1]);
      expect(await queries.tasksByKey(carded, "fill-7", ["reco"])).toEqual([]);
      expect(await queries.tasksTouching(3, { workflow: "t0", task: "calibrate" }, "production")).toEqual([1]);
      expect((await queries.troubledRuns(1)).map((run) => run.number)).toEqual([2]);
      expect((await queries.tasksOfRuns([1], "production")).map(({ task }) => task.id)).toEqual([1, 2]);
      expect(await queries.runsOfGroups([1, 2])).toEqual(
        new Map([
          [1, [1, 2]],
          [2, [1]],
        ]),
      );
      await put({ memberships: [{ groupId: 1, run: 2, member: false }] });
      expect(await queries.runsOfGroup(1)).toEqual([1]);
    });

    test("finds the next group of which no task has begun", async () => {
      await put({
        groups: [aGroup(1), aGroup(2, { state: "closed" }), aGroup(3)],
        tasks: [aTask(1, { groupId: 2, state: "processing" }), aTask(2, { groupId: 3, state: "held" })],
      });
      expect((await store.queries.nextUnbegunGroup(aGroup(1)))?.id).toBe(3);
      expect(await store.queries.nextUnbegunGroup(aGroup(3))).toBeUndefined();
    });

    test("counts the lines in which jobs wait, and gives out the next of each", async () => {
      const jobs = [
        aJob(1),
        aJob(2, { notBefore: AT + 100 }),
        aJob(3, { held: true }),
        aJob(4, { state: "running" }),
        aJob(5, { priority: 5 }),
        aJob(6, { state: "done" }),
      ];
      await put({ jobs });
      const lanes = await store.queries.lanes();
      expect(lanes.sort((a, b) => a.priority - b.priority)).toMatchObject([
        { priority: 0, idle: 2, live: 1 },
        { priority: 5, idle: 1, live: 0 },
      ]);
      expect(
        (
          await store.queries.idleJobs(
            { executor: "local", environment: "production", workflow: "t0", priority: 0 },
            AT,
            10,
          )
        ).map((job) => job.id),
      ).toEqual([1]);
      expect(
        (
          await store.queries.idleJobs(
            { executor: "local", environment: "production", workflow: "t0", priority: 0 },
            AT + 100,
            1,
          )
        ).map((job) => job.id),
      ).toEqual([1]);
    });

    test("adds up tallies and usage", async () => {
      const tally = (count: number) => ({
        environment: "production",
        campaign: "prompt",
        workflow: "t0",
        task: "a",
        state: "done",
        count,
      });
      await put({ tallies: [tally(3)], usage: [{ environment: "production", workflow: "t0", bytes: 10 }] });
      await put({ tallies: [tally(-1)], usage: [{ environment: "production", workflow: "t0", bytes: 5 }] });
      expect(await store.queries.tallies("production")).toEqual([tally(2)]);
      expect(await store.queries.usage()).toEqual([{ environment: "production", workflow: "t0", bytes: 15 }]);
    });

    test("keeps a message that is told again as it is, and finds those that are not sent", async () => {
      const message = newMessage({ key: "k", chat: "console", channel: "#c", blocks: [] }, AT);
      await put({ posts: [message] });
      await put({ messages: [{ ...message, sentEdition: 1, remoteRef: "r" }] });
      await put({ posts: [message, { ...message, key: "other" }] });
      expect((await store.queries.unsentMessages(10)).map((one) => one.key)).toEqual(["other"]);
      expect(await store.queries.message("k", "console")).toMatchObject({ sentEdition: 1, remoteRef: "r" });
    });

    test("gives each channel its first messages, however many another has", async () => {
      const message = newMessage({ key: "k", chat: "room", channel: "#many", blocks: [say`hello`] }, AT);
      const many = Array.from({ length: 30 }, (_, n) => ({ ...message, key: `many ${n}`, dueAt: AT + n }));
      await put({ posts: [...many, { ...message, key: "one", channel: "#few", dueAt: AT + 99 }] });
      const unsent = await store.queries.unsentMessages(2);
      expect(unsent.map((one) => one.key)).toEqual(["many 0", "many 1", "one"]);
      const threaded = { ...message, key: "t", thread: { under: "k" }, place: PLACE, over: true, sending: true };
      await put({ posts: [threaded, { ...threaded, chat: "other" }] });
      await reopen();
      expect(await store.queries.message("t", "room")).toEqual(threaded);
      expect((await store.queries.messages("t")).map((one) => one.chat)).toEqual(["other", "room"]);
    });

    test("keeps what was asked in a chat until it is answered and a while after, and what is to be confirmed", async () => {
      const account = { chat: "room", id: "U1", name: "ann" };
      const asking = { kind: "form", seal: "s", values: { arg_task: "17" } } as const;
      const asked = newRequest({ key: "one", account, place: PLACE, asking }, AT);
      const answer = { to: "asker", blocks: [say`yes`] } as const;
      const answered = { ...newRequest({ ...asked, key: "two" }, AT), state: "answered", answer } as const;
      const confirmation = askToConfirm({ id: "k7mq2x", words: ["rollback"], by: "ann", basis: "b" }, AT);
      await put({ requests: [asked, answered], confirmations: [confirmation] });
      await reopen();
      expect(await store.queries.openRequests(5)).toEqual([asked]);
      expect(await store.queries.request("two")).toEqual(answered);
      expect(await store.queries.confirmation("k7mq2x")).toEqual(confirmation);
      await store.transact((tx) => tx.forgetAnswered(AT));
      expect(await store.queries.request("two")).toEqual(answered);
      await store.transact((tx) => tx.forgetAnswered(AT + 86_400_000));
      expect(await store.queries.openRequests(5)).toEqual([asked]);
      expect([await store.queries.request("two"), await store.queries.confirmation("k7mq2x")]).toEqual([
        undefined,
        undefined,
      ]);
    });

    test("keeps one code for each new account, found by its digest, and whose the account became", async () => {
      const account = { chat: "slack", id: "U1", name: "Ann" };
      const first = { account, digest: "d1", until: AT + 1, usedAt: null };
      await put({ linkCodes: [first, { ...first, account: { ...account, chat: "mattermost" }, digest: "d2" }] });
      await put({ linkCodes: [{ ...first, digest: "d3", usedAt: AT }] });
      const linked = { chat: "slack", id: "U1", person: "ann", since: AT };
      await put({ linkedAccounts: [linked, { ...linked, id: "U0" }, { ...linked, id: "U2", person: null }] });
      await reopen();
      expect(await store.queries.linkCode("d1")).toBeUndefined();
      expect(await store.queries.linkCode("d3")).toEqual({ ...first, digest: "d3", usedAt: AT });
      expect(await store.queries.linkedAccounts()).toEqual([{ ...linked, id: "U0" }, linked]);
      expect(await store.queries.linkedAccount("slack", "U2")).toMatchObject({ person: null });
      await put({ linkedAccounts: [{ ...linked, person: null }] });
      expect(await store.queries.linkedAccounts()).toEqual([{ ...linked, id: "U0" }]);
      expect(await store.queries.linkedAccount("mattermost", "U1")).toBeUndefined();
    });

    test("keeps what was done about an alert, and what it speaks of without that the alert grows", async () => {
      const alert = anAlert(1, {
        state: "acknowledged",
        acknowledged: { by: "jun", at: AT, until: AT + 10, why: "cable" },
        severity: "critical",
        open: 3,
        round: 2,
        toldAt: AT,
        steps: 1,
        quiet: true,
        past: { before: 2, lastAt: AT, healed: 1, healedWithinMs: 5 },
      });
      const resolved = anAlert(2, {
        state: "resolved",
        fingerprint: "f1",
        firstAt: AT - 9,
        resolvedAt: AT,
        handledBy: "ann",
      });
      const task = (id: number, more = {}) => ({
        alert: 1,
        task: id,
        attempt: 1,
        group: String(id),
        failedAt: AT + id,
        failing: true,
        ...more,
      });
      await put({ alerts: [alert, resolved], alertTasks: [task(1), task(2), task(3), task(4, { failing: false })] });
      await reopen();
      const { queries } = store;
      const kept = { ...alert, version: 1 };
      expect(await queries.alertsById([1, 2])).toEqual([kept, { ...resolved, version: 1 }]);
      expect(await queries.firingAlert("f1")).toEqual(kept);
      expect(await queries.firingAlerts()).toEqual([kept]);
      expect(await queries.firingAlerts("mirror/a")).toEqual([]);
      expect(await queries.firingKinds(alert)).toBe(1);
      expect((await queries.alertsOfKind("f1", AT - 5)).map(({ id }) => id)).toEqual([1]);
      expect((await queries.alertsOfKind("f1", AT - 10)).map(({ id }) => id)).toEqual([1, 2]);
      expect((await queries.alertsBetween(AT, AT + 1, 9)).map(({ id }) => id)).toEqual([2, 1]);
      expect(await queries.alertsBetween(AT + 1, AT + 2, 9)).toEqual([]);
      expect(await queries.alertTask(1, 4)).toEqual(task(4, { failing: false }));
      expect((await queries.failingTasks(1, 2)).map((one) => one.task)).toEqual([2, 3]);
      expect(await queries.alertsOfTask(3)).toEqual([{ alert: kept, known: task(3) }]);
      expect(await queries.alertsOfTask(4)).toEqual([]);
    });

    test("knows who did something about a task, and whether a workflow is under way", async () => {
      const entry = (by: string, at: number) => ({
        at,
        kind: "task" as const,
        ref: "1",
        event: "x",
        by,
        why: null,
        commit: null,
        detail: null,
      });
      await store.transact((tx) =>
        tx.write({
          put: { tasks: [aTask(1), aTask(2, { workflow: "t1", name: "b", groupId: 2, state: "done" })] },
          history: [entry("ann", AT), entry("jun", AT + 1), entry("calops", AT + 2)],
        }),
      );
      expect(await store.queries.handlerOf(1, AT)).toBe("jun");
      expect(await store.queries.handlerOf(1, AT + 2)).toBeUndefined();
      expect(await store.queries.isUnderWay("production", "t0")).toBe(true);
      expect(await store.queries.isUnderWay("production", "t1")).toBe(false);
      expect(await store.queries.isUnderWay("mirror/a", "t0")).toBe(false);
    });

    test("keeps silences as long as they last, and who waits to be told something until they were", async () => {
      const silence = (id: number, until: number) => ({
        id,
        matchers: [{ what: "workflow", value: "t0" } as const],
        by: "jun",
        at: AT,
        until,
        why: "cable",
        endedBy: null,
      });
      const waits = { person: "jun", environment: "production", to: { run: 8215 }, at: AT, toldAt: null };
      const other = { ...waits, person: "ann", to: { workflow: "t0" }, at: AT + 1 };
      await put({ silences: [silence(1, AT + 5), silence(2, AT + 9)], subscriptions: [other, waits] });
      await reopen();
      expect(await store.queries.silences(AT + 4)).toEqual([silence(1, AT + 5), silence(2, AT + 9)]);
      expect(await store.queries.silences(AT + 5)).toEqual([silence(2, AT + 9)]);
      expect(await store.queries.silence(1)).toEqual(silence(1, AT + 5));
      expect((await store.queries.highestIds()).silences).toBe(2);
      expect(await store.queries.subscriptions()).toEqual([waits, other]);
      await put({ subscriptions: [{ ...waits, toldAt: AT + 2 }] });
      expect(await store.queries.subscriptions()).toEqual([other]);
    });

    test("keeps constants on their way, by their task and in the order of their runs", async () => {
      const of = { environment: "production", campaign: "prompt", workflow: "t0", task: "calibrate" };
      const iov = { type: "t0", payload: "a".repeat(64), from: { major: 1, minor: 0 }, until: null };
      const publication = (taskId: number, run: number, more: object = {}) => ({
        ...of,
        taskId,
        attempt: 1,
        tag: "staging",
        state: "waiting" as const,
        reason: null,
        run,
        iovs: [iov],
        waitsUntil: AT + 9,
        createdAt: AT,
        endedAt: null,
        version: 0,
        ...more,
      });
      const [late, early] = [publication(7, 12), publication(9, 11)];
      const ended = publication(8, 10, { state: "published", endedAt: AT + 1, reason: "there is nothing to publish" });
      await put({ publications: [late, early, ended] });
      await reopen();
      expect(await store.queries.publications(8)).toEqual([{ ...ended, version: 1 }]);
      expect((await store.queries.openPublications(of)).map(({ run }) => run)).toEqual([11, 12]);
      expect(await store.queries.openPublications({ ...of, campaign: "proc8" })).toEqual([]);
      await expect(put({ publications: [early] })).rejects.toThrow(StaleWrite);
    });

    test("finds the first task of its kind that has not ended and whose runs are all earlier", async () => {
      const member = (groupId: number, run: number) => ({ groupId, run, member: true });
      await put({
        tasks: [aTask(1, { state: "done" }), aTask(2, { state: "awaiting-signoff" }), aTask(3), aTask(4)],
        memberships: [member(1, 1), member(2, 2), member(2, 3), member(3, 5), member(4, 9)],
      });
      const of = { environment: "production", campaign: "prompt", workflow: "t0", task: "calibrate" };
      expect(await store.queries.earliestUnended(of, 9)).toEqual({ run: 3, taskId: 2, what: "awaiting-signoff" });
      expect(await store.queries.earliestUnended(of, 3)).toBeUndefined();
      expect(await store.queries.earliestUnended({ ...of, task: "other" }, 9)).toBeUndefined();
    });

    test("keeps what tasks want of tags, and what they used, found by stretch and by payload", async () => {
      const span = { from: { major: 5, minor: 0 }, until: { major: 6, minor: 0 } };
      const want = (taskId: number, more: object = {}) => ({
        taskId,
        position: -1,
        attempt: 1,
        environment: "production",
        tag: "prompt",
        types: ["t0"],
        holding: "valid" as const,
        span,
        state: "closed" as const,
        detail: "t0 has none at 5",
        found: [],
        askedAt: AT,
        failures: 0,
        waiting: true,
        round: 1,
        ...more,
      });
      const use = (taskId: number, major: number, more: object = {}) => ({
        taskId,
        attempt: 1,
        environment: "production",
        tag: "prompt",
        type: "t0",
        payload: "b".repeat(64),
        iov: { from: { major: 1, minor: 0 }, until: null },
        span: { from: { major, minor: 0 }, until: { major: major + 1, minor: 0 } },
        place: "/data/payloads/b",
        changed: null,
        ...more,
      });
      const uses = [use(1, 5), use(2, 6), use(2, 6, { iov: { from: { major: 6, minor: 3 }, until: null } }), use(3, 7)];
      await put({ wants: [want(1), want(2, { waiting: false }), want(3, { position: 0 })], constantUses: uses });
      await reopen();
      expect(await store.queries.wants(1)).toEqual([want(1)]);
      expect((await store.queries.waitingWants("production", "prompt", 0, 9)).map((one) => one.taskId)).toEqual([1, 3]);
      expect(await store.queries.waitingWants("production", "prompt", 1, 9)).toEqual([want(3, { position: 0 })]);
      expect(await store.queries.constantsUsed(1, 1)).toEqual([uses[0]]);
      const t0 = { environment: "production", tag: "prompt", type: "t0" };
      const within = (from: number, until: number | null, after = 0, limit = 9) =>
        store.queries.usesWithin(
          t0,
          { from: { major: from, minor: 0 }, until: until === null ? null : { major: until, minor: 0 } },
          after,
          limit,
        );
      expect((await within(6, 7)).uses.map((one) => one.taskId)).toEqual([2, 2]);
      expect((await within(6, null)).tasks).toBe(2);
      // Never half of what one task used.
      expect(await within(0, null, 1, 1)).toMatchObject({ tasks: 1, uses: [{ taskId: 2 }, { taskId: 2 }] });
      expect((await within(0, 5)).uses).toEqual([]);
      expect((await store.queries.usesOf("b".repeat(64), 2)).map((one) => one.taskId)).toEqual([3, 2]);
    });

    test("keeps holds for release by their groups, and takes none that somebody else has changed", async () => {
      const wishes = [{ byMs: null, by: "mia", why: "now", at: AT }];
      const waiting = { ...freshRelease(1), extraMs: 5, wishes };
      const released = { ...freshRelease(3), state: "released", reason: "forced", releasedAt: AT } as const;
      await put({ releases: [waiting, released] });
      await reopen();
      const kept = { ...waiting, version: 1 };
      expect(await store.queries.releases([1, 2, 3])).toEqual([kept, { ...released, version: 1 }]);
      await put({ releases: [{ ...kept, state: "announced", endsAt: AT + 7, wishes: [] }] });
      expect(await store.queries.releases([1])).toMatchObject([{ state: "announced", endsAt: AT + 7, wishes: [] }]);
      await expect(put({ releases: [kept] })).rejects.toThrow(StaleWrite);
    });

    test("keeps sign-offs with what was said, by task and by state, and takes none that somebody else has changed", async () => {
      const votes = [{ by: "ann", step: 0, vote: "approve", why: null, at: AT }] as const;
      const lapsed = aSignoff(1, { taskId: 7, state: "lapsed", reason: "made anew", endedAt: AT + 1 });
      const asked = aSignoff(2, {
        taskId: 7,
        attempt: 2,
        verdict: "ask",
        votes,
        authors: ["joe"],
        samePerson: true,
        dueAt: AT + 9,
        remindedAt: AT + 3,
        escalatedAt: AT + 4,
        overdueAt: AT + 5,
      });
      const other = aSignoff(3, { taskId: 8, campaign: "rereco", workflow: "reco", environment: "mirror/x" });
      await put({ signoffs: [lapsed, asked, other] });
      await reopen();
      const kept = { ...asked, version: 1 };
      expect(await store.queries.signoffs([1, 2])).toEqual([{ ...lapsed, version: 1 }, kept]);
      expect(await store.queries.lastSignoffOf(7)).toEqual(kept);
      expect(await store.queries.lastSignoffOf(9)).toBeUndefined();
      const ids = async (filter: Omit<SignoffFilter, "limit">) =>
        (await store.queries.signoffPage({ limit: 10, ...filter })).map(({ id }) => id);
      expect(await ids({})).toEqual([3, 2, 1]);
      expect(await ids({ states: ["asked"] })).toEqual([3, 2]);
      expect(await ids({ environment: "production", campaign: "prompt", workflow: "t0" })).toEqual([2, 1]);
      expect(await ids({ task: 8 })).toEqual([3]);
      expect((await store.queries.highestIds()).signoffs).toBe(3);
      await put({ signoffs: [{ ...kept, state: "approved" }] });
      await expect(put({ signoffs: [kept] })).rejects.toThrow(StaleWrite);
    });

    test("keeps what thresholds said of an attempt, and gives out what counts of earlier runs, the newest first", async () => {
      const judgement = aJudgement(7, { attempt: 2 });
      await put({ judgements: [aJudgement(7), judgement] });
      await put({ judgements: [{ ...judgement, verdict: "veto" }] });
      const group = (id: number, run: number | null, more: Partial<Group> = {}) =>
        aGroup(id, { key: `g${id}`, firstRun: run, lastRun: run, ...more });
      const reco = { campaign: "rereco" };
      const groups = [
        group(1, 30),
        group(2, 10),
        group(3, 20),
        group(4, 25),
        group(5, 27, reco),
        group(6, null),
        group(7, null),
      ];
      await put({
        groups,
        memberships: [
          ...[1, 2, 3, 4].map((id) => ({ groupId: id, run: 500 + id, member: true })),
          ...[3, 5].map((groupId) => ({ groupId, run: 600, member: true })),
        ],
        tasks: [...groups.map(({ id, campaign }) => aTask(id, { campaign })), aTask(8, { groupId: 3, name: "other" })],
        results: [
          aResult(2, 1, { metrics: { x: 1 } }),
          aResult(3, 1, { metrics: { x: 2 } }),
          aResult(3, 2, { metrics: { x: 3 } }),
          aResult(3, 3, { state: "failed" }),
          aResult(4, 1, { state: "awaiting-signoff" }),
          aResult(5, 1),
          aResult(6, 1),
          aResult(8, 1),
        ],
      });
      await reopen();
      expect(await store.queries.judgement(7, 2)).toEqual({ ...judgement, verdict: "veto" });
      expect(await store.queries.judgement(7, 3)).toBeUndefined();
      const earlier = async (of: Group, limit = 10) =>
        (await store.queries.earlierResults(of, "calibrate", limit)).map(({ group: key, result }) => [
          key,
          result.attempt,
          result.metrics,
        ]);
      expect(await earlier(group(1, 30))).toEqual([
        ["g3", 2, { x: 3 }],
        ["g2", 1, { x: 1 }],
      ]);
      expect(await earlier(group(1, 30), 1)).toHaveLength(1);
      expect(await earlier(group(2, 10))).toEqual([]);
      expect((await earlier(group(7, null))).map(([key]) => key)).toEqual(["g6"]);
      const of = { workflow: "t0", task: "calibrate" };
      expect(await store.queries.resultOfRun(503, of, "mirror/x", "rereco")).toMatchObject({
        group: "g3",
        result: { taskId: 3, attempt: 2 },
      });
      expect(await store.queries.resultOfRun(504, of, "production", "prompt")).toBeUndefined();
      const onBoth = async (campaign: string) =>
        (await store.queries.resultOfRun(600, of, "mirror/x", campaign))?.group;
      expect([await onBoth("prompt"), await onBoth("rereco")]).toEqual(["g3", "g5"]);
      expect(await store.queries.resultOfRun(600, { ...of, task: "other" }, "mirror/x", "prompt")).toMatchObject({
        result: { taskId: 8 },
      });
      expect(await store.queries.resultOfRun(700, of, "production", "prompt")).toBeUndefined();
    });

    test("knows who asked last that a task is made anew", async () => {
      const entry = (event: string, by: string, ref = "7") =>
        ({ at: AT, kind: "task", ref, event, by, why: null, commit: null, detail: null }) as const;
      await store.transact((tx) =>
        tx.write({
          put: {},
          history: [
            entry("reprocessed", "ann"),
            entry("reprocessed", "joe"),
            entry("done", "calops"),
            entry("reprocessed", "mia", "8"),
          ],
        }),
      );
      expect(await store.queries.remadeBy(7)).toBe("joe");
      expect(await store.queries.remadeBy(9)).toBeUndefined();
    });

    test("keeps tickets by their keys", async () => {
      const wish = { key: "proc8 1 t0", title: "t0", body: [say`x`], assignee: null, blocks: ["proc8 1"] };
      const wanted = wantNew(wish, AT);
      const other = wantNew({ ...wish, key: "proc8 1", blocks: [] }, AT);
      if (!wanted.ok || !other.ok) throw new Error("not wanted");
      const there: Ticket = {
        ...wanted.next,
        remote: { id: "CALIB-1", url: "https://jira/CALIB-1" },
        told: { state: "open", blocks: ["proc8 1"] },
        notes: [{ key: "a", text: "b" }],
        triedAt: AT,
        trouble: "503",
        failures: 2,
        state: "working",
      };
      await put({ tickets: [there, other.next] });
      await reopen();
      expect(await store.queries.tickets(["proc8 1 t0"])).toEqual([{ ...there, version: 1 }]);
      expect((await store.queries.tickets(["proc8 1", "proc8 1 t0", "proc9"])).map(({ key }) => key)).toEqual([
        "proc8 1",
        "proc8 1 t0",
      ]);
      await expect(put({ tickets: [there] })).rejects.toThrow(StaleWrite);
    });

    test("gives out history newest first, by what it is about", async () => {
      const entry = (kind: "task" | "run", ref: string, event: string) => ({
        at: AT,
        kind,
        ref,
        event,
        by: "calops",
        why: null,
        commit: null,
        detail: { n: 1 },
      });
      await store.transact((tx) =>
        tx.write({
          put: {},
          history: [entry("task", "1", "new"), entry("run", "1", "taken"), entry("task", "1", "done")],
        }),
      );
      expect((await store.queries.history({ kind: "task", ref: "1", limit: 5 })).map((one) => one.event)).toEqual([
        "done",
        "new",
      ]);
      expect(await store.queries.history({ limit: 1 })).toEqual([entry("task", "1", "done")]);
      expect(await store.queries.lastWrite()).toBe(AT);
    });

    test("pages through tasks by every filter", async () => {
      await put({
        groups: [aGroup(1)],
        memberships: [{ groupId: 1, run: 77, member: true }],
        tasks: [
          aTask(1, { groupId: 1, state: "done" }),
          aTask(2, { state: "failed", stale: { since: AT, why: "x" } }),
          aTask(3, { workflow: "reco", name: "b", campaign: "rereco", environment: "mirror/x" }),
        ],
      });
      const ids = async (filter: Parameters<typeof store.queries.taskPage>[0]) =>
        (await store.queries.taskPage(filter)).map((task) => task.id);
      expect(await ids({ limit: 10 })).toEqual([3, 2, 1]);
      expect(await ids({ limit: 2, before: 3 })).toEqual([2, 1]);
      expect(await ids({ limit: 10, run: 77 })).toEqual([1]);
      expect(await ids({ limit: 10, workflow: "reco", task: "b" })).toEqual([3]);
      expect(await ids({ limit: 10, states: ["failed", "done"] })).toEqual([2, 1]);
      expect(await ids({ limit: 10, stale: true })).toEqual([2]);
      expect(await ids({ limit: 10, campaign: "rereco" })).toEqual([3]);
      expect(await ids({ limit: 10, environment: "mirror/x" })).toEqual([3]);
      expect(await ids({ limit: 10, group: "2" })).toEqual([2]);
    });

    test("gives back environments and deployments as they were put, also after it was opened anew", async () => {
      const held = { by: "ann", why: 'the "odd" beam; drop table', since: AT };
      const environment = anEnvironment("mirror/fit", {
        commit: "c0ffee",
        ref: "refs/heads/fit",
        deployedAt: AT,
        target: { ref: "refs/heads/fit", commit: "beef" },
        trouble: "the commit was not sent",
        goneSince: AT + 1,
        archivedAt: AT + 2,
        freeze: { ...held, until: AT + 3 },
        lock: held,
        queue: [{ ...held, by: "ben" }, held],
        quarantine: [{ ...held, commit: "f00d" }],
      });
      const fresh = anEnvironment("production");
      const deployment = aDeployment(1, {
        from: "f00d",
        kind: "rollback",
        state: "waiting",
        reason: "locked by ann",
        waiting: [{ gate: "lock", detail: "locked by ann", owner: "ann", since: AT }],
        why: "it drifts",
        consents: [{ to: "approve", by: "ben", at: AT }],
        plan: { from: "f00d", to: "c0ffee", stale: [] as Plan["stale"] } as Plan,
        endedAt: AT + 4,
        tookMs: 120,
      });
      const request = aDeployment(2, { ref: null });
      await put({ environments: [fresh, environment], deployments: [request, deployment] });
      await reopen();
      const { queries } = store;
      const both = [
        { ...environment, version: 1 },
        { ...fresh, version: 1 },
      ];
      expect(await queries.environments()).toEqual(both);
      expect(await queries.environmentsNamed(["production", "mirror/none", "mirror/fit"])).toEqual(both);
      expect(await queries.environmentsNamed([])).toEqual([]);
      expect(await queries.deploymentsById([2, 3, 1])).toEqual([
        { ...deployment, version: 1 },
        { ...request, version: 1 },
      ]);
    });

    test("keeps how far campaigns are, each by its environment and its name", async () => {
      const standing = {
        ...freshStanding("production", { name: "proc8", start: "manual", attempt: 1 }),
        state: "finished",
        attempt: 2,
        reason: "finished by ann with 1 task failed: bad runs",
        by: "ann",
        prepared: true,
        trouble: "t",
        startedAt: AT,
        finishedAt: AT + 1,
        published: { at: AT + 2, by: "ben", attempt: 2 },
        modifiedAt: AT + 2,
      } as const;
      const mirrored = { ...standing, environment: "mirror/fit", state: "draft", published: null } as const;
      await put({ campaigns: [standing, mirrored] });
      await reopen();
      const { queries } = store;
      expect(await queries.campaign("production", "proc8")).toEqual({ ...standing, version: 1 });
      expect(await queries.campaigns("mirror/fit")).toEqual([{ ...mirrored, version: 1 }]);
      expect(await queries.campaign("production", "proc9")).toBeUndefined();
      await expect(put({ campaigns: [{ ...standing, state: "archived" }] })).rejects.toThrow(StaleWrite);
      expect((await queries.campaign("production", "proc8"))?.state).toBe("finished");
    });

    test("adds up what the last tasks of a name cost, of their newest attempt alone", async () => {
      const done = (id: number, more: Partial<Task> = {}) =>
        aTask(id, { state: "done", startedAt: AT, endedAt: AT + 1_000, ...more });
      const attempt = (job: number, number: number, more: Parameters<typeof anAttempt>[2]) =>
        anAttempt(job, number, { state: "done", startedAt: AT, endedAt: AT + 600, cpuMs: 500, ...more });
      await put({
        tasks: [done(1), done(2, { attempt: 2 }), done(3, { state: "failed" }), done(4, { name: "other" })],
        jobs: [
          aJob(1, { taskId: 1 }),
          aJob(2, { taskId: 2, taskAttempt: 2 }),
          aJob(3, { taskId: 2 }),
          aJob(4, { taskId: 3 }),
        ],
        attempts: [
          attempt(1, 1, { state: "failed" }),
          attempt(1, 2, {}),
          attempt(2, 1, { cpuMs: null }),
          attempt(3, 1, { cpuMs: 9_000 }),
          attempt(4, 1, {}),
        ],
      });
      const costs = (last: number) => store.queries.taskCosts("production", "t0", "calibrate", last);
      expect(await costs(10)).toEqual({ tasks: 2, jobs: 2, cpuMs: 500, runMs: 1_200, taskMs: 2_000 });
      expect(await costs(1)).toEqual({ tasks: 1, jobs: 1, cpuMs: 0, runMs: 600, taskMs: 1_000 });
      expect(await store.queries.taskCosts("mirror/x", "t0", "calibrate", 10)).toBeUndefined();
    });

    test("finds the outputs that a campaign need not keep, and the working directories of one", async () => {
      const campaign = "proc8";
      const ended = (job: number, more: Parameters<typeof anAttempt>[2] = {}) =>
        anAttempt(job, 1, { state: "done", endedAt: AT, bytes: 10, kept: "log", ...more });
      await put({
        tasks: [
          aTask(1, { campaign, attempt: 3, state: "done" }),
          aTask(2, { campaign, attempt: 3 }),
          aTask(3, { attempt: 3, state: "done" }),
        ],
        jobs: [1, 2, 3].flatMap((task) =>
          [1, 2, 3].map((attempt) => aJob(10 * task + attempt, { taskId: task, taskAttempt: attempt })),
        ),
        attempts: [11, 12, 13, 21, 31]
          .map((job) => ended(job))
          .concat(anAttempt(22, 1, { state: "failed", endedAt: AT, kept: "work" })),
      });
      const gone = async (keep: number, more = {}) =>
        (
          await store.queries.supersededAttempts({
            environment: "production",
            campaign,
            keep,
            before: AT + 1,
            limit: 9,
            ...more,
          })
        ).map(({ attempt, workflow }) => [workflow, attempt.jobId]);
      expect(await gone(0)).toEqual([
        ["t0", 11],
        ["t0", 12],
      ]);
      expect(await gone(1)).toEqual([["t0", 11]]);
      expect(await gone(2)).toEqual([]);
      expect(await gone(0, { limit: 1 })).toEqual([["t0", 11]]);
      expect(await gone(0, { before: AT })).toEqual([]);
      expect(await gone(0, { environment: "mirror/x" })).toEqual([]);
      const work = await store.queries.workOfCampaign("production", campaign, 9);
      expect(work.map(({ jobId }) => jobId)).toEqual([22]);
      expect(await store.queries.workOfCampaign("production", "prompt", 9)).toEqual([]);
    });

    test("gives out tasks that are ready, without those of some campaigns", async () => {
      const ready = (id: number, campaign: string, priority = 0) => aTask(id, { state: "ready", campaign, priority });
      await put({ tasks: [ready(1, "a"), ready(2, "b"), ready(3, "c", 5), aTask(4, { campaign: "a" })] });
      const ids = async (without: string[]) =>
        (await store.queries.readyTasks("production", "t0", 2, without)).map(({ id }) => id);
      expect(await ids([])).toEqual([3, 1]);
      expect(await ids(["c"])).toEqual([1, 2]);
      expect(await ids(["a", "c"])).toEqual([2]);
    });

    test("refuses an environment or a deployment that is not the version that was read", async () => {
      await put({ environments: [anEnvironment("production")], deployments: [aDeployment(1)] });
      const read = {
        environment: anEnvironment("production", { version: 1 }),
        deployment: aDeployment(1, { version: 1 }),
      };
      await put({
        environments: [{ ...read.environment, commit: "beef" }],
        deployments: [{ ...read.deployment, state: "deployed" }],
      });
      await expect(put({ environments: [read.environment], deployments: [aDeployment(2)] })).rejects.toThrow(
        StaleWrite,
      );
      await expect(put({ deployments: [aDeployment(3), read.deployment] })).rejects.toThrow(StaleWrite);
      await expect(put({ environments: [anEnvironment("production")] })).rejects.toThrow(StaleWrite);
      expect(await store.queries.environments()).toMatchObject([{ commit: "beef", version: 2 }]);
      expect(await store.queries.deploymentPage({ limit: 9 })).toMatchObject([
        { id: 1, state: "deployed", version: 2 },
      ]);
    });

    test("finds the deployments of an environment by what became of them", async () => {
      const carriedOut = { tookMs: 9, endedAt: AT };
      const tag = { ref: "refs/tags/v1" };
      await put({
        deployments: [
          aDeployment(1, { ...tag, commit: "a1", state: "superseded", ...carriedOut }),
          aDeployment(2, { ...tag, commit: "b2", state: "rolled-back", ...carriedOut }),
          aDeployment(3, { commit: "a1", state: "deployed", kind: "rollback", ...carriedOut }),
          aDeployment(4, { ...tag, commit: "c3", state: "failed" }),
          aDeployment(5, { ...tag, commit: "d4", state: "superseded", endedAt: AT }),
          aDeployment(6, { ...tag, commit: "e5", state: "waiting" }),
          aDeployment(7, { commit: "f6", state: "requested" }),
          aDeployment(8, { ...tag, commit: "a1", state: "deployed", environment: "mirror/x", ...carriedOut }),
          aDeployment(9, { commit: "a1", environment: "mirror/x" }),
        ],
      });
      const { queries } = store;
      expect((await queries.openDeployments("production")).map(({ id }) => id)).toEqual([6, 7]);
      expect((await queries.openDeployments("mirror/y")).map(({ id }) => id)).toEqual([]);
      expect((await queries.lastDeploymentOf("production", "a1"))?.id).toBe(3);
      expect((await queries.lastDeploymentOf("mirror/x", "a1"))?.id).toBe(9);
      expect(await queries.lastDeploymentOf("production", "a")).toBeUndefined();
      expect((await queries.lastDeploymentBy("production", "refs/tags/v1"))?.id).toBe(2);
      expect((await queries.lastDeploymentBy("mirror/x", "refs/tags/v1"))?.id).toBe(8);
      expect(await queries.lastDeploymentBy("production", "refs/tags/v2")).toBeUndefined();
      expect((await queries.runningDeployment("production"))?.id).toBe(3);
      expect((await queries.runningDeployment("mirror/x"))?.id).toBe(8);
      expect(await queries.runningDeployment("mirror/y")).toBeUndefined();
      const ids = async (filter: Parameters<typeof queries.deploymentPage>[0]) =>
        (await queries.deploymentPage(filter)).map(({ id }) => id);
      expect(await ids({ limit: 3 })).toEqual([9, 8, 7]);
      expect(await ids({ limit: 9, environment: "mirror/x" })).toEqual([9, 8]);
      expect(await ids({ limit: 9, commit: "a1" })).toEqual([9, 8, 3, 1]);
      expect(await ids({ limit: 9, states: ["failed", "waiting"] })).toEqual([6, 4]);
      expect(await ids({ limit: 1, environment: "production", states: ["superseded"], commit: "a1" })).toEqual([1]);
      expect((await queries.highestIds()).deployments).toBe(9);
    });

    test("sees within a transaction what it has written of environments and deployments, and keeps none of it when it throws", async () => {
      await expect(
        store.transact(async (tx) => {
          await tx.write({ put: { environments: [anEnvironment("production")], deployments: [aDeployment(1)] } });
          expect(await tx.openDeployments("production")).toHaveLength(1);
          expect(await tx.environments()).toHaveLength(1);
          throw new Error("on second thoughts");
        }),
      ).rejects.toThrow("on second thoughts");
      expect(await store.queries.environments()).toEqual([]);
      expect(await store.queries.highestIds()).toMatchObject({ deployments: 0 });
    });

    test("goes through the tasks of one environment: those of a workflow in bites, those that have not ended", async () => {
      const states = ["new", "held", "ready", "processing", "done", "failed", "skipped", "merged"] as const;
      await put({
        tasks: [
          ...states.map((state, index) => aTask(index + 1, { state })),
          aTask(9, { environment: "mirror/x", state: "processing" }),
          aTask(10, { workflow: "reco" }),
          aTask(11),
        ],
      });
      const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);
      const { queries } = store;
      expect(ids(await queries.tasksAfter("production", "t0", 0, 3))).toEqual([1, 2, 3]);
      expect(ids(await queries.tasksAfter("production", "t0", 3, 100))).toEqual([4, 5, 6, 7, 8, 11]);
      expect(ids(await queries.tasksAfter("production", "t0", 11, 100))).toEqual([]);
      expect(ids(await queries.tasksAfter("mirror/x", "t0", 0, 100))).toEqual([9]);
      expect(ids(await queries.unfinishedTasks("production", 100))).toEqual([1, 2, 3, 4, 10, 11]);
      expect(ids(await queries.unfinishedTasks("production", 2))).toEqual([1, 2]);
      expect(ids(await queries.unfinishedTasks("mirror/x", 100))).toEqual([9]);
    });

    test("finds runs by how new they are, and in an interval with both its ends", async () => {
      await put({ runs: [3, 1, 40, 7, 12].map((number) => aRun(number)) });
      const { queries } = store;
      expect(await queries.lastRuns(2)).toEqual([40, 12]);
      expect(await queries.lastRuns(9)).toEqual([40, 12, 7, 3, 1]);
      expect(await queries.runsBetween(3, 12, 9)).toEqual([3, 7, 12]);
      expect(await queries.runsBetween(0, 99, 2)).toEqual([1, 3]);
      expect(await queries.runsBetween(13, 39, 9)).toEqual([]);
    });

    test("finds what people hold back", async () => {
      const hold = { by: "ann", why: "look", since: AT };
      await put({
        tasks: [aTask(1), aTask(3, { hold }), aTask(2, { hold }), aTask(4, { hold, environment: "mirror/x" })],
        runs: [aRun(8), aRun(7, { hold }), aRun(5, { hold })],
      });
      const { queries } = store;
      expect((await queries.heldTasks("production")).map(({ id }) => id)).toEqual([2, 3]);
      expect((await queries.heldTasks("mirror/x")).map(({ id }) => id)).toEqual([4]);
      expect((await queries.heldRuns()).map(({ number }) => number)).toEqual([5, 7]);
    });

    test("tells what a commit made, and which commits are still at work", async () => {
      await put({
        tasks: [
          aTask(1, { commit: "beef", state: "done" }),
          aTask(2, { commit: "c0ffee", state: "done" }),
          aTask(3, { commit: "c0ffee", state: "processing" }),
          aTask(4, { commit: "c0ffee", state: "processing", environment: "mirror/x" }),
          aTask(5, { commit: "f00d", state: "processing", workflow: "reco", name: "b" }),
          aTask(6, { commit: "c0ffee", state: "processing" }),
          aTask(7, { commit: "beef", state: "held" }),
        ],
        // The first was made by one commit and made anew by another.
        results: [aResult(1, 1), aResult(1, 2, { commit: "beef" }), aResult(2, 1), aResult(3, 1, { state: "failed" })],
      });
      const { queries } = store;
      const home = { environment: "production", workflow: "t0", task: "calibrate" };
      expect(await queries.madeBy("c0ffee")).toEqual([
        { ...home, results: 3, underWay: 2 },
        { ...home, environment: "mirror/x", results: 0, underWay: 1 },
      ]);
      expect(await queries.madeBy("beef")).toEqual([{ ...home, results: 1, underWay: 0 }]);
      expect(await queries.madeBy("c0ff")).toEqual([]);
      const inUse = (await queries.commitsInUse()).map(({ environment, commit }) => `${environment} ${commit}`);
      expect(inUse.sort()).toEqual(["mirror/x c0ffee", "production c0ffee", "production f00d"]);
    });

    test("finds tasks by the first digits of their commit", async () => {
      const commits = ["beef0", "beef9", "beeff", "bee", "bef00", "bf000"];
      await put({ tasks: commits.map((commit, index) => aTask(index + 1, { commit })) });
      const found = async (commit: string) =>
        (await store.queries.taskPage({ limit: 9, commit })).map((task) => task.commit).sort();
      expect(await found("beef")).toEqual(["beef0", "beef9", "beeff"]);
      expect(await found("bee")).toEqual(["bee", "beef0", "beef9", "beeff"]);
      expect(await found("beef9")).toEqual(["beef9"]);
      expect(await found("beef%")).toEqual([]);
      expect(await found("c")).toEqual([]);
    });

    test("keeps the identity that it was given at first", async () => {
      const { instance } = store;
      await reopen();
      expect(store.instance).toBe(instance);
    });

    test("lets a second bot in only when the first has left", async () => {
      await expect(ground.open()).rejects.toThrow(/another calops is running/);
      await reopen();
    });
  });
}
