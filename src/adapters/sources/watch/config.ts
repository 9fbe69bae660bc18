import { z } from "zod";
import { duration, text } from "../../../core/config/values.ts";

const FORMATS = ["json", "jsonl", "csv", "text"] as const;

export type Format = (typeof FORMATS)[number];

/** `sources: NAME: watch: ...` in `calops.yaml`: a list file that grows, or a folder that files are put into. */
export const watchOptions = z.strictObject({
  path: text.meta({ description: "The file or folder; a relative path starts at the configuration" }),
  format: z.enum(FORMATS).optional().meta({
    description:
      "json: a list or one record; jsonl: a record a line; csv: with a header; text: a run number a line. By the ending where this is left out",
  }),
  settle: duration
    .prefault("2s")
    .meta({ description: "How long a file must not have changed before it is taken for complete" }),
});

export type WatchOptions = z.output<typeof watchOptions>;
