/** One request to a server that keeps conditions, and the whole of its answer as JSON, within bounds of time and size. */
import { formatDuration } from "../../core/time.ts";
import { ConditionsUnavailable } from "../../ports/conditions.ts";

export type ServerAddress = {
  /** What people call it: `nopayloaddb`. */
  readonly kind: string;
  readonly url: string;
  readonly timeoutMs: number;
  /** The whole header; undefined where it asks for none. */
  readonly authorization: () => string | undefined;
  /** Ends what is asked when the conditions are closed. */
  readonly closing: AbortSignal;
};

export type Told = { readonly status: number; readonly body: unknown; readonly headers: Headers };

/** A body is sent as JSON; a blob as what it says that it is. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<Told>;

/** Tags of 100,000 intervals are some 40 MB. */
const LIMIT_BYTES = 256e6;

/** Answers that say that nobody could answer, whatever stands in them. */
const AWAY = [429, 502, 503, 504];

export function asker(server: ServerAddress): Ask {
  const base = server.url.endsWith("/") ? server.url : `${server.url}/`;
  return async (method, path, body) => {
    const address = new URL(path, base);
    const authorization = authorizationOf(server);
    const response = await sent(server, address, {
      method,
      headers: {
        accept: "application/json",
        "cache-control": "no-cache",
        ...(body === undefined || body instanceof Blob ? {} : { "content-type": "application/json" }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    });
    return await told(server, `${method} ${shown(address)}`, response);
  };
}

function authorizationOf({ authorization }: ServerAddress): string | undefined {
  try {
    return authorization();
  } catch (error) {
    throw new ConditionsUnavailable((error as Error).message, error);
  }
}

/** As it may be shown. */
export function shown(address: URL): string {
  return `${address.origin}${address.pathname}`;
}

/** Rejects with `ConditionsUnavailable` where nobody answers. */
export async function sent(server: ServerAddress, address: URL, request: RequestInit): Promise<Response> {
  const signal = AbortSignal.any([AbortSignal.timeout(server.timeoutMs), server.closing]);
  try {
    return await fetch(address, { ...request, redirect: "error", signal });
  } catch (error) {
    throw away(server, shown(address), error);
  }
}

export async function told(server: ServerAddress, what: string, response: Response): Promise<Told> {
  const { status, headers } = response;
  const text = await textOf(response).catch((error: unknown) => {
    throw away(server, what, error);
  });
  if (AWAY.includes(status)) throw new ConditionsUnavailable(`${server.kind}: ${what} is answered with ${status}`);
  if (status === 401 || status === 403)
    throw new ConditionsUnavailable(
      `${server.kind} refuses ${what} with ${status}: look at the token of conditions: server: in calops.yaml`,
    );
  if (text === "") return { status, headers, body: undefined };
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch (cause) {
    throw new ConditionsUnavailable(`${server.kind}: ${what} is answered with ${status} and no JSON`, cause);
  }
}

class TooLarge extends Error {}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > LIMIT_BYTES) throw new TooLarge(`more than ${LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function away({ kind, timeoutMs }: ServerAddress, what: string, error: unknown): ConditionsUnavailable {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const why =
    name === "TimeoutError"
      ? `did not answer within ${formatDuration(timeoutMs)}`
      : name === "AbortError"
        ? "was not waited for: the bot stops"
        : error instanceof TooLarge
          ? `answered with more than ${LIMIT_BYTES / 1e6} MB`
          : cause?.message === "unexpected redirect"
            ? "answered with a redirect, which is not followed, since it could carry the token elsewhere"
            : message === "terminated"
              ? "broke off in the middle of its answer"
              : `cannot be reached: ${cause?.code ?? cause?.message ?? message}`;
  return new ConditionsUnavailable(`${kind} at ${what} ${why}`, error);
}
