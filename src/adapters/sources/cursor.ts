/**
 * Cursors as text. A cursor is bound to the options that say what is read: when they are changed, it means nothing any
 * more, and the source begins anew. Known records that are read again change nothing; runs that are never read are lost.
 */
import { createHash } from "node:crypto";
import { z } from "zod";

export type Cursors<State> = {
  /** Where a cursor stands; undefined at the beginning, and where it cannot be understood. */
  read(text: string | null): State | undefined;
  write(state: State): string;
};

/** @param declared the options that say what is read, not how: a longer timeout does not begin anew */
export function cursorsOf<State extends object>(schema: z.ZodType<State>, declared: unknown): Cursors<State> {
  const of = digest(JSON.stringify(declared) ?? "").slice(0, 12);
  const envelope = z.object({ of: z.literal(of), at: schema });
  return {
    read: (text) => envelope.safeParse(parsed(text)).data?.at,
    // In the schema's order: a cursor that says the same is the same text, and need not be committed again.
    write: (state) => JSON.stringify({ of, at: schema.parse(state) }),
  };
}

export function digest(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    // Not one of our cursors: the source is read from its beginning, which loses nothing.
    return null;
  }
}
