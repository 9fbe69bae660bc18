import { readdirSync } from "node:fs";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { afterEach, describe, expect, test } from "vitest";
import { type PainterLimits, painterInThread } from "../../../src/adapters/painter/painter.ts";
import { box, type Drawing, HIGHEST, line, mark, text, WIDTH } from "../../../src/core/chart/drawing.ts";
import { overviewOf } from "../../../src/core/chart/overview.ts";
import { LOOKS } from "../../../src/core/chart/task-looks.ts";
import type { Painter } from "../../../src/ports/painter.ts";

let painter: Painter | undefined;
afterEach(async () => {
  await painter?.close();
});

function open(limits?: PainterLimits): Painter {
  painter = painterInThread(limits);
  return painter;
}

async function pngOf(drawing: Drawing): Promise<Buffer> {
  const painted = await (painter ?? open()).paint(drawing);
  if (!painted.ok) throw new Error(painted.why);
  return Buffer.from(painted.png, "base64");
}

/** What a browser makes of it. */
async function seen(png: Buffer) {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const colourAt = (x: number, y: number) => {
    const [red = 0, green = 0, blue = 0] = context.getImageData(2 * x, 2 * y, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
  return { width: image.width, height: image.height, colourAt };
}

const small = (...shapes: Drawing["shapes"]): Drawing => ({ width: 100, height: 50, shapes });

describe("a picture", () => {
  test("has two pixels a point, what is to be there where it is to be, and paper elsewhere", async () => {
    open();
    const drawing = small(
      box(10, 10, 20, 20, "#d55e00"),
      line(
        [
          [50, 5],
          [50, 45],
        ],
        "#0072b2",
        4,
      ),
      mark("dot", [80, 25], 8, "#009e73"),
    );
    const { width, height, colourAt } = await seen(await pngOf(drawing));
    expect([width, height]).toEqual([200, 100]);
    expect([colourAt(20, 20), colourAt(50, 25), colourAt(80, 25), colourAt(40, 25), colourAt(99, 49)]).toEqual([
      "#d55e00",
      "#0072b2",
      "#009e73",
      "#ffffff",
      "#ffffff",
    ]);
  });

  test("is the same whenever it is painted, and whoever paints it", async () => {
    const drawing = small(text("Δt = 3 µs, σ ≤ 2", 2, 20), mark("cross", [80, 25], 4, "#d55e00"));
    open();
    const first = await pngOf(drawing);
    expect(await pngOf(drawing)).toEqual(first);
    await painter?.close();
    open();
    expect(await pngOf(drawing)).toEqual(first);
  });

  test("shows text as it is written, though it looks like markup", async () => {
    open();
    const written = await pngOf(small(text("<b>&amp;", 2, 20)));
    expect(written).not.toEqual(await pngOf(small(text("&", 2, 20))));
    expect(written).not.toEqual(await pngOf(small(text("<b>&", 2, 20))));
  });

  test("of the largest overview is small enough for a chat, and shows each state at its place", async () => {
    const runs = Array.from({ length: 240 }, (_, index) => 31_000_000 + index);
    const states = ["done", "failed", "processing", "held"] as const;
    const rows = Array.from({ length: 8 }, (_, row) => ({
      workflow: `w${row}`,
      task: "t",
      cells: runs.map((_run, index) => ({
        task: index + 1,
        state: states[(index + row) % 4] ?? "done",
        stale: false,
      })),
    }));
    const { drawing } = overviewOf({ title: "All", about: "", runs, rows });
    open();
    const png = await pngOf(drawing);
    expect(png.length).toBeLessThan(500_000);
    const { width, height, colourAt } = await seen(png);
    expect(width).toBe(1200);
    expect(height).toBeLessThanOrEqual(2 * HIGHEST);
    const cells = drawing.shapes.filter((shape) => shape.kind === "box" && shape.fill === LOOKS.failed.fill);
    expect(cells.length).toBeGreaterThan(100);
    for (const cell of cells.slice(0, 20))
      if (cell.kind === "box") expect(colourAt(cell.x + 1.5, cell.y + 4)).toBe(LOOKS.failed.fill);
  });
});

describe("the painter", () => {
  test("leaves the bot its time: a timer goes on while a large picture is painted", async () => {
    const cells = Array.from({ length: 20_000 }, (_, index) =>
      text("x", (index % 100) * 6, 10 + Math.floor(index / 100) * 7),
    );
    open();
    await pngOf(small());
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await pngOf({ width: WIDTH, height: HIGHEST, shapes: cells });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  test("says why there is no picture of what is too large, and goes on", async () => {
    const { paint } = open();
    expect(await paint({ width: WIDTH, height: HIGHEST + 1, shapes: [] })).toEqual({
      ok: false,
      why: "it is too large: 0 shapes on 600 by 1601 points",
    });
    expect(await paint({ width: Number.NaN, height: 10, shapes: [] })).toMatchObject({ ok: false });
    expect(await paint(small())).toMatchObject({ ok: true });
  });

  test("gives up a picture that takes too long, and paints the next one", async () => {
    const { paint } = open({ longestMs: 1 });
    expect(await paint(small())).toEqual({ ok: false, why: "it took longer than 0.001 seconds" });
    await painter?.close();
    expect(await open().paint(small())).toMatchObject({ ok: true });
  });

  test("takes only so many at once", async () => {
    const { paint } = open({ mostWaiting: 1 });
    const all = await Promise.all([paint(small()), paint(small()), paint(small())]);
    expect(all.map(({ ok }) => ok)).toEqual([true, true, false]);
  });

  test.runIf(process.platform === "linux")(
    "ends its thread when nothing was to be painted for a while, and begins another one",
    async () => {
      const { paint } = open({ idleMs: 100 });
      const threads = () => readdirSync("/proc/self/task").length;
      expect(await paint(small())).toMatchObject({ ok: true });
      const withPainter = threads();
      await expect.poll(threads, { timeout: 5_000 }).toBeLessThan(withPainter);
      expect(await paint(small())).toMatchObject({ ok: true });
    },
  );

  test("answers those who wait when it is closed", async () => {
    const { paint, close } = open();
    const waiting = [paint(small()), paint(small())];
    await close();
    expect(await Promise.all([...waiting, paint(small())])).toEqual([
      { ok: false, why: "the bot is stopping" },
      { ok: false, why: "the bot is stopping" },
      { ok: false, why: "the bot is stopping" },
    ]);
  });
});
