/**
 * A real HTTP server on loopback that stands in for somebody else's. It knows what it was taught and nothing more: what it is
 * asked beside that is a complaint, which a test looks at in the end. It can be told to be in trouble.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Asked = {
  readonly method: string;
  /** As it was sent, with what is encoded in it. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Undefined where none was sent. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
};

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
};

/** The last one does what it is asked for, and nobody hears of it. */
export type Trouble = Reply | "hangs" | "breaks off" | "loses its answer";

export type StrictServer = {
  readonly origin: string;
  /** What was asked so far, in order. */
  readonly asked: Asked[];
  readonly complaints: string[];
  /** From now on, for all that is asked or for what fits; without a trouble everything is well again. */
  trouble(what?: Trouble, when?: (asked: Asked) => boolean): void;
  /** Something happens just before a question is answered. */
  before(happens: (asked: Asked) => void): void;
  close(): Promise<void>;
};

/** Refuses, and keeps why for the end of the test. */
export type Complain = (what: string) => Reply;

export async function aStrictServer(answer: (asked: Asked, complain: Complain) => Reply): Promise<StrictServer> {
  const asked: Asked[] = [];
  const complaints: string[] = [];
  let trouble: Trouble | undefined;
  let concerns: (asked: Asked) => boolean = () => true;
  let happens: (asked: Asked) => void = () => {};

  const complain = (what: string): Reply => {
    complaints.push(what);
    return { status: 400, body: { message: what } };
  };
  const server = createServer(async (request, response) => {
    const one = await read(request);
    asked.push(one);
    happens(one);
    if (trouble === undefined || !concerns(one)) return send(answer(one, complain), response);
    if (trouble === "loses its answer") answer(one, complain);
    beIn(trouble, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    complaints,
    trouble(what, when = () => true) {
      trouble = what;
      concerns = when;
    },
    before(listener) {
      happens = listener;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Part of a list, as it is asked for by `per_page` and `page`, and where it goes on. */
export function pageOf<T>(list: readonly T[], asked: Asked, origin: string): Reply {
  const size = Math.min(Number(asked.query.get("per_page") ?? 20), 100);
  const page = Number(asked.query.get("page") ?? 1);
  const next = new URLSearchParams(asked.query);
  next.set("page", String(page + 1));
  const link = `<${origin}${asked.path}?${next}>; rel="next"`;
  return {
    status: 200,
    body: list.slice((page - 1) * size, page * size),
    headers: page * size < list.length ? { link } : {},
  };
}

/** What is wrong with the fields of a body or the parameters of a query, if anything is. */
export function strangeIn(given: Iterable<string>, known: readonly string[]): string | undefined {
  const strange = [...given].filter((key) => !known.includes(key));
  return strange.length > 0 ? `unknown: ${strange.join(", ")}` : undefined;
}

/** What is wrong with a body, which has just these fields, each of them a text. */
export function wrongBody({ body, query }: Asked, fields: readonly string[]): string | undefined {
  const missing = fields.find((field) => typeof body?.[field] !== "string");
  if (missing) return `${missing} is missing`;
  return strangeIn([...Object.keys(body ?? {}), ...query.keys()], fields);
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
  const text = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString("utf8");
  return {
    method: request.method ?? "",
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: text === "" ? undefined : (bodyOf(text, request.headers["content-type"]) as Record<string, unknown>),
  };
}

/** Several parts are left as they came. */
function bodyOf(text: string, type = ""): unknown {
  return type.startsWith("multipart/") ? text : JSON.parse(text);
}

function send({ status, headers = {}, body }: Reply, response: ServerResponse): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body ?? null));
}

function beIn(trouble: Trouble, response: ServerResponse): void {
  switch (trouble) {
    case "hangs":
      break;
    case "breaks off":
    case "loses its answer":
      response.writeHead(200, { "content-length": "1000" });
      response.write("[{");
      setImmediate(() => response.destroy());
      break;
    default:
      send(trouble, response);
  }
}
