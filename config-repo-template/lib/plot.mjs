/**
 * Plots as SVG: panels side by side, each with labelled axes, a legend, and any of these marks:
 *   { kind: "bars", histogram }               a filled histogram
 *   { kind: "steps", histogram }              its outline
 *   { kind: "points", points: [[x, y], ...] } dots; with `line: true` joined, with a third number error bars
 *   { kind: "level", y }                      a dashed line across
 * Each mark has a `colour` and, for the legend, a `label`.
 */
export const COLOURS = { before: "#9aa3ad", after: "#1f5fa8", accent: "#d4581c" };

const WIDTH = 440;
const HEIGHT = 330;
const INNER = { left: 66, right: 18, top: 46, bottom: 52 };

export function figure(title, panels) {
  const width = WIDTH * panels.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT + 34}" width="${width}" height="${HEIGHT + 34}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#2b3138">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${INNER.left}" y="26" font-size="16" font-weight="600">${escaped(title)}</text>
${panels.map((panel, index) => `<g transform="translate(${index * WIDTH} 34)">${panelOf(panel)}</g>`).join("\n")}
</svg>
`;
}

function panelOf({ title, x, y, marks }) {
  const right = WIDTH - INNER.right;
  const bottom = HEIGHT - INNER.bottom;
  const across = axis(x, x.min, x.max, INNER.left, right);
  const range = rangeOf(y, marks);
  const up = axis(y, range.min, range.max, bottom, INNER.top);
  const grid = [
    ...up.ticks.map(
      (tick) =>
        `<path d="M${INNER.left} ${up.at(tick)}H${right}" stroke="#e6e9ed"/><text x="${INNER.left - 8}" y="${up.at(tick) + 4}" text-anchor="end">${short(tick)}</text>`,
    ),
    ...across.ticks.map(
      (tick) =>
        `<path d="M${across.at(tick)} ${bottom}v5" stroke="#2b3138"/><text x="${across.at(tick)}" y="${bottom + 19}" text-anchor="middle">${short(tick)}</text>`,
    ),
  ];
  return [
    `<text x="${INNER.left}" y="18" fill="#5b6570">${escaped(title)}</text>`,
    ...grid,
    ...marks.map((mark) => drawing(mark, across, up, bottom, right)),
    `<path d="M${INNER.left} ${INNER.top}V${bottom}H${right}" fill="none" stroke="#2b3138"/>`,
    `<text x="${(INNER.left + right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text transform="translate(16 ${(INNER.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    legend(marks.filter((mark) => mark.label)),
  ].join("\n");
}

function drawing(mark, across, up, bottom, right) {
  const { colour } = mark;
  switch (mark.kind) {
    case "bars":
      return `<path d="${outline(mark.histogram, across, up, bottom)}Z" fill="${colour}" fill-opacity="0.45"/>`;
    case "steps":
      return `<path d="${outline(mark.histogram, across, up, bottom)}" fill="none" stroke="${colour}" stroke-width="1.8"/>`;
    case "level":
      return `<path d="M${INNER.left} ${up.at(mark.y)}H${right}" stroke="${colour}" stroke-dasharray="5 4" stroke-width="1.4"/>`;
    case "points": {
      const at = mark.points.map(([x, y, error = 0]) => ({
        x: across.at(x),
        y: up.at(y),
        low: up.at(y - error),
        high: up.at(y + error),
      }));
      const line = mark.line
        ? `<path d="M${at.map((p) => `${p.x} ${p.y}`).join("L")}" fill="none" stroke="${colour}" stroke-width="1.6"/>`
        : "";
      const errors = at
        .map((p) => (p.low === p.high ? "" : `<path d="M${p.x} ${p.low}V${p.high}" stroke="${colour}"/>`))
        .join("");
      return `${line}${errors}${at.map((p) => `<circle cx="${p.x}" cy="${p.y}" r="${mark.line ? 4 : 2.6}" fill="${colour}"/>`).join("")}`;
    }
  }
}

function outline({ min, max, counts }, across, up, bottom) {
  const edge = (bin) => across.at(min + ((max - min) * bin) / counts.length);
  return `M${edge(0)} ${bottom}${counts.map((count, bin) => `V${up.at(count)}H${edge(bin + 1)}`).join("")}V${bottom}`;
}

function legend(marks) {
  const at = (index) => ({ x: WIDTH - INNER.right, y: INNER.top + 12 + 17 * index });
  return marks
    .map(
      ({ label, colour }, index) =>
        `<text x="${at(index).x - 18}" y="${at(index).y}" text-anchor="end" stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${escaped(label)}</text><rect x="${at(index).x - 11}" y="${at(index).y - 9}" width="10" height="10" rx="2" fill="${colour}"/>`,
    )
    .join("");
}

/** Room above the highest mark for the legend; histograms stand on 0. */
function rangeOf(y, marks) {
  const heights = marks.flatMap((mark) => mark.histogram?.counts ?? mark.points?.map((point) => point[1]) ?? [mark.y]);
  const max = y.max ?? Math.max(...heights) * (y.log ? 3 : 1.25);
  return { min: y.min ?? (y.log ? Math.min(...heights) / 3 : 0), max: max > 0 ? max : 1 };
}

function axis({ log }, min, max, from, to) {
  const scale = log ? Math.log10 : (value) => value;
  const at = (value) => round(from + ((scale(value) - scale(min)) / (scale(max) - scale(min))) * (to - from));
  return { at, ticks: log ? decades(min, max) : evenTicks(min, max) };
}

function evenTicks(min, max) {
  const rough = (max - min) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  const first = Math.ceil(min / step - 1e-9);
  return Array.from({ length: Math.floor(max / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step);
}

function decades(min, max) {
  const first = Math.ceil(Math.log10(min));
  return Array.from({ length: Math.floor(Math.log10(max)) - first + 1 }, (_, index) => 10 ** (first + index));
}

function short(value) {
  return value >= 10_000 ? `${Number((value / 1_000).toPrecision(3))}k` : String(Number(value.toPrecision(6)));
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
