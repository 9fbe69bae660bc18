import type { ServerResponse } from "node:http";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { httpOptions } from "../../../src/adapters/sources/http/config.ts";
import { openHttpSource } from "../../../src/adapters/sources/http/http.ts";
import { follow, type Trail } from "../../../src/adapters/sources/http/trail.ts";
import type { RunSource } from "../../../src/ports/run-source.ts";
import { readAll, runSourceContract } from "../../contracts/run-source.ts";
import { aContext, type TestContext } from "./a-context.ts";
import { aRegistry, type Registry } from "./a-registry.ts";

const RUNS = Array.from({ length: 1_203 }, (_, index) => ({ run: 8_000 + index, start: "2026-01-01T00:00:00Z" }));

/** Pages of a list, as a registry counts them from 1. */
const pageOf = <T>(list: readonly T[], page: number, size: number): readonly T[] =>
  list.slice((page - 1) * size, page * size);

for (const [paging, page] of Object.entries({
  "one page after the other": { parameter: "page", size: { parameter: "limit", value: 100 } },
  "by offset": { offset: "skip", size: { parameter: "limit", value: 100 } },
  "by the address of the next page": { next: "links.next" },
  "without pages": undefined,
})) {
  runSourceContract(`http, ${paging}`, async () => {
    const answer = (query: URLSearchParams) => {
      const number = Number(query.get("page") ?? 1);
      if (query.has("skip")) return { runs: RUNS.slice(Number(query.get("skip")), Number(query.get("skip")) + 100) };
      if (!page) return { runs: RUNS };
      const runs = pageOf(RUNS, number, 100);
      return { runs, links: { next: runs.length === 100 ? `?page=${number + 1}` : null } };
    };
    const registry = await aRegistry(answer);
    const context = aContext("/");
    return {
      open: () => openHttpSource(httpOptions.parse({ url: registry.url, items: "runs", page }), context),
      records: RUNS,
      fail: async () => registry.answer((_, __, response) => void response.writeHead(503).end("down for maintenance")),
      mend: async () => registry.answer(answer),
      pass: context.clock.pass,
      clean: registry.close,
    };
  });
}

