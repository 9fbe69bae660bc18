/** Makes pictures of drawings, without keeping anybody else waiting. The same drawing always gives the same picture. */
import type { Drawing } from "../core/chart/drawing.ts";

export interface Painter {
  paint(drawing: Drawing): Promise<Painted>;
  close(): Promise<void>;
}

export type Painted =
  /** In base64. */
  { readonly ok: true; readonly png: string } | { readonly ok: false; readonly why: string };
