/**
 * What a job leaves in `$CALOPS_OUT`: `metrics.json` (numbers that conditions and charts read) and `outputs.json`
 * (its files with their metadata, payloads, or the verdict that there was not enough data).
 */
import { z } from "zod";
import { type Moment, readMoment } from "../conditions/moment.ts";
import { cleanLine } from "../text/clean.ts";

export type Metrics = Readonly<Record<string, number>>;

export type OutputFile = { readonly path: string; readonly [metadata: string]: unknown };

/** A file of constants, for a global tag; for the runs of the task's group where it does not say for when. */
export type OutputPayload = {
  readonly type: string;
  readonly path: string;
  readonly from?: Moment | undefined;
  /** The first moment for which it does not hold any more; null for everything to come. */
  readonly until?: Moment | null | undefined;
};

export type Outputs = {
  readonly metrics: Metrics;
  readonly files: readonly OutputFile[];
  readonly payloads: readonly OutputPayload[];
  readonly verdict: "not-enough-data" | null;
};

const INSIDE = "expected a path inside $CALOPS_OUT";

/** As a shell writes it, `./plots//shift.svg`, it is `plots/shift.svg`. */
const relativePath = z
  .string(INSIDE)
  .refine((path) => !path.startsWith("/") && !path.split("/").includes(".."), INSIDE)
  .transform((path) =>
    path
      .split("/")
      .filter((step) => step !== "" && step !== ".")
      .join("/"),
  )
  .refine((path) => path !== "", INSIDE);

const metricsJson = z.record(
  z.string(),
  z.preprocess((value) => (typeof value === "boolean" ? Number(value) : value), z.number("expected a finite number")),
);

const MOMENT = 'expected a run (8215), a run and a block in it ([8215, 12]), or both as text ("8215.12")';
const place = z.int(MOMENT).min(0, MOMENT);
const moment = z.union(
  [
    place.transform((major) => ({ major, minor: 0 })),
    z.tuple([place, place]).transform(([major, minor]) => ({ major, minor })),
    z.string().transform((text, context) => {
      const read = readMoment(text);
      if (!read) context.addIssue(MOMENT);
      return read ?? z.NEVER;
    }),
  ],
  MOMENT,
);

const payload = z.strictObject({
  type: z.string("expected the type of the payload"),
  path: relativePath,
  from: moment.optional(),
  until: moment.nullable().optional(),
});

const outputsJson = z.object({
  files: z
    .array(
      z.preprocess(
        (file) => (typeof file === "string" ? { path: file } : file),
        z.looseObject({ path: relativePath }, "expected a path, or an object with a path"),
      ),
    )
    .optional(),
  payloads: z.array(payload).optional(),
  verdict: z.literal("not-enough-data").optional(),
});

export type OutputTexts = {
  readonly metrics: string | undefined;
  readonly outputs: string | undefined;
  /** Every file that is there, for a job that writes no `outputs.json`. */
  readonly present: readonly string[];
};

export type ReadOutputs =
  | { readonly outputs: Outputs; readonly problem?: undefined }
  | { readonly outputs?: undefined; readonly problem: string };

/** Reads both files; what cannot be read is a problem in one line. */
export function readOutputs(texts: OutputTexts): ReadOutputs {
  const metrics = read("metrics.json", texts.metrics, metricsJson);
  if (typeof metrics === "string") return { problem: cleanLine(metrics) };
  const outputs = read("outputs.json", texts.outputs, outputsJson);
  if (typeof outputs === "string") return { problem: cleanLine(outputs) };
  const listed =
    outputs?.files ??
    texts.present.filter((path) => path !== "metrics.json" && path !== "outputs.json").map((path) => ({ path }));
  const missing = listed.find((file) => !texts.present.includes(file.path));
  const absent = missing ?? outputs?.payloads?.find((one) => !texts.present.includes(one.path));
  if (absent) return { problem: cleanLine(`outputs.json names ${absent.path}, which is not there`) };
  return {
    outputs: {
      metrics: metrics ?? {},
      files: listed,
      payloads: outputs?.payloads ?? [],
      verdict: outputs?.verdict ?? null,
    },
  };
}

function read<Schema extends z.ZodType>(
  file: string,
  text: string | undefined,
  schema: Schema,
): z.output<Schema> | undefined | string {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `${file} is not JSON: ${(error as Error).message}`;
  }
  const shaped = schema.safeParse(value);
  if (shaped.success) return shaped.data;
  const [issue] = shaped.error.issues;
  return `${file}: ${issue?.path.map(String).join(".") || "the whole"}: ${issue?.message}`;
}

/** By its name: something that people look at. */
export function isPicture(path: string): boolean {
  return /\.(png|svg|jpe?g|gif|webp|pdf)$/i.test(path);
}

/** One set of metrics of many jobs: the largest value that any of them wrote. A task that wants another sum combines its jobs. */
export function largest(all: readonly Metrics[]): Metrics {
  const merged: Record<string, number> = {};
  for (const metrics of all) {
    for (const [name, value] of Object.entries(metrics)) merged[name] = Math.max(merged[name] ?? value, value);
  }
  return merged;
}
