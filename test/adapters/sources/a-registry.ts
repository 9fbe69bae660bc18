/** A run registry on this machine: a real HTTP server that answers as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answerer = (query: URLSearchParams, request: IncomingMessage, response: ServerResponse) => unknown;

export type Registry = {
  readonly origin: string;
  readonly url: string;
  /** The queries that were asked, in order. */
  readonly asked: URLSearchParams[];
  /** What is returned is sent as JSON, unless the answer was sent already. */
  answer(how: Answerer): void;
  close(): Promise<void>;
};

export async function aRegistry(first: Answerer = () => []): Promise<Registry> {
  let how = first;
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "/", "http://here").searchParams;
    asked.push(query);
    const body = how(query, request, response);
    if (body !== undefined) response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/api/runs`,
    asked,
    answer: (next) => {
      how = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
