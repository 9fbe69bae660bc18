/** The thread in which pictures are painted; it paints one after the other. */
import { parentPort } from "node:worker_threads";
import type { Drawing } from "../../core/chart/drawing.ts";
import { paint } from "./paint.ts";

parentPort?.on("message", (drawing: Drawing) => {
  try {
    parentPort?.postMessage({ ok: true, png: paint(drawing).toString("base64") });
  } catch (error) {
    parentPort?.postMessage({ ok: false, why: (error as Error).message });
  }
});
