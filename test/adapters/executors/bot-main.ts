/** A bot that runs one order and tells how it stands; in a process of its own, so that it can be anybody's. */
import { createServer } from "node:net";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { LocalExecutor } from "../../../src/adapters/executors/local/local.ts";
import type { Order } from "../../../src/core/job/order.ts";

const told = JSON.parse(process.argv[2] ?? "") as { root: string; order: Order; sockets: readonly string[] };
for (const socket of told.sockets) createServer().listen(socket);
const options = { slots: 1, grace: 1_000 };
const parts = { name: "local", root: told.root, options, env: process.env, logLimit: 1e9, clock: systemClock() };
const executor = new LocalExecutor(parts);
const order = { ...told.order, env: { ...told.order.env, BOT: String(process.pid) } };
executor.onSighting(async (sightings) => {
  if (!sightings.some((one) => one.state === "ended")) return;
  console.log(JSON.stringify(sightings));
  await executor.close();
  process.exit();
});
const [receipt] = await executor.submit([order]);
if (receipt?.kind !== "accepted") throw new Error(JSON.stringify(receipt));
