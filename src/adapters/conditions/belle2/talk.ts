/** What is asked of the conditions server of Belle II, and what its refusals mean. */
import type { ZodType } from "zod";
import type { TagRefusal } from "../../../core/conditions/change.ts";
import { ConditionsUnavailable } from "../../../ports/conditions.ts";
import { asker, type ServerAddress, type Told } from "../ask.ts";
import type { Refusal } from "../server.ts";
import { readError } from "./parse.ts";

export type Talk = {
  /** Anything but a success is no answer. */
  ask<Read>(method: string, path: string, schema: ZodType<Read>, body?: unknown): Promise<Read>;
  /** The same, where 404 says that there is none. */
  find<Read>(path: string, schema: ZodType<Read>): Promise<Read | undefined>;
  /** Undefined where it was done. */
  write(method: string, path: string, body?: unknown): Promise<Refusal>;
};

export function talkTo(address: ServerAddress): Talk {
  const asked = asker(address);
  const { kind } = address;
  const call = (method: string, path: string, body?: unknown) => asked(method, `v2/${path}`, body);
  const sense = <Read>(path: string, { status, body }: Told, schema: ZodType<Read>): Read => {
    if (status >= 300) throw unexpected(path, status, body);
    const read = schema.safeParse(body);
    if (read.success) return read.data;
    throw new ConditionsUnavailable(`${kind}: v2/${path} is answered with something else than it should`, read.error);
  };
  const unexpected = (path: string, status: number, body: unknown) => {
    const detail = readError.safeParse(body).data;
    return new ConditionsUnavailable(`${kind}: v2/${path} is answered with ${status}${detail ? `: ${detail}` : ""}`);
  };
  return {
    ask: async (method, path, schema, body) => sense(path, await call(method, path, body), schema),
    async find(path, schema) {
      const told = await call("GET", path);
      return told.status === 404 ? undefined : sense(path, told, schema);
    },
    async write(method, path, body) {
      const { status, body: answer } = await call(method, path, body);
      if (status < 300) return undefined;
      const detail = readError.safeParse(answer).data;
      const reason = detail === undefined ? undefined : reasonOf(status);
      if (reason === undefined) throw unexpected(path, status, answer);
      return { reason, detail: `${kind} says: ${detail}` };
    },
  };
}

function reasonOf(status: number): TagRefusal | undefined {
  if (status === 404) return "unknown-tag";
  if (status === 409) return "already-there";
  // It understood what it was asked for, and does not do it in the state that the tag is in.
  return status >= 400 && status < 500 ? "state" : undefined;
}
