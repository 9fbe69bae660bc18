/** Keeps what it is to paint, and delivers a picture of one white pixel. */
import type { Drawing } from "../../src/core/chart/drawing.ts";
import type { Painter } from "../../src/ports/painter.ts";

export type SketchPainter = Painter & { readonly drawings: Drawing[] };

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=";

export function sketchPainter(): SketchPainter {
  const drawings: Drawing[] = [];
  return {
    drawings,
    async paint(drawing) {
      drawings.push(drawing);
      return { ok: true, png: PIXEL };
    },
    async close() {},
  };
}
