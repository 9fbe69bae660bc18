/** What is sent to nopayloaddb, with its complaints. */
import { z } from "zod";

const REQUIRED = "This field is required.";
const MANY = 100_000;

function text(longest: number) {
  return z
    .string({ error: ({ input }) => complaint(input, "Not a valid string.") })
    .trim()
    .min(1, "This field may not be blank.")
    .max(longest, `Ensure this field has no more than ${longest} characters.`);
}

/** A whole number, also as a text. The largest of 64 bits stands for no end, so that one may be too large to be exact. */
const whole = z.preprocess(
  (value) => (typeof value === "string" && /^-?\d{1,20}$/.test(value) ? Number(value) : value),
  z
    .number({ error: ({ input }) => complaint(input, "A valid integer is required.") })
    .refine(Number.isInteger, "A valid integer is required.")
    .min(0, "Ensure this value is greater than or equal to 0.")
    .max(2 ** 63, "Ensure this value is less than or equal to 9223372036854775807."),
);

function complaint(input: unknown, otherwise: string): string {
  if (input === undefined) return REQUIRED;
  return input === null ? "This field may not be null." : otherwise;
}

/** For names of tags and types: what a path of a URL and of a directory may have in it. */
const name = text(80).regex(/^[\w.+:-]+$/, "Enter a name of letters, digits and . _ + : - alone.");

/** A body that is no object has nothing of what is required. */
function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape, { error: "Invalid data. Expected a dictionary." });
}

export const newTag = fields({ name, status: text(80).optional(), author: text(80).nullish() });
export const named = fields({ name });
export const newList = fields({ payload_type: text(80) });
export const listAttached = fields({ payload_list: text(255), global_tag: text(80) });
export const iovAttached = fields({ payload_list: text(255), piov_id: whole });

const largest = 2 ** 63;
const payload = { payload_url: text(255), checksum: text(255) };

export const newIov = fields({
  ...payload,
  major_iov: whole,
  minor_iov: whole,
  major_iov_end: whole.default(largest),
  minor_iov_end: whole.default(largest),
});
export type NewIov = z.output<typeof newIov>;

export const manyIovs = z
  .array(
    fields({
      payload_url: payload.payload_url,
      checksum: text(255).optional(),
      major_iov: whole,
      minor_iov: whole,
      payload_list: text(255),
    }),
    { error: "Expected a list of items." },
  )
  .max(MANY, `Ensure this list has no more than ${MANY} items.`);

const place = z.string().regex(/^-?\d{1,20}$/, "A valid integer is required.");

export const question = z.object({
  gtName: z.string({ error: REQUIRED }).max(255),
  majorIOV: place,
  minorIOV: place,
  shape: z.string().optional(),
});
