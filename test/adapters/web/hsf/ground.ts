/** The REST interface over conditions in memory, and nopayloadclient, which asks it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { type HsfService, hsfRoutes } from "../../../../src/adapters/web/hsf/routes.ts";
import type { Iov } from "../../../../src/core/conditions/iov.ts";
import { type HandClock, handClock } from "../../../fakes/hand-clock.ts";
import { MemoryConditions } from "../../../fakes/memory-conditions.ts";

export const TOKEN = "a-token-of-some-length";

/** As far as it could be read as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: what comes is what is tested.
type Json = any;
export type Told = { readonly status: number; readonly body: Json; readonly text: string };
type Place = readonly [major: number, minor: number];

export type HsfGround = {
  readonly url: string;
  readonly clock: HandClock;
  readonly conditions: MemoryConditions;
  readonly errors: string[];
  serve(service: HsfService | undefined): void;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Told>;
  get(path: string): Promise<Told>;
  post(path: string, body?: unknown): Promise<Told>;
  put(path: string, body?: unknown): Promise<Told>;
  keep(type: string, text: string): Promise<string>;
  tagWith(name: string, ...iovs: Iov[]): Promise<void>;
  /** Type, and minor numbers of begin and end. */
  held(name: string): Promise<unknown[]>;
  close(): Promise<void>;
};

export async function hsfGround(): Promise<HsfGround> {
  const clock = handClock();
  const conditions = new MemoryConditions(clock.now);
  const errors: string[] = [];
  const files = mkdtempSync(join(tmpdir(), "calops-test-"));
  let service: HsfService | undefined = { token: () => TOKEN, declaredTypes: ["pedestals"], countsChanges: true };
  const server = Fastify({ logger: false, forceCloseConnections: true });
  hsfRoutes(server, {
    conditions,
    served: () => service,
    now: clock.now,
    url: () => "https://bot.example/",
    log: { info: () => {}, warn: () => {}, error: (_, message) => void errors.push(message) },
  });
  server.setNotFoundHandler(async (_, reply) => await reply.code(404).type("text/plain").send("nothing here"));
  const url = await server.listen({ host: "127.0.0.1", port: 0 });

  const ask: HsfGround["ask"] = async (method, path, body, headers) => {
    const answer = await fetch(`${url}/hsf/${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(headers ?? (method === "GET" ? {} : { authorization: `Bearer ${TOKEN}` })),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    url,
    clock,
    conditions,
    errors,
    serve: (next) => {
      service = next;
    },
    ask,
    get: (path) => ask("GET", path),
    post: (path, body) => ask("POST", path, body),
    put: (path, body) => ask("PUT", path, body),
    async keep(type, text) {
      writeFileSync(join(files, "payload"), text);
      return (await conditions.keep(type, join(files, "payload"))).hash;
    },
    async tagWith(name, ...iovs) {
      const of = { tag: { environment: "production", name }, by: "ann", why: null };
      const create = { kind: "create", description: "", upstream: null } as const;
      await conditions.change({ ...of, key: `make ${name}`, change: create });
      await conditions.change({ ...of, key: `fill ${name}`, change: { kind: "put", iovs } });
    },
    held: async (name) =>
      (await conditions.iovs({ environment: "production", name })).map(({ type, from, until }) => [
        type,
        from.minor,
        until?.minor ?? null,
      ]),
    async close() {
      await server.close();
      await conditions.close();
      rmSync(files, { recursive: true, force: true });
    },
  };
}

export async function good(told: Promise<Told>): Promise<Json> {
  const { status, body, text } = await told;
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body;
}

export function iov(type: string, payload: string, from: Place, until: Place | null): Iov {
  return {
    type,
    payload,
    from: { major: from[0], minor: from[1] },
    until: until && { major: until[0], minor: until[1] },
  };
}

/** The requests of `src/nopayloadclient.cpp` and `src/resthandler.cpp`, one after the other. */
export function nopayloadclient({ get, post, put }: Pick<HsfGround, "get" | "post" | "put">) {
  const hasNamed = (list: { name: string }[], name: string) => list.some((one) => one.name === name);
  return {
    async createGlobalTag(name: string) {
      if (!hasNamed(await good(get("gtstatus")), "unlocked")) await good(post("gtstatus", { name: "unlocked" }));
      await good(post("gt", { name, status: "unlocked", author: "ann" }));
    },
    createPayloadType: async (name: string) => await good(post("pt", { name })),
    async insertPayload(tag: string, type: string, file: readonly [url: string, md5: string], from: Place, to?: Place) {
      if (!hasNamed(await good(get("globalTags")), tag)) throw new Error(`no global tag with name '${tag}' exists`);
      if (!hasNamed(await good(get("pt")), type)) throw new Error(`no payload type with name '${type}' exists`);
      if (!(await good(get(`gtPayloadLists/${tag}`)))[type]) {
        const { name } = await good(post("pl", { payload_type: type }));
        await good(put("pl_attach", { payload_list: name, global_tag: tag }));
      }
      const list = (await good(get(`gtPayloadLists/${tag}`)))[type];
      const begin = { payload_url: file[0], major_iov: from[0], minor_iov: from[1], checksum: file[1] };
      const made = await good(post("piov", { ...begin, ...(to && { major_iov_end: to[0], minor_iov_end: to[1] }) }));
      return await good(put("piov_attach", { payload_list: list, piov_id: made.id }));
    },
    async getUrlDict(tag: string, major: number, minor: number): Promise<Record<string, string>> {
      const rows = await good(get(`payloadiovs/?gtName=${tag}&majorIOV=${major}&minorIOV=${minor}`));
      return Object.fromEntries(rows.map((row: string[]) => [row[0], row[1]]));
    },
  };
}
