/** What every tracker of tickets keeps, against a server that stands in for it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HostContext } from "../../src/adapters/code-hosts/host-context.ts";
import { list, say } from "../../src/core/say.ts";
import type { Tickets } from "../../src/ports/tickets.ts";
import type { StrictServer } from "../fakes/strict-server.ts";

export type TicketGround = {
  /** A new instance over the same tracker, as after a restart. */
  open(context?: Partial<HostContext>): Tickets;
  readonly server: StrictServer;
  readonly token: string;
  readonly secretName: string;
  /** A person that the tracker knows. */
  readonly person: string;
  tickets(): readonly TicketSeen[];
};

export type TicketSeen = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly assignee: string | null;
  readonly isDone: boolean;
  /** Ids of the tickets that it holds back. */
  readonly blocks: readonly string[];
  readonly comments: readonly string[];
};

const AT = Date.UTC(2026, 10, 24);
const BODY = [say`constants of the drift chamber`, list(["runs 1-9", "[link](http://x) & *bold* {color:red} @all #1"])];

export function ticketsContract(name: string, setup: () => Promise<TicketGround>): void {
  describe(`tickets in ${name}`, () => {
    let ground: TicketGround;
    let tickets: Tickets;
    beforeEach(async () => {
      ground = await setup();
      tickets = ground.open();
    });
    afterEach(async () => {
      await ground.server.close();
      expect(ground.server.complaints).toEqual([]);
    });
    const make = (key: string, assignee: string | null = null) =>
      tickets.make(key, { title: `calibration of ${key}`, body: BODY, assignee });
    const writes = () => ground.server.asked.filter(({ method }) => method !== "GET");
    const seen = (id: string) => ground.tickets().find((one) => one.id === id);

    test("a ticket is made, and found by its key after a restart", async () => {
      const made = await make("proc8 1 t0");
      expect(made.url).toMatch(/^https?:\/\/.*\d$/);
      expect(seen(made.id)).toMatchObject({ title: "calibration of proc8 1 t0", isDone: false, assignee: null });
      expect(seen(made.id)?.text).toContain("constants of the drift chamber");
      expect(await ground.open().find("proc8 1 t0", AT)).toEqual(made);
      expect(await ground.open().find("proc8 1", AT)).toBeUndefined();
      expect(await ground.open().find("proc8 1 t0 fit", AT)).toBeUndefined();
    });

    test("it is found though the answer to its making was lost, and behind many others", async () => {
      ground.server.trouble("loses its answer", ({ method }) => method === "POST");
      await expect(make("lost")).rejects.toThrow();
      ground.server.trouble();
      for (let count = 0; count < 130; count++) await make(`other ${count}`);
      const found = await ground.open().find("lost", AT);
      expect(seen(found?.id ?? "")?.title).toBe("calibration of lost");
    });

    test("whatever a key is, it is that of one ticket", async () => {
      const keys = ["plan", "pla", "plan 2", "plan --> <b>", 'a"b', "a--b", "ü/σ", "a\\b", "\ud800"];
      const made = [];
      for (const key of keys) made.push(await make(key));
      for (const [index, key] of keys.entries()) expect(await ground.open().find(key, AT)).toEqual(made[index]);
    });

    test("it is for somebody whom the tracker knows, and for nobody where it does not", async () => {
      expect(seen((await make("a", ground.person)).id)?.assignee).toBe(ground.person);
      expect(seen((await make("b", "nobody-there")).id)?.assignee).toBeNull();
      expect(ground.tickets()).toHaveLength(2);
    });

    test("it is closed and opened again, and nothing is written where it is so already", async () => {
      const { id } = await make("a");
      await tickets.move(id, "done");
      expect(seen(id)?.isDone).toBe(true);
      const before = writes().length;
      await ground.open().move(id, "done");
      expect(writes()).toHaveLength(before);
      await tickets.move(id, "working");
      expect(seen(id)?.isDone).toBe(false);
      await tickets.move(id, "open");
      expect(seen(id)?.isDone).toBe(false);
    });

    test("it holds others back, once each", async () => {
      const [a, b, c] = [await make("a"), await make("b"), await make("c")];
      await tickets.block(a.id, b.id);
      await tickets.block(a.id, c.id);
      const before = writes().length;
      await ground.open().block(a.id, b.id);
      expect(writes()).toHaveLength(before);
      expect(seen(a.id)?.blocks).toEqual([b.id, c.id]);
      expect(seen(b.id)?.blocks).toEqual([]);
      // What it said stays.
      expect(seen(b.id)?.text).toContain("constants of the drift chamber");
    });

    test("it is written into, once under each key, also when an answer was lost", async () => {
      const { id } = await make("a");
      await tickets.write(id, "paused 1", [say`paused by ann: a look`]);
      await ground.open().write(id, "paused 1", [say`paused by ann: a look`]);
      ground.server.trouble("loses its answer", ({ method }) => method === "POST");
      await expect(tickets.write(id, "paused 2", [say`paused by jun: lunch`])).rejects.toThrow();
      ground.server.trouble();
      await ground.open().write(id, "paused 2", [say`paused by jun: lunch`]);
      expect(seen(id)?.comments.map((text) => /paused by \w+: [a ]*\w+/.exec(text)?.[0])).toEqual([
        "paused by ann: a look",
        "paused by jun: lunch",
      ]);
    });

    test("nothing in it is markup", async () => {
      const { text = "" } = seen((await make("a")).id) ?? {};
      expect(text).not.toContain("*bold*");
      expect(text).not.toMatch(/\[link\]\(/);
    });

    test("what is wrong is told in words, with the secret by its name and never with the token", async () => {
      for (const [status, said] of [
        [401, ground.secretName],
        [403, "give it the rights"],
        [404, "is not there, or the token"],
        [500, "not well; ask again later"],
      ] as const) {
        ground.server.trouble({ status, body: { message: `token ${ground.token}`, errorMessages: [ground.token] } });
        for (const ask of [() => make("a"), () => tickets.move("1", "done"), () => ground.open().examine()]) {
          const told = await ask().then(JSON.stringify, (error: Error) => `${error.message} ${error.stack}`);
          expect(told).toContain(said);
          expect(told).not.toContain(ground.token);
        }
      }
      ground.server.trouble({ status: 429, headers: { "retry-after": "7" } });
      await expect(tickets.move("1", "done")).rejects.toMatchObject({ retryAfterMs: 7_000 });
    });

    test("its token is looked at without a change", async () => {
      expect((await tickets.examine()).map(({ state }) => state)).toEqual(["good"]);
      expect(writes()).toEqual([]);
    });
  });
}
