/**
 * The matrix of runs and tasks: a column a run, the newest on the right, a row a task. Where there are more runs than
 * columns it goes on in bands below each other, so that a cell is never too small for its sign. A task whose group has
 * several runs is one wide cell.
 */
import { TASK_STATES, type TaskState } from "../task/task.ts";
import { box, type Drawing, EMPTY, HIGHEST, INK, type Shape, SOFT, text, WIDTH } from "./drawing.ts";
import { HEADING, heading, MARGIN } from "./heading.ts";
import { labelsAlong } from "./labels.ts";
import { fitted, widthOf } from "./lettering.ts";
import { LOOKS, STALE } from "./task-looks.ts";

export type Overview = {
  readonly title: string;
  /** What stands beside which runs it shows. */
  readonly about: string;
  /** In their order, the newest last. */
  readonly runs: readonly number[];
  readonly rows: readonly OverviewRow[];
};

export type OverviewRow = {
  readonly workflow: string;
  readonly task: string;
  /** One a run; null where the workflow has not taken it. */
  readonly cells: readonly (OverviewCell | null)[];
};

export type OverviewCell = { readonly task: number; readonly state: TaskState; readonly stale: boolean };

/** More is for nobody to look at. */
export const MOST_RUNS = 240;
const MOST_ROWS = 40;

const NAME_SIZE = 10;
const WIDEST_NAME = 170;
const NARROWEST_CELL = 14;
const WIDEST_CELL = 30;
const CELL_HEIGHT = 17;
const GAP = 1.5;
const BETWEEN_WORKFLOWS = 5;
const RUN_LABELS = 16;
const BETWEEN_BANDS = 12;
const LEGEND_LINE = 18;

export type Shown = { readonly drawing: Drawing; readonly runs: number; readonly rows: number };

/** Draws as many of the newest runs, and as many rows, as there is room for; and says how many that were. */
export function overviewOf(overview: Overview): Shown {
  const rows = overview.rows.slice(0, MOST_ROWS);
  const names = namesWidth(rows);
  const room = WIDTH - 2 * MARGIN - names;
  const mostColumns = Math.floor(room / NARROWEST_CELL);
  const { shapes: legend, height: legendHeight } = legendOf(rows);
  const tall = bandHeight(rows) + BETWEEN_BANDS;
  const mostBands = Math.max(1, Math.floor((HIGHEST - HEADING - legendHeight - MARGIN) / tall));

  const runs = overview.runs.slice(-Math.min(MOST_RUNS, mostBands * mostColumns));
  const head = heading(overview.title, `${runsInWords(runs)}; ${overview.about}`);
  if (runs.length === 0 || rows.length === 0) return { drawing: nothing(head), runs: 0, rows: 0 };
  const bands = Math.ceil(runs.length / mostColumns);
  const columns = Math.ceil(runs.length / bands);
  const wide = Math.min(WIDEST_CELL, room / columns);
  const skipped = overview.runs.length - runs.length;

  const shapes = [...head];
  for (let band = 0; band < bands; band++) {
    // Filled from the newest backwards: the oldest band is the one that is not full.
    const end = runs.length - (bands - 1 - band) * columns;
    const from = Math.max(0, end - columns);
    shapes.push(...bandOf(rows, runs, { from, end, skipped, names, wide, top: HEADING + band * tall }));
  }
  const top = HEADING + bands * tall;
  shapes.push(...moved(legend, top));
  return {
    drawing: { width: WIDTH, height: Math.ceil(top + legendHeight + MARGIN / 2), shapes },
    runs: runs.length,
    rows: rows.length,
  };
}

type Band = {
  readonly from: number;
  readonly end: number;
  /** Runs that are not drawn at all, before the first. */
  readonly skipped: number;
  readonly names: number;
  readonly wide: number;
  readonly top: number;
};

function bandOf(rows: readonly OverviewRow[], runs: readonly number[], band: Band): Shape[] {
  const left = MARGIN + band.names;
  const shapes: Shape[] = runLabels(runs, band, left);
  let y = band.top + RUN_LABELS;
  for (const [index, row] of rows.entries()) {
    if (index > 0 && rows[index - 1]?.workflow !== row.workflow) y += BETWEEN_WORKFLOWS;
    shapes.push(...rowName(row, rows[index - 1], y), ...cellsOf(row, band, left, y));
    y += CELL_HEIGHT;
  }
  return shapes;
}

function runLabels(runs: readonly number[], { from, end, wide, top }: Band, left: number): Shape[] {
  const names = runs.slice(from, end).map(String);
  const edge = {
    left: left - 20,
    right: left + (end - from) * wide,
    size: 9,
    x: (index: number) => left + (index + 0.5) * wide,
  };
  return labelsAlong(names, edge).map(({ name, x }) =>
    text(name, x, top + RUN_LABELS - 5, { size: 9, colour: SOFT, align: "middle" }),
  );
}

