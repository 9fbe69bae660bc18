/** The thread of the local executor: see `thread.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { createBirpc } from "birpc";
import { systemClock } from "../../clock/system-clock.ts";
import { LocalExecutor } from "./local.ts";
import type { Hears, ThreadParts } from "./thread.ts";

const executor = new LocalExecutor({ ...(workerData as ThreadParts), clock: systemClock() });
const there = createBirpc<Hears, LocalExecutor>(executor, {
  post: (message) => parentPort?.postMessage(message),
  on: (listener) => parentPort?.on("message", listener),
  bind: "functions",
  eventNames: ["hear"],
});
executor.onSighting((sightings) => void there.hear(sightings));
