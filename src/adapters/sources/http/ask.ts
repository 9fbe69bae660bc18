/** One request and the whole of its answer, within bounds of time and size. */
import { formatDuration } from "../../../core/time.ts";
import { shown } from "./address.ts";

export type Request = {
  readonly headers: Headers;
  readonly timeoutMs: number;
  readonly limitBytes: number;
  /** Ends the request when the source is closed. */
  readonly closing: AbortSignal;
};

export type Reply = {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly text: string;
};

export async function ask(address: URL, { headers, timeoutMs, limitBytes, closing }: Request): Promise<Reply> {
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), closing]);
  try {
    const response = await fetch(address, { headers, redirect: "error", signal });
    const text = await bodyOf(response, limitBytes);
    return { ok: response.ok, status: response.status, statusText: response.statusText, text };
  } catch (cause) {
    throw new Error(`${shown(address)} ${inWords(cause as Error, { timeoutMs, limitBytes })}`, { cause });
  }
}

class TooLarge extends Error {}

async function bodyOf(response: Response, limitBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > limitBytes) throw new TooLarge(`more than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function inWords(error: Error, { timeoutMs, limitBytes }: Pick<Request, "timeoutMs" | "limitBytes">): string {
  if (error instanceof TooLarge)
    return `answered with more than ${Math.round(limitBytes / 1e6)} MB: ask for pages, or for changes only (page, since)`;
  if (error.name === "TimeoutError")
    return `did not answer within ${formatDuration(timeoutMs)}: look at the registry, or allow more (timeout)`;
  if (error.name === "AbortError") return "was not waited for: the source is closed";
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  if (cause?.message === "unexpected redirect") {
    return "answered with a redirect, which is not followed, since it could carry the headers elsewhere: write the address that it leads to";
  }
  if (error.message === "terminated") return "broke off in the middle of its answer";
  return `cannot be reached: ${cause?.code ?? cause?.message ?? error.message}`;
}
