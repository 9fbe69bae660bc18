/** The process that starts jobs: see `starter.ts`. It ends with the bot, however that ends. */
import { createBirpc } from "birpc";
import { systemClock } from "../../clock/system-clock.ts";
import { LocalExecutor } from "./local.ts";
import type { Hears, StarterParts } from "./starter.ts";

const parts = JSON.parse(process.argv[2] ?? "") as StarterParts;
const executor = new LocalExecutor({ ...parts, env: process.env, clock: systemClock() });
const there = createBirpc<Hears, LocalExecutor>(executor, {
  post: (message) => process.connected && process.send?.(message),
  on: (listener) => process.on("message", listener),
  bind: "functions",
  eventNames: ["hear"],
});
executor.onSighting((sightings) => void there.hear(sightings));
for (const end of ["disconnect", "error"]) process.once(end, () => process.exit());
