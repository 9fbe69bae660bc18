/** What everything that keeps conditions does, whatever it keeps them in. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ChangeReport, TagChange } from "../../src/core/conditions/change.ts";
import { overlapIn } from "../../src/core/conditions/intervals.ts";
import type { Iov } from "../../src/core/conditions/iov.ts";
import { readMoment } from "../../src/core/conditions/moment.ts";
import type { Conditions } from "../../src/ports/conditions.ts";
import { acts, looked, Model } from "./conditions-model.ts";

export type ConditionsSetup = {
  readonly open: () => Promise<Conditions>;
  readonly clean: () => Promise<void>;
  /** What was kept is there when it is opened again. */
  readonly lasts: boolean;
  /** Throws where what is kept contradicts itself. */
  readonly examine?: () => void;
  /** Somebody else's server: without mirrors, histories, descriptions and a count of changes, and with what its locked tags refuse. */
  readonly outside?: boolean;
};

const ENVIRONMENT = "production";

export function conditionsContract(name: string, setup: () => Promise<ConditionsSetup>, runs = 60): void {
  describe(`conditions in ${name}`, () => {
    let ground: ConditionsSetup;
    let conditions: Conditions;
    let files: string;
    let count = 0;
    beforeAll(() => {
      files = mkdtempSync(join(tmpdir(), "calops-payloads-"));
    });
    afterAll(() => rmSync(files, { recursive: true, force: true }));
    beforeEach(async () => {
      ground = await setup();
      conditions = await ground.open();
    });
    afterEach(async () => {
      await conditions.close();
      await ground.clean();
    });

    const file = (content: string) => {
      const path = join(files, `payload-${++count}`);
      writeFileSync(path, content);
      return path;
    };
    const keep = async (content: string, type = "t0") => (await conditions.keep(type, file(content))).hash;
    const change = (
      tag: string,
      what: TagChange,
      more: { key?: string; environment?: string; dryRun?: boolean; basis?: number; by?: string; why?: string } = {},
    ) =>
      conditions.change({
        tag: { environment: more.environment ?? ENVIRONMENT, name: tag },
        change: what,
        key: more.key ?? `key-${++count}`,
        by: more.by ?? "ann",
        why: more.why ?? null,
        ...(more.dryRun === undefined ? {} : { dryRun: more.dryRun }),
        ...(more.basis === undefined ? {} : { basis: more.basis }),
      });
    const done = async (...args: Parameters<typeof change>): Promise<ChangeReport> => {
      const result = await change(...args);
      if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
      return result.report;
    };
    const create = (tag: string) => done(tag, { kind: "create", description: "", upstream: null });
    const held = async (tag: string, at: string, environment = ENVIRONMENT) => {
      const found = await conditions.lookup({ environment, name: tag }, moment(at));
      return Object.fromEntries(found.map(({ type, payload }) => [type, payload]));
    };
    const shown = async (tag: string, environment = ENVIRONMENT) =>
      (await conditions.iovs({ environment, name: tag })).map(inWords);
    const put = (tag: string, ...iovs: Iov[]) => done(tag, { kind: "put", iovs });

    test("keeps a payload once, by its content, and gives its file back read-only", async () => {
      const payload = await conditions.keep("t0", file("0.25 ns"));
      expect(payload).toEqual({ hash: sha256("0.25 ns"), type: "t0", bytes: 7 });
      expect(await conditions.keep("t0", file("0.25 ns"))).toEqual(payload);
      expect(await conditions.payload(payload.hash)).toEqual(payload);
      const place = await conditions.placeOf(payload.hash);
      expect(readFileSync(place, "utf8")).toBe("0.25 ns");
      expect(statSync(place).mode & 0o222).toBe(0);
      expect(await conditions.payload(sha256("another"))).toBeUndefined();
      expect(await conditions.payloads([payload.hash, sha256("another"), payload.hash])).toEqual([payload]);
      expect(await conditions.payloads([])).toEqual([]);
      for (const digits of [6, 64])
        expect(await conditions.payloadsLike(payload.hash.slice(0, digits), 5)).toEqual([payload]);
      expect(await conditions.payloadsLike(sha256("another"), 5)).toEqual([]);
      expect(await conditions.payloadsLike("", 0)).toEqual([]);
      await expect(conditions.placeOf(sha256("another"))).rejects.toThrow(/no payload/);
      await expect(conditions.placeOf("../../etc/passwd")).rejects.toThrow(/no payload/);
      await conditions.keep("gains", file("g"));
      expect(await conditions.types()).toEqual(["gains", "t0"]);
    });

    test("looks up what holds at a moment: from its beginning, and before its end", async () => {
      const [a, b] = [await keep("a"), await keep("b", "gains")];
      await create("prompt");
      await put("prompt", iov("t0", "10", "20.5", a), iov("gains", "15", null, b));
      expect(await held("prompt", "9.99")).toEqual({});
      expect(await held("prompt", "10")).toEqual({ t0: a });
      expect(await held("prompt", "20.4")).toEqual({ t0: a, gains: b });
      expect(await held("prompt", "20.5")).toEqual({ gains: b });
      const ref = { environment: ENVIRONMENT, name: "prompt" };
      expect(await conditions.lookup(ref, moment("16"), ["gains"])).toEqual([iov("gains", "15", null, b)]);
      expect(await conditions.lookup(ref, moment("16"), [])).toEqual([]);
      expect(await conditions.lookup({ ...ref, name: "nothing" }, moment("16"))).toEqual([]);
      expect(await conditions.iovs(ref, { type: "t0" })).toEqual([iov("t0", "10", "20.5", a)]);
      expect(await conditions.iovs(ref, { span: { from: moment("20.5"), until: moment("21") } })).toEqual([
        iov("gains", "15", null, b),
      ]);
      await put("prompt", iov("t0", "30", "31", a));
      const large = iov("large", "999999999999998.999999999999999", "999999999999999", a);
      await put("prompt", large);
      expect(await conditions.lookup(ref, large.from, ["large"])).toEqual([large]);
      expect(await conditions.iovs(ref, { type: "large" })).toEqual([large]);
      expect([...(await conditions.counts(ref))]).toEqual([
        ["gains", 1],
        ["large", 1],
        ["t0", 2],
      ]);
      expect((await conditions.counts({ ...ref, name: "nothing" })).size).toBe(0);
    });

    test("cuts, closes and takes out what was there before, and says so", async () => {
      const [a, b] = [await keep("a"), await keep("b")];
      await create("staging");
      await put("staging", iov("t0", "1", "5", a), iov("t0", "5", "6", a), iov("t0", "6", null, a));
      expect(await put("staging", iov("t0", "3", "8", b))).toEqual({
        added: [iov("t0", "3", "8", b)],
        removed: [iov("t0", "5", "6", a)],
        cut: [
          { before: iov("t0", "1", "5", a), after: iov("t0", "1", "3", a) },
          { before: iov("t0", "6", null, a), after: iov("t0", "8", null, a) },
        ],
        unchanged: 0,
        next: {},
      });
      const within = await put("staging", iov("t0", "9", "10", b));
      expect(within.cut.map(({ after }) => inWords(after))).toEqual([`t0 8-9 ${a}`, `t0 10- ${a}`]);
      await done("staging", { kind: "remove", type: "t0", span: { from: moment("2"), until: moment("4") } });
      expect(await shown("staging")).toEqual([
        `t0 1-2 ${a}`,
        `t0 4-8 ${b}`,
        `t0 8-9 ${a}`,
        `t0 9-10 ${b}`,
        `t0 10- ${a}`,
      ]);
      expect((await done("staging", { kind: "empty" })).removed).toHaveLength(5);
      expect(await shown("staging")).toEqual([]);
    });

    test("a key that was done is answered with what it came to, and done no more", async () => {
      const [a, b] = [await keep("a"), await keep("b")];
      await create("prompt");
      const first = await change("prompt", { kind: "put", iovs: [iov("t0", "1", null, a)] }, { key: "publish-7" });
      await put("prompt", iov("t0", "1", null, b));
      expect(await conditions.outcome("publish-7")).toEqual(first);
      expect(await conditions.outcome("publish-8")).toBeUndefined();
      const again = await change("prompt", { kind: "put", iovs: [iov("t0", "1", null, a)] }, { key: "publish-7" });
      expect(again).toEqual(first);
      expect(await held("prompt", "1")).toEqual({ t0: b });
      const refused = await change("prompt", { kind: "put", iovs: [iov("t0", "1", null, sha256("x"))] }, { key: "k" });
      expect(refused).toMatchObject({ ok: false, reason: "unknown-payload" });
      const payload = await keep("x");
      expect(
        await change("prompt", { kind: "put", iovs: [iov("t0", "1", null, payload)] }, { key: "k" }),
      ).toMatchObject({
        ok: true,
      });
    });

    test("a dry run says what would become of it, and changes nothing", async () => {
      const a = await keep("a");
      await create("prompt");
      const dry = await change("prompt", { kind: "put", iovs: [iov("t0", "1", null, a)] }, { key: "k", dryRun: true });
      expect(dry).toMatchObject({ ok: true, report: { added: [{ payload: a }] } });
      expect(await shown("prompt")).toEqual([]);
      if (!ground.outside) {
        expect(dry).toMatchObject({ tag: { version: 2 } });
        expect(await conditions.history({ environment: ENVIRONMENT, name: "prompt" }, 9)).toHaveLength(1);
      }
      const real = await change("prompt", { kind: "put", iovs: [iov("t0", "1", null, a)] }, { key: "k" });
      // Whoever keeps it may tell another moment.
      const at = real.ok ? { modifiedAt: real.tag.modifiedAt, createdAt: real.tag.createdAt } : {};
      expect(real).toEqual(ground.outside && dry.ok ? { ...dry, tag: { ...dry.tag, ...at } } : dry);
      expect(await shown("prompt")).toEqual([`t0 1- ${a}`]);
      expect(
        await change("fresh", { kind: "create", description: "", upstream: null }, { dryRun: true }),
      ).toMatchObject({
        ok: true,
      });
      expect(await conditions.tag({ environment: ENVIRONMENT, name: "fresh" })).toBeUndefined();
    });

    test("what was changed since it was shown is refused", async () => {
      const a = await keep("a");
      await create("prompt");
      const version = async () => (await conditions.tag({ environment: ENVIRONMENT, name: "prompt" }))?.version ?? 0;
      const basis = await version();
      await put("prompt", iov("t0", "1", null, a));
      const late = await change("prompt", { kind: "empty" }, { basis });
      expect(late).toMatchObject({ ok: false, reason: "moved" });
      expect(await change("prompt", { kind: "empty" }, { basis: await version() })).toMatchObject({ ok: true });
    });

    test("refuses what is not there, what is there already, and intervals that make no sense", async () => {
      const a = await keep("a");
      expect(await change("nothing", { kind: "empty" })).toMatchObject({ ok: false, reason: "unknown-tag" });
      await create("prompt");
      expect(await change("prompt", { kind: "create", description: "", upstream: null })).toMatchObject({
        reason: "already-there",
      });
      const of = { environment: ENVIRONMENT, name: "nothing" };
      expect(await change("new", { kind: "clone", of, description: "" })).toMatchObject({ reason: "unknown-tag" });
      const span = { from: moment("0"), until: null };
      expect(await change("prompt", { kind: "merge", of: [of], span })).toMatchObject({ reason: "unknown-tag" });
      expect(await change("prompt", { kind: "put", iovs: [iov("t0", "5", "5", a)] })).toMatchObject({
        reason: "overlap",
      });
      const two = [iov("t0", "5", "8", a), iov("t0", "7", null, a)];
      expect(await change("prompt", { kind: "put", iovs: two })).toMatchObject({ reason: "overlap" });
      expect(await shown("prompt")).toEqual([]);
    });

    test("appends to a running tag only what is later, closes what was open, and says what may come next", async (context) => {
      context.skip(ground.outside === true);
      const [a, b, c] = [await keep("a"), await keep("b"), await keep("c", "gains")];
      await create("online");
      await put("online", iov("t0", "10", null, a), iov("gains", "10", "12", c));
      await done("online", { kind: "state", to: "RUNNING" });
      expect(await change("online", { kind: "put", iovs: [iov("t0", "20", null, b)] })).toMatchObject({
        reason: "state",
      });
      const append = (...iovs: Iov[]) => change("online", { kind: "append", iovs });
      expect(await append(iov("t0", "10", null, b))).toMatchObject({ reason: "used" });
      expect(await append(iov("gains", "11", null, c))).toMatchObject({ reason: "used" });
      expect(await append(iov("gains", "13", null, c))).toMatchObject({ reason: "gap" });
      expect(await append(iov("t0", "20", "30", b), iov("t0", "31", null, a))).toMatchObject({ reason: "gap" });
      expect(await append(iov("t0", "20", "30", b), iov("t0", "29", null, a))).toMatchObject({ reason: "overlap" });
      const early = { kind: "append" as const, iovs: [iov("t0", "20", null, b)], unusedFrom: moment("21") };
      expect(await change("online", early)).toMatchObject({ reason: "used" });
      expect(
        await done("online", { kind: "append", iovs: [iov("t0", "20", "30", b), iov("t0", "30", null, a)] }),
      ).toEqual({
        added: [iov("t0", "20", "30", b), iov("t0", "30", null, a)],
        removed: [],
        cut: [{ before: iov("t0", "10", null, a), after: iov("t0", "10", "20", a) }],
        unchanged: 1,
        next: { gains: moment("12"), t0: moment("30.1") },
      });
      expect(await done("online", { kind: "append", iovs: [iov("new", "3", null, b)] })).toMatchObject({
        added: [{ type: "new" }],
        next: { new: moment("3.1") },
      });
    });

    test("a tag goes through its states, and keeps its contents for ever once it is published", async () => {
      const a = await keep("a");
      await create("release");
      await put("release", iov("t0", "1", null, a));
      for (const to of ["VALIDATED", "PUBLISHED", "INVALID", "OPEN"] as const)
        expect(await change("release", { kind: "state", to })).toMatchObject({ ok: false, reason: "state" });
      for (const to of ["TESTING", "OPEN", "TESTING", "VALIDATED", "PUBLISHED"] as const)
        await done("release", { kind: "state", to });
      const changes: TagChange[] = [
        { kind: "put", iovs: [iov("t0", "9", null, a)] },
        { kind: "append", iovs: [iov("t0", "9", null, a)] },
        { kind: "remove", type: "t0", span: { from: moment("1"), until: null } },
        {
          kind: "merge",
          of: [{ environment: ENVIRONMENT, name: "release" }],
          span: { from: moment("1"), until: null },
        },
        { kind: "empty" },
        { kind: "state", to: "OPEN" },
      ];
      for (const one of changes) expect(await change("release", one)).toMatchObject({ ok: false, reason: "state" });
      if (!ground.outside)
        await done("release", { kind: "describe", description: "the one of the paper", upstream: null });
      await done("release", { kind: "state", to: "INVALID" });
      for (const one of changes) expect(await change("release", one)).toMatchObject({ ok: false, reason: "state" });
      expect(await shown("release")).toEqual([`t0 1- ${a}`]);
      expect(await conditions.tag({ environment: ENVIRONMENT, name: "release" })).toMatchObject({
        state: "INVALID",
        ...(!ground.outside && { description: "the one of the paper", version: 9 }),
      });
    });

    test("a clone goes its own way, and so does what it was cloned from", async () => {
      const [a, b, c] = [await keep("a"), await keep("b"), await keep("c")];
      await create("prompt");
      await put("prompt", iov("t0", "1", null, a));
      const of = { environment: ENVIRONMENT, name: "prompt" };
      expect(await done("snapshot", { kind: "clone", of, description: "of today" })).toMatchObject({ unchanged: 1 });
      await put("prompt", iov("t0", "5", null, b));
      await put("snapshot", iov("t0", "3", null, c));
      await done("second", { kind: "clone", of: { ...of, name: "snapshot" }, description: "" });
      await done("snapshot", { kind: "empty" });
      expect(await shown("prompt")).toEqual([`t0 1-5 ${a}`, `t0 5- ${b}`]);
      expect(await shown("snapshot")).toEqual([]);
      expect(await shown("second")).toEqual([`t0 1-3 ${a}`, `t0 3- ${c}`]);
    });

    test("merges by priority within the span, and leaves the rest", async () => {
      const [a, b, c] = [await keep("a"), await keep("b"), await keep("c")];
      for (const tag of ["first", "second", "prompt"]) await create(tag);
      await put("first", iov("t0", "10", "20", a));
      await put("second", iov("t0", "5", null, b), iov("gains", "5", null, b));
      await put("prompt", iov("t0", "0", null, c), iov("align", "0", null, c));
      const ref = (tag: string) => ({ environment: ENVIRONMENT, name: tag });
      const merge: TagChange = {
        kind: "merge",
        of: [ref("first"), ref("second")],
        span: { from: moment("8"), until: moment("30") },
      };
      await done("prompt", merge);
      expect(await shown("prompt")).toEqual([
        `align 0- ${c}`,
        `gains 8-30 ${b}`,
        `t0 0-8 ${c}`,
        `t0 8-10 ${b}`,
        `t0 10-20 ${a}`,
        `t0 20-30 ${b}`,
        `t0 30- ${c}`,
      ]);
      expect(await done("prompt", merge)).toMatchObject({ added: [], removed: [], cut: [], unchanged: 7 });
    });

    test("a mirror sees production's tags until it changes one, which changes its own copy only", async (context) => {
      context.skip(ground.outside === true);
      const [a, b] = [await keep("a"), await keep("b")];
      await create("prompt");
      await put("prompt", iov("t0", "1", null, a));
      const mirror = { environment: "mirror/fix", name: "prompt" };
      expect(await conditions.tags("mirror/fix")).toMatchObject([{ environment: "production", name: "prompt" }]);
      expect(await held("prompt", "2", "mirror/fix")).toEqual({ t0: a });
      await done("prompt", { kind: "put", iovs: [iov("t0", "2", null, b)] }, { environment: "mirror/fix", basis: 2 });
      expect(await shown("prompt", "mirror/fix")).toEqual([`t0 1-2 ${a}`, `t0 2- ${b}`]);
      expect(await shown("prompt")).toEqual([`t0 1- ${a}`]);
      expect(await conditions.tags("mirror/fix")).toMatchObject([{ environment: "mirror/fix", version: 3 }]);
      expect(await conditions.tags("production")).toMatchObject([{ environment: "production", version: 2 }]);
      expect((await conditions.history(mirror, 9)).map(({ kind }) => kind)).toEqual(["put"]);
      expect(await conditions.whereUsed(b)).toEqual([{ tag: mirror, iov: iov("t0", "2", null, b) }]);
      await conditions.forget("mirror/fix");
      await conditions.forget("production");
      expect(await held("prompt", "2", "mirror/fix")).toEqual({ t0: a });
      expect(await conditions.whereUsed(b)).toEqual([]);
      expect(await conditions.whereUsed(a)).toEqual([
        { tag: { environment: "production", name: "prompt" }, iov: iov("t0", "1", null, a) },
      ]);
    });

    test("tells what two tags have otherwise", async () => {
      const [a, b] = [await keep("a"), await keep("b")];
      await create("before");
      await put("before", iov("t0", "1", null, a), iov("old", "1", null, a), iov("same", "1", "7", b));
      await create("after");
      await put("after", iov("t0", "1", "3", a), iov("t0", "3", "5", b), iov("t0", "5", null, a));
      await put("after", iov("new", "2", null, b), iov("same", "1", "3", b), iov("same", "3", "7", b));
      const ref = (tag: string) => ({ environment: ENVIRONMENT, name: tag });
      expect(await conditions.diff(ref("before"), ref("after"))).toEqual({
        spans: [
          { type: "new", from: moment("2"), until: null, before: null, after: b },
          { type: "old", from: moment("1"), until: null, before: a, after: null },
          { type: "t0", from: moment("3"), until: moment("5"), before: a, after: b },
        ],
        typesAdded: ["new"],
        typesRemoved: ["old"],
        sameTypes: 1,
      });
      const span = { from: moment("4"), until: moment("10") };
      expect(await conditions.diff(ref("before"), ref("after"), { type: "t0", span })).toMatchObject({
        spans: [{ type: "t0", from: moment("4"), until: moment("5"), before: a, after: b }],
      });
      expect((await conditions.diff(ref("before"), ref("before"))).spans).toEqual([]);
      expect((await conditions.diff(ref("before"), ref("nothing"))).typesRemoved).toEqual(["old", "same", "t0"]);
    });

    test("remembers who changed a tag, when and why, and still knows all of it when it is opened anew", async () => {
      const a = await keep("a");
      await create("prompt");
      await done("prompt", { kind: "put", iovs: [iov("t0", "1", null, a)] }, { by: "bea", why: "fill 7", key: "k7" });
      const check = async () => {
        if (!ground.outside)
          expect(await conditions.history({ environment: ENVIRONMENT, name: "prompt" }, 1)).toMatchObject([
            {
              by: "bea",
              why: "fill 7",
              kind: "put",
              state: "OPEN",
              version: 2,
              added: 1,
              removed: 0,
              cut: 0,
              key: "k7",
            },
          ]);
        expect(await shown("prompt")).toEqual([`t0 1- ${a}`]);
        expect(readFileSync(await conditions.placeOf(a), "utf8")).toBe("a");
      };
      await check();
      if (!ground.lasts) return;
      await conditions.close();
      conditions = await ground.open();
      await check();
    });

    test("whatever is done in whatever order, each tag holds at each moment what a slow model says, and nothing overlaps", async () => {
      const payloads = [await keep("a"), await keep("b"), await keep("c")];
      let round = 0;
      await fc.assert(
        fc.asyncProperty(acts(payloads), async (sequence) => {
          // Names of this round's own: whatever an earlier one left stays as it is.
          const here = `${++round}-`;
          const model = new Model();
          for (const tag of ["online", "prompt", "staging"]) {
            await create(`${here}${tag}`);
            model.create(tag);
          }
          // One that is appended to from the beginning.
          await done(`${here}online`, { kind: "state", to: "RUNNING" });
          for (const act of sequence) {
            const ref = { environment: ENVIRONMENT, name: `${here}${act.tag}` };
            const before = await conditions.tag(ref);
            const result = await change(ref.name, renamed(act.change, here));
            if (result.ok) model.do(act);
            const frozen = before !== undefined && before.state !== "OPEN" && before.state !== "RUNNING";
            if (result.ok && frozen) expect(result.report).toMatchObject({ added: [], removed: [], cut: [] });
          }
          for (const tag of model.names()) {
            const ref = { environment: ENVIRONMENT, name: `${here}${tag}` };
            expect(await looked((at) => conditions.lookup(ref, at))).toEqual(model.lines(tag));
            const byType = Map.groupBy(await conditions.iovs(ref), ({ type }) => type);
            for (const list of byType.values()) expect(overlapIn(list)).toBeUndefined();
          }
          ground.examine?.();
        }),
        { numRuns: runs },
      );
    });
  });
}

function renamed(change: TagChange, prefix: string): TagChange {
  if (change.kind === "clone") return { ...change, of: { ...change.of, name: `${prefix}${change.of.name}` } };
  if (change.kind !== "merge") return change;
  return { ...change, of: change.of.map((ref) => ({ ...ref, name: `${prefix}${ref.name}` })) };
}

function iov(type: string, from: string, until: string | null, payload: string): Iov {
  return { type, from: moment(from), until: until === null ? null : moment(until), payload };
}

function moment(text: string) {
  const read = readMoment(text);
  if (!read) throw new Error(`${text} is no moment`);
  return read;
}

function inWords({ type, from, until, payload }: Iov): string {
  const short = ({ major, minor }: { major: number; minor: number }) => (minor === 0 ? major : `${major}.${minor}`);
  return `${type} ${short(from)}-${until === null ? "" : short(until)} ${payload}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