function rowName(row: OverviewRow, before: OverviewRow | undefined, y: number): Shape[] {
  const baseline = y + CELL_HEIGHT / 2 + 3.5;
  const { workflow, task } = namesOf(row);
  const from = MARGIN + widthOf(workflow, NAME_SIZE);
  return [
    // Repeated names are paler, so that the eye finds where a workflow begins.
    text(workflow, MARGIN, baseline, { size: NAME_SIZE, colour: before?.workflow === row.workflow ? "#9aa5b4" : SOFT }),
    text(task, from, baseline, { size: NAME_SIZE, colour: INK }),
  ];
}

function namesOf(row: OverviewRow): { workflow: string; task: string } {
  const most = WIDEST_NAME - 10;
  const task = fitted(row.task, NAME_SIZE, Math.max(most / 2, most - widthOf(`${row.workflow}/`, NAME_SIZE)));
  const slash = widthOf("/", NAME_SIZE);
  return { task, workflow: `${fitted(row.workflow, NAME_SIZE, most - slash - widthOf(task, NAME_SIZE))}/` };
}

function namesWidth(rows: readonly OverviewRow[]): number {
  const widths = rows.map((row) => {
    const { workflow, task } = namesOf(row);
    return widthOf(workflow + task, NAME_SIZE);
  });
  return Math.max(60, ...widths) + 10;
}

function cellsOf(row: OverviewRow, { from, end, skipped, wide }: Band, left: number, y: number): Shape[] {
  const shapes: Shape[] = [];
  const height = CELL_HEIGHT - GAP;
  for (let index = from; index < end; ) {
    const cell = row.cells[index + skipped] ?? null;
    let next = index + 1;
    while (cell !== null && next < end && row.cells[next + skipped]?.task === cell.task) next++;
    const x = left + (index - from) * wide;
    const width = (next - index) * wide - GAP;
    if (cell === null) shapes.push(box(x, y, width, height, EMPTY, 2));
    else shapes.push(...cellShapes(cell, x, y, width, height));
    index = next;
  }
  return shapes;
}

function cellShapes(cell: OverviewCell, x: number, y: number, width: number, height: number): Shape[] {
  const { fill, ink, sign } = LOOKS[cell.state];
  return [
    box(x, y, width, height, fill, 2),
    ...(cell.stale ? [box(x, y + height - 3.5, width, 3.5, STALE)] : []),
    text(sign, x + width / 2, y + height / 2 + 3.5, { size: 10, colour: ink, align: "middle", bold: true }),
  ];
}

/** Only what occurs; below the matrix, in as many lines as it takes. */
function legendOf(rows: readonly OverviewRow[]): { shapes: Shape[]; height: number } {
  const cells = rows.flatMap((row) => row.cells).filter((cell) => cell !== null);
  const seen = new Set(cells.map((cell) => cell.state));
  const entries: { name: string; cell: OverviewCell | null }[] = TASK_STATES.filter((state) => seen.has(state)).map(
    (state) => ({ name: state, cell: { task: 0, state, stale: false } }),
  );
  if (cells.some((cell) => cell.stale)) entries.push({ name: "stale", cell: { task: 0, state: "done", stale: true } });
  if (rows.some((row) => row.cells.includes(null))) entries.push({ name: "not taken", cell: null });
  const shapes: Shape[] = [];
  let [x, y] = [MARGIN, 0];
  for (const { name, cell } of entries) {
    const width = 20 + widthOf(name, NAME_SIZE) + 14;
    if (x + width > WIDTH - MARGIN) [x, y] = [MARGIN, y + LEGEND_LINE];
    shapes.push(...(cell ? cellShapes(cell, x, y, 15, 15) : [box(x, y, 15, 15, EMPTY, 2)]));
    shapes.push(text(name, x + 20, y + 11, { size: NAME_SIZE, colour: SOFT }));
    x += width;
  }
  return { shapes, height: y + LEGEND_LINE };
}

function bandHeight(rows: readonly OverviewRow[]): number {
  const workflows = rows.filter((row, index) => index > 0 && rows[index - 1]?.workflow !== row.workflow).length;
  return RUN_LABELS + rows.length * CELL_HEIGHT + workflows * BETWEEN_WORKFLOWS;
}

function moved(shapes: readonly Shape[], down: number): Shape[] {
  return shapes.map((shape) =>
    shape.kind === "line"
      ? { ...shape, points: shape.points.map(([x, y]) => [x, y + down] as const) }
      : { ...shape, y: shape.y + down },
  );
}

/** `30 runs, 8186 to 8215` */
export function runsInWords(runs: readonly number[]): string {
  if (runs.length === 0) return "no runs";
  return runs.length === 1 ? `run ${runs[0]}` : `${runs.length} runs, ${runs[0]} to ${runs.at(-1)}`;
}

function nothing(head: readonly Shape[]): Drawing {
  const words = text("No workflow has taken any of them yet.", WIDTH / 2, HEADING + 40, {
    size: 12,
    colour: SOFT,
    align: "middle",
  });
  return { width: WIDTH, height: HEADING + 80, shapes: [...head, words] };
}
