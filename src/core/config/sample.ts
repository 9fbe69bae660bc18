/** Something that a schema takes, to stand in for what is wrong or missing. */
import { z } from "zod";
import { plainKinds } from "./schema-walk.ts";

/** One of these is taken by nearly everything that a configuration is made of. */
const WORDS = [
  "x",
  "X",
  "1s",
  "1m",
  "1MB",
  1,
  true,
  "https://x.org",
  "x@x.org",
  // Before every other moment, so that what ends after it is not said to end before it begins.
  "1970-01-01",
  "0".repeat(40),
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/** Undefined where nothing that comes to mind is taken. */
export function sampleOf(schema: z.ZodType): unknown {
  for (const kind of plainKinds(schema)) {
    for (const candidate of candidatesFor(kind)) if (schema.safeParse(candidate).success) return candidate;
  }
  return undefined;
}

function* candidatesFor(kind: z.ZodType): Generator<unknown> {
  if (kind instanceof z.ZodObject) {
    const shape = Object.entries(kind.shape as Record<string, z.ZodType>);
    const samples = shape.map(([key, inner]) => ({ key, inner, sample: sampleOf(inner) }));
    const required = samples.filter(({ inner }) => !inner.safeParse(undefined).success);
    const least = Object.fromEntries(required.map(({ key, sample }) => [key, sample]));
    yield least;
    for (const { key, sample } of samples) yield { ...least, [key]: sample };
    // Some keys stand only together, as the beginning and the end of something.
    for (const one of samples)
      for (const other of samples) yield { ...least, [one.key]: one.sample, [other.key]: other.sample };
  } else if (kind instanceof z.ZodRecord) {
    yield {};
    yield { x: sampleOf(kind.valueType as z.ZodType) };
  } else if (kind instanceof z.ZodArray) {
    yield [];
    yield [sampleOf(kind.element as z.ZodType)];
  } else if (kind instanceof z.ZodEnum) {
    yield* kind.options;
  } else if (kind instanceof z.ZodLiteral) {
    yield* kind.values;
  } else {
    yield* WORDS;
  }
}
