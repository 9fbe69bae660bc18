import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HIGHEST, type Shape, WIDTH } from "../../../src/core/chart/drawing.ts";
import { widthOf } from "../../../src/core/chart/lettering.ts";
import { MOST_RUNS, type Overview, overviewOf } from "../../../src/core/chart/overview.ts";
import { LOOKS } from "../../../src/core/chart/task-looks.ts";
import { TASK_STATES } from "../../../src/core/task/task.ts";
import { within } from "./within.ts";

const overviews: fc.Arbitrary<Overview> = fc
  .record({ runs: fc.uniqueArray(fc.nat(10 ** 12), { maxLength: 300 }), count: fc.nat(50) })
  .chain(({ runs, count }) =>
    fc.record({
      title: fc.string({ unit: "grapheme" }),
      about: fc.string(),
      runs: fc.constant(runs.sort((a, b) => a - b)),
      rows: fc.array(
        fc.record({
          workflow: fc.string(),
          task: fc.string({ unit: "binary" }),
          cells: fc.array(
            fc.option(fc.record({ task: fc.nat(20), state: fc.constantFrom(...TASK_STATES), stale: fc.boolean() })),
            { minLength: runs.length, maxLength: runs.length },
          ),
        }),
        { maxLength: count },
      ),
    }),
  );

describe("the overview", () => {
  test("lies within its edges, whatever there is", () => {
    fc.assert(
      fc.property(overviews, (overview) => {
        const { drawing, runs, rows } = overviewOf(overview);
        expect(drawing.width).toBe(WIDTH);
        expect(drawing.height).toBeLessThanOrEqual(HIGHEST);
        expect(drawing.shapes.filter((shape) => !within(shape, drawing))).toEqual([]);
        expect(runs).toBeLessThanOrEqual(Math.min(MOST_RUNS, overview.runs.length));
        expect(rows).toBeLessThanOrEqual(overview.rows.length);
      }),
      { numRuns: 60 },
    );
  });

  test("shows every cell by its colour and by its sign", () => {
    for (const state of TASK_STATES) {
      const { shapes } = overviewOf(one(8215, { task: 1, state, stale: false })).drawing;
      // Once in the matrix, once in the legend.
      expect(shapes.filter((shape) => shape.kind === "box" && shape.fill === LOOKS[state].fill)).toHaveLength(2);
      expect(texts(shapes).filter((words) => words === LOOKS[state].sign)).toHaveLength(2);
      expect(texts(shapes)).toContain(state);
    }
    expect(new Set(TASK_STATES.map((state) => LOOKS[state].sign)).size).toBe(TASK_STATES.length);
  });

  test("has the newest run on the right of the lowest band", () => {
    const runs = Array.from({ length: 100 }, (_, index) => 8_000 + index);
    const { shapes } = overviewOf({ title: "", about: "", runs, rows: [rowOf(runs)] }).drawing;
    const labels = shapes.filter((shape) => shape.kind === "text" && /^8\d{3}$/.test(shape.text));
    const lowest = Math.max(...labels.map((label) => ("y" in label ? label.y : 0)));
    const inLowest = labels.filter((label) => "y" in label && label.y === lowest);
    const rightmost = inLowest.reduce((a, b) => ("x" in a && "x" in b && a.x > b.x ? a : b));
    expect(rightmost).toMatchObject({ text: "8099" });
  });

  test("makes one wide cell of a group with several runs", () => {
    const runs = [1, 2, 3];
    const cells = runs.map((run) => ({ task: run < 3 ? 7 : 8, state: "done" as const, stale: false }));
    const { shapes } = overviewOf({ title: "", about: "", runs, rows: [{ workflow: "w", task: "t", cells }] }).drawing;
    const widths = shapes.flatMap((shape) =>
      shape.kind === "box" && shape.fill === LOOKS.done.fill ? [shape.width] : [],
    );
    expect(widths[0]).toBeGreaterThan(1.9 * (widths[1] ?? 0));
  });

  test("shows the newest runs where there is no room for all, and says how many that are", () => {
    const runs = Array.from({ length: 240 }, (_, index) => 8_000 + index);
    const rows = Array.from({ length: 60 }, () => rowOf(runs));
    const shown = overviewOf({ title: "", about: "production", runs, rows });
    expect(shown.rows).toBe(40);
    expect(shown.runs).toBeLessThan(240);
    expect(texts(shown.drawing.shapes)[1]).toBe(`${shown.runs} runs, ${8_240 - shown.runs} to 8239; production`);
  });

  test("lets no name reach into the cells", () => {
    const runs = [1];
    const row = { ...rowOf(runs), workflow: "w".repeat(40), task: "m".repeat(40) };
    const { shapes } = overviewOf({ title: "", about: "", runs, rows: [row] }).drawing;
    const cell = shapes.find((shape) => shape.kind === "box" && shape.fill === LOOKS.done.fill);
    const names = shapes.filter((shape) => shape.kind === "text" && shape.text.includes("…"));
    expect(names).toHaveLength(2);
    for (const name of names)
      if (name.kind === "text" && cell?.kind === "box")
        expect(name.x + widthOf(name.text, name.size)).toBeLessThan(cell.x);
  });
});

function one(run: number, cell: NonNullable<Overview["rows"][number]["cells"][number]>): Overview {
  return { title: "", about: "", runs: [run], rows: [{ workflow: "t0", task: "calibrate", cells: [cell] }] };
}

function rowOf(runs: readonly number[]) {
  return { workflow: "t0", task: "fit", cells: runs.map((task) => ({ task, state: "done" as const, stale: false })) };
}

function texts(shapes: readonly Shape[]): string[] {
  return shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));
}
