/** What nopayloaddb answers: what was asked for, or why not, as one `detail` or field by field. */
import type { ZodError, ZodType } from "zod";
import type { TagChanged } from "../../../core/conditions/change.ts";

export type Answer = {
  readonly status: number;
  readonly body: unknown;
  /** The body as it is sent, where it is known. */
  readonly text?: string;
};

/** The reference says 200 for whatever went well, and its clients take nothing else for it. */
export function answered(body: unknown): Answer {
  return { status: 200, body };
}

/** Most refusals are a 500 in the reference; its clients read the `detail` of anything that is not 200. */
export function refused(detail: string, status = 500): Answer {
  return { status, body: { detail } };
}

export function wrongField(field: string, why: string): Answer {
  return { status: 400, body: { [field]: [why] } };
}

export function taken(what: string): Answer {
  return wrongField("name", `${what} with this name already exists.`);
}

export const NOT_FOUND = refused("Not found.", 404);
export const NO_TAG = refused("GlobalTag not found.");

/** Something that the reference does and calops does not. */
export function notHere(why: string): Answer {
  return refused(why, 501);
}

export function refusalOf(changed: Extract<TagChanged, { ok: false }>, name: string): Answer {
  switch (changed.reason) {
    case "unknown-tag":
      return NO_TAG;
    case "already-there":
      return taken("global tag");
    case "unsupported":
      return notHere(changed.detail);
    default:
      return refused(`Global Tag ${name} is not changed: ${changed.detail}.`);
  }
}

export type Body<Read> = { readonly ok: true; readonly read: Read } | { readonly ok: false; readonly answer: Answer };

/** Keys that nobody asks for are passed over, as there. */
export function bodyOf<Read>(schema: ZodType<Read>, body: unknown): Body<Read> {
  const parsed = schema.safeParse(body);
  return parsed.success
    ? { ok: true, read: parsed.data }
    : { ok: false, answer: { status: 400, body: byField(parsed.error) } };
}

function byField({ issues }: ZodError): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of issues.slice(0, 20)) {
    const field = path.length === 0 ? "non_field_errors" : path.join(".");
    fields[field] = [...(fields[field] ?? []), message];
  }
  return fields;
}
