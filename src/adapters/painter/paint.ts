/** A drawing as the bytes of a PNG. */
import { fileURLToPath } from "node:url";
import { createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import { type Drawing, HIGHEST, PAPER, type Shape, WIDTH } from "../../core/chart/drawing.ts";
import { pngOf } from "./png.ts";

const PIXELS_A_POINT = 2;
const MOST_SHAPES = 50_000;
/** A chart of flat colours is far below it. */
const MOST_BYTES = 500_000;
/** Fonts of the machine are not asked, so that a picture is the same on every machine. */
const FAMILY = "calops-chart";

register(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), FAMILY);
register(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"), `${FAMILY}-bold`);

export function paint({ width, height, shapes }: Drawing): Buffer {
  if (!(width > 0 && width <= WIDTH && height > 0 && height <= HIGHEST) || shapes.length > MOST_SHAPES)
    throw new Error(`it is too large: ${shapes.length} shapes on ${width} by ${height} points`);
  const canvas = createCanvas(width * PIXELS_A_POINT, height * PIXELS_A_POINT);
  const context = canvas.getContext("2d");
  context.scale(PIXELS_A_POINT, PIXELS_A_POINT);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  for (const shape of shapes) paintShape(context, shape);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const png = pngOf(data, canvas.width, canvas.height);
  if (png.length > MOST_BYTES) throw new Error(`it has ${png.length} bytes, more than ${MOST_BYTES}`);
  return png;
}

function paintShape(context: SKRSContext2D, shape: Shape): void {
  context.beginPath();
  switch (shape.kind) {
    case "box":
      context.fillStyle = shape.fill;
      context.roundRect(shape.x, shape.y, shape.width, shape.height, shape.round ?? 0);
      context.fill();
      return;
    case "line":
      for (const [x, y] of shape.points) context.lineTo(x, y);
      context.setLineDash(shape.dashed ? [5, 3] : []);
      stroke(context, shape.colour, shape.thick);
      return;
    case "mark":
      paintMark(context, shape);
      return;
    case "text":
      context.fillStyle = shape.colour;
      context.font = `${shape.size}px ${shape.bold ? `${FAMILY}-bold` : FAMILY}`;
      context.textAlign = shape.align === "middle" ? "center" : shape.align;
      if (shape.halo) {
        context.strokeStyle = PAPER;
        context.lineWidth = 3;
        context.lineJoin = "round";
        context.setLineDash([]);
        context.strokeText(shape.text, shape.x, shape.y);
      }
      context.fillText(shape.text, shape.x, shape.y);
  }
}

function paintMark(context: SKRSContext2D, { sign, x, y, size, colour }: Extract<Shape, { kind: "mark" }>): void {
  context.setLineDash([]);
  switch (sign) {
    case "dot":
      context.fillStyle = colour;
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
      return;
    case "ring":
      context.arc(x, y, size, 0, 2 * Math.PI);
      stroke(context, colour, 2);
      return;
    case "cross":
      context.moveTo(x - size, y - size);
      context.lineTo(x + size, y + size);
      context.moveTo(x - size, y + size);
      context.lineTo(x + size, y - size);
      stroke(context, colour, 2.25);
  }
}

function stroke(context: SKRSContext2D, colour: string, thick: number): void {
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.lineJoin = "round";
  context.stroke();
}

function register(font: string, name: string): void {
  if (GlobalFonts.registerFromPath(fileURLToPath(font), name) === null) throw new Error(`${font} cannot be read`);
}
