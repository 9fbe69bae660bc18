/** Somebody who looks conditions up over REST at a pace of their own, whether or not the last answer has come. */
import { setTimeout as wait } from "node:timers/promises";
import { parentPort } from "node:worker_threads";

export type Asking = {
  readonly url: string;
  /** A run is put behind it. */
  readonly path: string;
  readonly runs: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** An answer with less is none. */
  readonly bytes: number;
};

/** Milliseconds from when each was to be asked to the last byte of its answer. */
export type Waited = {
  readonly lookups: readonly number[];
  readonly known: readonly number[];
  readonly seconds: number;
};

/** As often as a lookup in ten, to compare with. */
const KNOWN_EVERY = 10;

parentPort?.on("message", (asking: Asking | null) => {
  if (asking === null) return parentPort?.close();
  void ask(asking).then((waited) => parentPort?.postMessage(waited));
});

async function ask({ url, path, runs, perSecond, seconds, bytes }: Asking): Promise<Waited> {
  const waited = { lookups: [] as number[], known: [] as number[] };
  const all: Promise<void>[] = [];
  const start = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = start + (index * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    all.push(timed(`${url}${path}${(index * 7_919) % runs}`, due, bytes, waited.lookups));
    if (index % KNOWN_EVERY === 0) all.push(timed(`${url}/known`, performance.now(), bytes, waited.known));
  }
  await Promise.all(all);
  return { ...waited, seconds: (performance.now() - start) / 1_000 };
}

async function timed(address: string, due: number, bytes: number, into: number[]): Promise<void> {
  // One that is not answered, or with something else, took for ever.
  const whole = await fetch(address).then(
    async (answer) => answer.ok && (await answer.text()).length >= bytes,
    () => false,
  );
  into.push(whole ? performance.now() - due : Number.POSITIVE_INFINITY);
}