describe("the http source", () => {
  let registry: Registry;
  let context: TestContext;
  const opened: RunSource[] = [];
  const open = (options: object = {}) => {
    const source = openHttpSource(httpOptions.parse({ url: registry.url, ...options }), context);
    opened.push(source);
    return source;
  };
  const pass = (ms: number) => context.clock.pass(ms);
  const whyNot = (source: RunSource, cursor: string | null = null): Promise<string> =>
    source.read(cursor).then(
      () => "it was read",
      (error: Error) => error.message,
    );

  beforeEach(async () => {
    registry = await aRegistry();
    context = aContext("/");
  });
  afterEach(async () => {
    for (const source of opened.splice(0)) await source.close();
    await registry.close();
  });

  describe("goes through pages", () => {
    test("and is not misled by a server that gives fewer records a page than it is asked for", async () => {
      registry.answer((query) => pageOf(RUNS, Number(query.get("page")), 50));
      const { records } = await readAll(
        open({ page: { parameter: "page", size: { parameter: "limit", value: 1_000 } } }),
        null,
        pass,
      );
      expect(records).toEqual(RUNS);
    });

    test("and takes 404 after a short page for the end", async () => {
      registry.answer((query, _, response) => {
        const runs = pageOf(RUNS, Number(query.get("page")), 100);
        return runs.length > 0 ? runs : void response.writeHead(404).end();
      });
      const { records } = await readAll(
        open({ page: { parameter: "page", size: { parameter: "limit", value: 100 } } }),
        null,
        pass,
      );
      expect(records).toEqual(RUNS);
    });

    test("and rejects 404 after a full page, since a registry that is away says that too", async () => {
      registry.answer((query, _, response) =>
        query.get("page") === "1" ? RUNS.slice(0, 100) : void response.writeHead(404).end(),
      );
      const source = open({ page: { parameter: "page", size: { parameter: "limit", value: 100 } } });
      const { cursor } = await source.read(null);
      expect(await whyNot(source, cursor)).toContain("answered 404 Not Found");
    });

    test("and begins the list anew when a page is refused for an hour: its address has lapsed", async () => {
      registry.answer((query, _, response) => {
        if (!query.has("token")) return { runs: RUNS.slice(0, 2), next: "?token=1" };
        response.writeHead(410).end();
        return undefined;
      });
      const source = open({ items: "runs", page: { next: "next" } });
      const { cursor } = await source.read(null);
      pass(3_000_000);
      expect(await whyNot(source, cursor)).toContain("answered 410 Gone");
      pass(700_000);
      expect(await source.read(cursor)).toEqual({ records: [], cursor: null, more: true });
    });

    test("from the first page that is declared, keeping what else the address asks for", async () => {
      registry.answer((query) => pageOf(RUNS, Number(query.get("p")) + 1, 700));
      await readAll(open({ url: `${registry.url}?detector=calo`, page: { parameter: "p", first: 0 } }), null, pass);
      expect(registry.asked.map(String)).toEqual(
        expect.arrayContaining(["detector=calo&p=0", "detector=calo&p=1", "detector=calo&p=2"]),
      );
    });

    test("of which one that is large is asked for once and given out in batches", async () => {
      registry.answer(() => RUNS);
      const { readings } = await readAll(open(), null, pass);
      expect(readings.map(({ records }) => records.length)).toEqual([500, 500, 203]);
      expect(registry.asked).toHaveLength(1);
    });

    test("and begins anew when the options that say what is read were changed", async () => {
      registry.answer((query) => pageOf(RUNS, Number(query.get("page")), 400));
      const { cursor } = await open({ page: { parameter: "page" } }).read(null);
      await open({ url: `${registry.url}?detector=calo`, page: { parameter: "page" } }).read(cursor);
      expect(registry.asked.map((query) => query.get("page"))).toEqual(["1", "1"]);
      await open({ timeout: "5s", page: { parameter: "page" } }).read(cursor);
      expect(registry.asked.at(-1)?.get("page")).toBe("2");
    });

    test("but not to another server, which would see the secrets", async () => {
      const other = await aRegistry();
      registry.answer(() => ({ runs: RUNS.slice(0, 3), next: `${other.origin}/api/runs?page=2` }));
      const source = open({
        items: "runs",
        page: { next: "next" },
        headers: { Authorization: { secret: "REGISTRY_TOKEN" } },
      });
      expect(await whyNot(source)).toContain(`its next page is on ${other.origin}, another server`);
      expect(other.asked).toEqual([]);
      await other.close();
    });

    test("and rejects a next page that is no address", async () => {
      registry.answer(() => ({ runs: RUNS.slice(0, 3), next: 2 }));
      expect(await whyNot(open({ items: "runs", page: { next: "next" } }))).toContain(
        "next in its answer is not an address",
      );
    });

    test("and rejects a server that gives the same page again and again", async () => {
      registry.answer(() => RUNS.slice(0, 100));
      await expect(readAll(open({ page: { parameter: "page" } }), null, pass)).rejects.toThrow(
        `${registry.url} gives the same pages again and again: look at page`,
      );
    });

    test("and goes on when the last page was pushed behind itself by new runs", async () => {
      registry.answer((query) => (Number(query.get("page")) <= 2 ? RUNS.slice(0, 1) : []));
      const { records } = await readAll(open({ page: { parameter: "page" } }), null, pass);
      expect(records).toHaveLength(2);
    });

    test("and rejects next pages that lead in a circle", async () => {
      registry.answer((query) => ({
        runs: RUNS.slice(0, 3),
        next: `?page=${(Number(query.get("page") ?? 0) % 5) + 1}`,
      }));
      await expect(readAll(open({ items: "runs", page: { next: "next" } }), null, pass)).rejects.toThrow(
        "gives the same pages again and again",
      );
    });

    test("and finds a circle of any size behind a way of any length", () => {
      fc.assert(
        fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (way, circle) => {
          let trail: Trail | undefined;
          for (let step = 0; step < 8 * (way + circle) + 8; step++) {
            const page = step < way ? step : way + ((step - way) % circle);
            trail = follow(trail, String(page));
            if (!trail) return step >= way + circle;
          }
          return false;
        }),
      );
    });
  });

  describe("reads only what changed", () => {
    const since = { parameter: "from", field: "meta.changed" };
    const record = (run: number, changed: unknown) => ({ run, meta: { changed } });

    test("from the greatest last change on that it has seen, that one included", async () => {
      registry.answer(() => [
        record(1, "2026-02-01T00:00:00Z"),
        record(2, "2026-03-01T00:00:00.000001Z"),
        record(3, null),
      ]);
      const { cursor } = await readAll(open({ since }), null, pass);
      await open({ since }).read(cursor);
      expect(registry.asked.map((query) => query.get("from"))).toEqual([null, "2026-03-01T00:00:00.000001Z"]);
    });

    test("comparing numbers as numbers, and times by the moment that they mean", async () => {
      registry.answer(() => [record(1, 99), record(2, 100), record(3, 9)]);
      const numbers = await readAll(open({ since }), null, pass);
      await open({ since }).read(numbers.cursor);
      expect(registry.asked.at(-1)?.get("from")).toBe("100");
      registry.answer(() => [record(1, "2026-02-01T01:30:00+02:00"), record(2, "2026-02-01T00:30:00Z")]);
      const times = await readAll(open({ since }), null, pass);
      await open({ since }).read(times.cursor);
      expect(registry.asked.at(-1)?.get("from")).toBe("2026-02-01T00:30:00Z");
    });

    test("keeping its mark when nothing has changed, or the changes cannot be compared with it", async () => {
      registry.answer(() => [record(1, "2026-02-01T00:00:00Z")]);
      const { cursor } = await readAll(open({ since }), null, pass);
      registry.answer(() => []);
      expect((await readAll(open({ since }), cursor, pass)).cursor).toBe(cursor);
      registry.answer(() => [record(2, { at: 1 }), record(3, "yesterday"), record(4, 17)]);
      expect((await readAll(open({ since }), cursor, pass)).cursor).toBe(cursor);
    });

    test("page by page when it is much, with the same beginning for all pages, and goes on after a restart", async () => {
      const list = Array.from({ length: 7 }, (_, index) => record(index, `2026-02-0${index + 1}T00:00:00Z`));
      registry.answer((query) => pageOf(list, Number(query.get("page")), 3));
      const options = { since, page: { parameter: "page" } };
      let cursor: string | null = null;
      const records: unknown[] = [];
      for (let more = true; more; ) {
        const reading = await open(options).read(cursor);
        records.push(...reading.records);
        ({ cursor, more } = reading);
      }
      expect(records).toEqual(list);
      expect(registry.asked.map((query) => query.get("from"))).toEqual([null, null, null, null]);
      await open(options).read(cursor);
      expect(registry.asked.at(-1)?.get("from")).toBe("2026-02-07T00:00:00Z");
    });

    test("and rejects a field that no record has, since everything would be read for ever", async () => {
      registry.answer(() => RUNS.slice(0, 3));
      expect(await whyNot(open({ since }))).toContain('no record has "meta.changed": look at since.field');
    });

    test("whatever changes between two pages is not missed where the list is in the order of the runs", async () => {
      const change = fc.record({ run: fc.nat(12), afterMs: fc.nat(200_000) });
      const step = fc.oneof(fc.constant("read" as const), change);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const runs = new Map<number, number>([[0, context.clock.now()]]);
          registry.answer((query) => {
            const from = Date.parse(query.get("from") ?? "2000-01-01");
            const changed = [...runs].filter(([, at]) => at >= from).sort(([a], [b]) => a - b);
            return pageOf(changed, Number(query.get("page")), 2).map(([run, at]) =>
              record(run, new Date(at).toISOString()),
            );
          });
          const source = open({ since, page: { parameter: "page" } });
          const seen = new Map<number, unknown>();
          const take = (records: readonly unknown[]) => {
            for (const { run, meta } of records as ReturnType<typeof record>[]) seen.set(run, meta.changed);
          };
          let cursor: string | null = null;
          for (const one of steps) {
            if (one === "read") {
              const reading = await source.read(cursor);
              take(reading.records);
              cursor = reading.cursor;
            } else {
              context.clock.pass(one.afterMs);
              runs.set(one.run, context.clock.now());
            }
          }
          // The reading that is under way, and the one after it.
          for (const _ of [1, 2]) {
            const rest = await readAll(source, cursor, pass);
            take(rest.records);
            cursor = rest.cursor;
          }
          expect([...seen].sort()).toEqual([...runs].map(([run, at]) => [run, new Date(at).toISOString()]).sort());
        }),
        { numRuns: 60 },
      );
    });
  });

  describe("rejects, saying what to look at, and loses nothing when", () => {
    const sends = (status: number, text: string) => (_: URLSearchParams, __: unknown, response: ServerResponse) =>
      void response.writeHead(status).end(text);

    test("the answer is not JSON", async () => {
      registry.answer(sends(200, "<!DOCTYPE html><title>Log in</title>"));
      expect(await whyNot(open())).toBe(
        `${registry.url} answered something that is not JSON: look at the url, and whether a login is wanted. The answer begins with "<!DOCTYPE html><title>Log in</title>"`,
      );
    });

    test("the answer is cut off", async () => {
      registry.answer(sends(200, '[{"run": 1}, {"ru'));
      expect(await whyNot(open())).toContain("not JSON");
      registry.answer((_, __, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("[1,", () => response.destroy());
        return undefined;
      });
      expect(await whyNot(open())).toBe(`${registry.url} broke off in the middle of its answer`);
    });

    test("there is no list where it should be", async () => {
      registry.answer(() => ({ data: { runs: {} }, count: 0 }));
      expect(await whyNot(open({ items: "data.runs" }))).toContain(
        '"data.runs" in its answer is a mapping (there: data, count): look at items',
      );
      expect(await whyNot(open({ items: "data.list" }))).toContain('"data.list" in its answer is nothing');
      expect(await whyNot(open())).toContain("its answer is a mapping");
      expect(await whyNot(open({ items: "constructor.name" }))).toContain("is nothing");
    });

    test("the status is not one of success", async () => {
      for (const status of [304, 401, 404, 429, 500, 503]) {
        registry.answer(sends(status, status === 304 ? "" : "try later"));
        expect(await whyNot(open())).toContain(`${registry.url} answered ${status}`);
      }
    });

    test("the answer does not come in time, or does not end", async () => {
      registry.answer(() => undefined);
      expect(await whyNot(open({ timeout: "40ms" }))).toContain("did not answer within 40ms");
      registry.answer((_, __, response) => void response.write("["));
      expect(await whyNot(open({ timeout: "40ms" }))).toContain("did not answer within 40ms");
    });

    test("the answer is too large", async () => {
      registry.answer((_, __, response) => {
        const piece = Buffer.alloc(1 << 20, " ");
        const send = () => {
          while (!response.destroyed) if (!response.write(piece)) return void response.once("drain", send);
        };
        send();
        return undefined;
      });
      expect(await whyNot(open())).toContain("answered with more than 64 MB: ask for pages");
    });

    test("it is sent elsewhere", async () => {
      const other = await aRegistry();
      registry.answer((_, __, response) => void response.writeHead(302, { location: other.url }).end());
      expect(await whyNot(open({ headers: { Authorization: { secret: "REGISTRY_TOKEN" } } }))).toContain(
        "answered with a redirect, which is not followed",
      );
      expect(other.asked).toEqual([]);
      await other.close();
    });

    test("nobody is there", async () => {
      await registry.close();
      expect(await whyNot(open())).toBe(`${registry.url} cannot be reached: ECONNREFUSED`);
    });
  });

  describe("keeps secrets", () => {
    const headers = { Authorization: { secret: "REGISTRY_TOKEN" }, "X-Experiment": "calo" };

    test("and sends them as headers", async () => {
      let seen: unknown;
      registry.answer((_, request) => {
        seen = [request.headers.authorization, request.headers["x-experiment"], request.headers.accept];
        return [];
      });
      await open({ headers }).read(null);
      expect(seen).toEqual(["Bearer sesame-7f3a9c", "calo", "application/json"]);
    });

    test("out of every message, also where the server repeats them", async () => {
      registry.answer(
        (_, request, response) =>
          void response.writeHead(403).end(`no access with ${request.headers.authorization}, sesame-7f3a9c`),
      );
      const said = await whyNot(open({ headers, url: `${registry.url}?key=sesame-7f3a9c` }));
      expect(said).toContain('"no access with ***, ***"');
      expect(said).not.toContain("sesame");
    });

    test("also when one cannot be sent at all", async () => {
      context = aContext("/", { secrets: { REGISTRY_TOKEN: "sesame\n7f3a9c" } });
      const error = await open({ headers })
        .read(null)
        .then(() => undefined)
        .catch((thrown: Error) => thrown);
      expect(error?.message).toBe(
        "header Authorization holds something that HTTP does not allow: look for a line end in its value",
      );
      expect(error?.cause).toBe(undefined);
    });

    test("and says which is not set", async () => {
      context = aContext("/", { secrets: {} });
      expect(await whyNot(open({ headers }))).toBe("the secret REGISTRY_TOKEN is not set");
    });
  });

  test("refuses options that contradict one another, saying what to write", () => {
    const mistakes = (options: object) =>
      httpOptions
        .safeParse({ url: "https://registry.example.org", ...options })
        .error?.issues.map(({ message }) => message);
    expect(mistakes({ url: "registry" })).toEqual([
      "not an address; write for example https://registry.example.org/api/runs",
    ]);
    expect(mistakes({ url: "ftp://registry" })).toEqual(["not an address of the web; write http:// or https://"]);
    expect(mistakes({ url: "https://ann:pw@registry" })).toEqual([
      "a user or password in the address; write headers: { Authorization: { secret: NAME } }",
    ]);
    expect(mistakes({ page: {} })).toEqual(["no kind is given; write exactly one of parameter, offset, next"]);
    expect(mistakes({ page: { offset: "skip" } })).toEqual([
      "offset needs a size; add for example size: { parameter: limit, value: 100 }",
    ]);
    expect(mistakes({ page: { next: "next", first: 0 } })).toEqual(["first goes with parameter only; leave it out"]);
    expect(mistakes({ items: "a..b" })).toEqual(["not a path; write names joined by dots, for example data.runs"]);
  });
});
