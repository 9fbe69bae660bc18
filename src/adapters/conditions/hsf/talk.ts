/** What is asked of a nopayloaddb, and what its refusals mean. */
import type { ZodType } from "zod";
import type { TagRefusal } from "../../../core/conditions/change.ts";
import { ConditionsUnavailable } from "../../../ports/conditions.ts";
import { type Ask, asker, type ServerAddress } from "../ask.ts";
import type { Refusal } from "../server.ts";
import { readDetail } from "./parse.ts";

export type Talk = {
  /** What is there; anything but a 200 is no answer. */
  read<Read>(path: string, schema: ZodType<Read>): Promise<Read>;
  /** Makes something that there must be before anything else is done. */
  make<Read>(path: string, body: object, schema: ZodType<Read>): Promise<Read>;
  /** Undefined where it was done. */
  write(method: string, path: string, body?: object): Promise<Refusal>;
  readonly ask: Ask;
};

export function talkTo(address: ServerAddress): Talk {
  const ask = asker(address);
  const { kind } = address;
  const whole = async <Read>(method: string, path: string, body: object | undefined, schema: ZodType<Read>) => {
    const answer = await ask(method, path, body);
    if (answer.status !== 200) throw unexpected(kind, path, answer.status, answer.body);
    return sense(kind, path, () => schema.parse(answer.body));
  };
  return {
    ask,
    read: (path, schema) => whole("GET", path, undefined, schema),
    make: (path, body, schema) => whole("POST", path, body, schema),
    async write(method, path, body) {
      const answer = await ask(method, path, body);
      if (answer.status === 200) return undefined;
      const detail = detailOf(answer.body);
      const reason = detail === undefined ? undefined : reasonOf(answer.status, detail);
      if (detail === undefined || reason === undefined) throw unexpected(kind, path, answer.status, answer.body);
      return { reason, detail: `${kind} says: ${detail}` };
    },
  };
}

/** An answer that makes no sense is none. */
export function sense<Read>(kind: string, path: string, read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    throw new ConditionsUnavailable(
      `${kind}: ${path} is answered with something else than a nopayloaddb answers`,
      cause,
    );
  }
}

export function unexpected(kind: string, path: string, status: number, body: unknown): ConditionsUnavailable {
  const detail = detailOf(body);
  return new ConditionsUnavailable(`${kind}: ${path} is answered with ${status}${detail ? `: ${detail}` : ""}`);
}

export function detailOf(body: unknown): string | undefined {
  const read = readDetail.safeParse(body);
  return read.success ? read.data.slice(0, 1_000) : undefined;
}

/** It has no words for why but those that people read. */
function reasonOf(status: number, detail: string): TagRefusal | undefined {
  if (status === 501) return "unsupported";
  if (/already exists/.test(detail)) return "already-there";
  if (/^GlobalTag .*(not found|doesn't exist)|^GlobalTag not found/.test(detail)) return "unknown-tag";
  if (/^GT is LOCKED/.test(detail)) return "used";
  if (/^Global Tag is |Global Tag is locked/.test(detail)) return "state";
  return undefined;
}
