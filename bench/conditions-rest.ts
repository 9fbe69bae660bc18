/**
 * Lookups through the HSF interface while jobs run: a tag with 500 types and a million intervals, asked a hundred times a second by
 * jobs of the five hundred runs that are processed now, and by ones of any run at all. Whoever asks is in a thread of their own.
 * Beside them stands an answer of the same size that is known before.
 */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import Fastify from "fastify";
import { hsfRoutes } from "../src/adapters/web/hsf/routes.ts";
import { benchBot, writeConfig } from "./bench-bot.ts";
import { changer, EACH, fill, TYPES } from "./conditions.ts";
import { median, percentile, print, round } from "./figure.ts";
import { silent } from "./in-process.ts";
import type { Asking, Waited } from "./rest-client.ts";

const PER_SECOND = 100;
const SECONDS = 30;
const JOBS_PER_SECOND = 100;
const RUNS_NOW = 500;

export async function conditionsRest(root: string): Promise<void> {
  writeConfig(join(root, "config"));
  const bench = await benchBot(root, silent);
  const { conditions, store } = bench;
  await fill(store, changer(conditions), "prompt");
  const server = Fastify({ logger: false, forceCloseConnections: true });
  const nothing = () => {};
  hsfRoutes(server, {
    conditions,
    served: () => ({ token: () => undefined, declaredTypes: [], countsChanges: true }),
    now: Date.now,
    url: () => null,
    log: { info: nothing, warn: nothing, error: (facts) => process.stderr.write(`${JSON.stringify(facts)}\n`) },
  });
  let known = "";
  server.get("/known", async (_request, reply) => await reply.type("application/json").send(known));
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  const path = "/hsf/payloadiovs/?gtName=prompt&minorIOV=0&majorIOV=";
  known = await (await fetch(`${url}${path}${EACH * 5}`)).text();
  if ((JSON.parse(known) as unknown[]).length !== TYPES) throw new Error("the tag is not as it should be");

  const client = new Worker(new URL("./rest-client.ts", import.meta.url));
  const ask = async (asking: Asking): Promise<Waited> => {
    client.postMessage(asking);
    return (await once(client, "message"))[0] as Waited;
  };
  const asking = { url, path, runs: RUNS_NOW, perSecond: PER_SECOND, seconds: SECONDS, bytes: known.length / 2 };
  await ask({ ...asking, seconds: 2 });
  const idle = await ask({ ...asking, seconds: 10 });
  let working = true;
  let jobs = 0;
  // A run of many jobs each second, which is more than two hundred slots with jobs of some seconds come to.
  const season = (async () => {
    for (let run = 9_700_000; working; run++, jobs += JOBS_PER_SECOND) {
      await bench.take([{ number: run, type: "bench", jobs: JOBS_PER_SECOND }]);
      await wait(1_000);
    }
  })();
  const busy = await ask(asking);
  const any = await ask({ ...asking, runs: EACH * 10, seconds: 10 });
  working = false;
  await season;
  print({
    figure: `lookup over REST of ${TYPES} payloads of a tag with ${TYPES * EACH} intervals, ${PER_SECOND} a second while jobs run`,
    value: round(percentile(busy.lookups, 99)),
    unit: "ms p99",
    promised: "under 50 ms",
    against: `${round(percentile(busy.known, 99))} ms for an answer of the same size that is known before`,
    ratio: round(percentile(busy.lookups, 99) / percentile(busy.known, 99)),
    detail: {
      median: round(median(busy.lookups)),
      worst: round(Math.max(...busy.lookups)),
      lookups: busy.lookups.length,
      unanswered: busy.lookups.filter((waited) => waited === Number.POSITIVE_INFINITY).length,
      perSecond: round(busy.lookups.length / busy.seconds),
      jobsMeanwhile: jobs,
      whereNothingRuns: { median: round(median(idle.lookups)), p99: round(percentile(idle.lookups, 99)) },
      ofAnyRun: { median: round(median(any.lookups)), p99: round(percentile(any.lookups, 99)) },
      bytes: known.length,
    },
  });
  client.postMessage(null);
  await server.close();
  await bench.stop();
}
