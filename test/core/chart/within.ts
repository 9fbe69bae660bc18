import type { Drawing, Shape } from "../../../src/core/chart/drawing.ts";
import { widthOf } from "../../../src/core/chart/lettering.ts";

/** Whether a shape lies on the paper, as far as one can see. */
export function within(shape: Shape, { width, height }: Drawing): boolean {
  const inside = (x: number, y: number) => x >= -0.01 && x <= width + 0.01 && y >= -0.01 && y <= height + 0.01;
  switch (shape.kind) {
    case "box":
      return (
        shape.width >= 0 &&
        shape.height >= 0 &&
        inside(shape.x, shape.y) &&
        inside(shape.x + shape.width, shape.y + shape.height)
      );
    case "line":
      return shape.points.every(([x, y]) => inside(x, y));
    case "mark":
      return inside(shape.x, shape.y);
    case "text": {
      const wide = widthOf(shape.text, shape.size, shape.bold);
      const left = shape.x - { start: 0, middle: wide / 2, end: wide }[shape.align];
      return inside(left, shape.y - shape.size) && inside(left + wide, shape.y);
    }
  }
}
