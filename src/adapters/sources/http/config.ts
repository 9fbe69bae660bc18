import { z } from "zod";
import { count, duration, exactlyOne, secret, text } from "../../../core/config/values.ts";
import { dottedPath } from "../dotted.ts";

const header = z
  .union([text, secret], { error: "not a header; write a text or { secret: NAME }" })
  .meta({ description: "A text, or { secret: NAME } whose value is the whole header, for example `Bearer abc`" });

const page = z
  .strictObject({
    parameter: text.optional().meta({ description: "Query parameter that takes the number of the page" }),
    first: z.int().min(0).optional().meta({ description: "Number of the first page; 1 where this is left out" }),
    offset: text.optional().meta({ description: "Query parameter that takes how many records to pass over" }),
    next: dottedPath.optional().meta({
      description:
        "Where the answer holds the address of the next page, on the same server; none, null or empty on the last",
    }),
    size: z
      .strictObject({ parameter: text, value: count })
      .optional()
      .meta({ description: "Query parameter that takes how many records a page has, and how many" }),
  })
  .superRefine(exactlyOne(["parameter", "offset", "next"]))
  .superRefine(fitting)
  .transform(toPaging);

type PageKeys = {
  parameter?: string | undefined;
  first?: number | undefined;
  offset?: string | undefined;
  next?: string | undefined;
  size?: PageSize | undefined;
};

type PageSize = { readonly parameter: string; readonly value: number };

/** How the pages of a list are asked for one after the other. */
export type Paging =
  | {
      readonly kind: "number";
      readonly parameter: string;
      readonly first: number;
      readonly size?: PageSize | undefined;
    }
  | { readonly kind: "offset"; readonly parameter: string; readonly size: PageSize }
  | { readonly kind: "next"; readonly path: string };

function fitting(value: PageKeys, context: z.RefinementCtx): void {
  const mistake = (message: string) => context.addIssue({ code: "custom", message });
  if (value.first !== undefined && value.parameter === undefined)
    mistake("first goes with parameter only; leave it out");
  if (value.size && value.next !== undefined)
    mistake("size does not go with next; write it into the url, for example ?limit=100");
  if (value.offset !== undefined && !value.size)
    mistake("offset needs a size; add for example size: { parameter: limit, value: 100 }");
}

function toPaging({ parameter, first, offset, next, size }: PageKeys, context: z.RefinementCtx): Paging {
  if (parameter !== undefined) return { kind: "number", parameter, first: first ?? 1, size };
  if (next !== undefined) return { kind: "next", path: next };
  if (offset !== undefined && size) return { kind: "offset", parameter: offset, size };
  context.addIssue({ code: "custom", message: "no kind of paging; write parameter, offset or next" });
  return z.NEVER;
}

/** `sources: NAME: http: ...` in `calops.yaml`: the HTTP JSON API of a run registry. */
export const httpOptions = z.strictObject({
  url: z.string().superRefine(checkAddress).meta({ description: "Address of the list of runs, http or https" }),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "not a header's name; write for example Authorization"),
      header,
    )
    .default({})
    .meta({ description: "Headers of each request" }),
  items: dottedPath
    .optional()
    .meta({ description: "Where the answer holds the list of records; the answer is the list where this is left out" }),
  page: page.optional().meta({
    description:
      "How the list goes on; left out, one answer holds all of it. Ask for it in the order of the runs: in the order of changes, runs move while it is read, and can be missed",
  }),
  since: z
    .strictObject({
      parameter: text.meta({
        description: "Query parameter that takes the moment or number from which changes are wanted",
      }),
      field: dottedPath.meta({
        description: "Where a record holds its last change: an ISO time, or a number that only grows",
      }),
      overlap: duration.prefault("5m").meta({
        description:
          "Changes younger than this when a reading begins are asked for once more by the next, for registries that show a change late",
      }),
    })
    .optional()
    .meta({ description: "Read only what changed; left out, everything is read each time" }),
  timeout: duration.prefault("30s").meta({ description: "How long one answer may take" }),
});

export type HttpOptions = z.output<typeof httpOptions>;

function checkAddress(value: string, context: z.RefinementCtx): void {
  const mistake = (message: string) => context.addIssue({ code: "custom", message });
  if (!URL.canParse(value)) {
    mistake("not an address; write for example https://registry.example.org/api/runs");
    return;
  }
  const { protocol, username, password } = new URL(value);
  if (protocol !== "http:" && protocol !== "https:") mistake("not an address of the web; write http:// or https://");
  if (username !== "" || password !== "")
    mistake("a user or password in the address; write headers: { Authorization: { secret: NAME } }");
}
