/** Git over HTTP on loopback, as hosts have it: `git http-backend` behind a small server. */
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import type { Readable } from "node:stream";

export type HttpRemote = {
  readonly url: string;
  /** What each request brought, in order. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
};

/** @returns whether it has answered the request itself, instead of git */
export type Interference = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Serves the repositories below a directory, for half a minute at most a request. */
export async function serveHttp(directory: string, interfere: Interference = () => false): Promise<HttpRemote> {
  const requests: HttpRemote["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", authorization: request.headers.authorization });
    if (!interfere(request, response)) void backend(directory, request, response);
  });
  const close = await listen(server);
  return { url: `http://127.0.0.1:${portOf(server)}`, requests, close };
}

/** A server that gets a connection and does with it what the test says. */
export async function serveTcp(answer: (socket: Socket) => void): Promise<{ port: number; close(): Promise<void> }> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    answer(socket);
  });
  const close = await listen(server);
  return { port: portOf(server), close };
}

export type Changes = {
  /** What git is asked. */
  readonly asked?: (body: Buffer) => Buffer;
  /** What is answered. */
  readonly answered?: (body: Buffer) => Buffer;
};

/** Answers one request as git would, but for what the test makes of it. */
export async function backend(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
  { asked = (body) => body, answered = (body) => body }: Changes = {},
): Promise<void> {
  const { pathname, search } = new URL(request.url ?? "/", "http://x");
  const { headers } = request;
  const body = asked(await whole(request));
  const cgi = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_PROJECT_ROOT: directory,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers["content-type"],
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: headers["content-encoding"],
      GIT_PROTOCOL: headers["git-protocol"] as string | undefined,
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
    timeout: 60_000,
  });
  cgi.stdin.on("error", () => {});
  cgi.stdin.end(body);
  const all = await whole(cgi.stdout);
  const end = all.indexOf("\r\n\r\n");
  const lines = all.subarray(0, end).toString("latin1").split("\r\n");
  const fields = lines.map((line) => line.split(": ", 2) as [string, string]);
  const status = fields.find(([name]) => name === "Status")?.[1];
  response.writeHead(
    Number(status?.split(" ")[0] ?? 200),
    Object.fromEntries(fields.filter(([name]) => name !== "Status")),
  );
  response.end(answered(all.subarray(end + 4)));
}

async function whole(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function listen(server: Server): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
