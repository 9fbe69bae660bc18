/** How many jobs there are at once. Apart from the options' schema, so that the starter need not load what checks it. */
import { availableParallelism } from "node:os";
import type { LocalOptions } from "./config.ts";

/** Jobs that run at once. */
export const slotsOf = (options: LocalOptions): number => options.slots ?? availableParallelism();

/** Orders that are held at once: enough waiting ones that a place which becomes free is taken at once. */
export const capacityOf = (options: LocalOptions): number => 2 * slotsOf(options) + 2;
