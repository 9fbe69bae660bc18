/** The line to the API of a host: one question and the whole of its answer, within bounds of time and size. */
import type { z } from "zod";
import { redactor } from "../../core/text/redact.ts";
import { formatDuration } from "../../core/time.ts";
import { CodeHostError } from "../../ports/code-host.ts";
import { type Answer, jsonOf } from "./answer.ts";
import type { HostContext } from "./host-context.ts";
import { type HostNames, refusalOf } from "./refusal.ts";

export type Question = {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  /** The steps of the path below the base; each is encoded, so that none of them can be two. */
  readonly path: readonly (string | number)[];
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
};

export type Line = {
  /** Rejects with a `CodeHostError`, which is `Refused` when the host itself said no. */
  ask<T>(question: Question, shape: z.ZodType<T>): Promise<T>;
  /** The same, with what the host says about the token beside its answer. */
  look<T>(question: Question, shape: z.ZodType<T>): Promise<{ readonly data: T; readonly headers: Headers }>;
  /** A list in the order of the host, of which further pages are asked for only as far as it is read. */
  list<T>(question: Question, shape: z.ZodType<readonly T[]>): AsyncGenerator<T, void>;
};

const TIMEOUT_MS = 15_000;
const LIMIT_BYTES = 64e6;
const PAGE_SIZE = 100;
/** More comments than that are a mistake of the host, which gives the same page again and again. */
const MOST_PAGES = 300;

export function openLine(
  options: {
    readonly base: string;
    readonly names: HostNames;
    readonly headers: Readonly<Record<string, string>>;
    /** What of the token goes into the header; `Bearer` and the token where it is left out. */
    readonly authorization?: (token: string) => string;
  },
  context: HostContext,
): Line {
  const { base, names } = options;
  const timeoutMs = context.timeoutMs ?? TIMEOUT_MS;

  async function reply<T>(question: Question, shape: z.ZodType<T>): Promise<{ data: T; headers: Headers }> {
    const token = context.secret(names.secret);
    const address = addressOf(base, question);
    const asked = `${question.method} ${address.pathname}`;
    const answer = await exchange(address, question, headersFor(question, token));
    if (answer.status >= 200 && answer.status <= 299)
      return { data: shapeOf(answer, shape, asked), headers: answer.headers };
    // A server may repeat what it was sent.
    throw refusalOf({ ...answer, text: redactor([token])(answer.text) }, asked, names);
  }

  async function exchange(address: URL, question: Question, headers: Headers): Promise<Answer> {
    const { method, body } = question;
    try {
      const response = await fetch(address, {
        method,
        headers,
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, headers: response.headers, text: await textOf(response) };
    } catch (cause) {
      const why = inWords(cause as Error, timeoutMs);
      throw new CodeHostError(`${names.host} at ${address.origin} ${why}; look at ${names.address} if it stays so`, {
        cause,
      });
    }
  }

  function headersFor(question: Question, token: string): Headers {
    const headers = new Headers({ "user-agent": "calops", ...options.headers });
    if (question.body) headers.set("content-type", "application/json");
    try {
      headers.set("authorization", options.authorization?.(token) ?? `Bearer ${token}`);
    } catch {
      // What was thrown repeats the token, which is why it is not a cause.
      throw new CodeHostError(
        `the secret ${names.secret} holds something that HTTP does not allow; look for a line end in it`,
      );
    }
    return headers;
  }

  function shapeOf<T>(answer: Answer, shape: z.ZodType<T>, asked: string): T {
    const read = shape.safeParse(jsonOf(answer));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const where = issue?.path.length ? `${issue.path.join(".")}: ` : "";
    throw new CodeHostError(
      `${names.host} answered ${asked} with something else than ${names.host} does (${where}${issue?.message}); look at ${names.address}`,
    );
  }

  return {
    look: reply,
    ask: async (question, shape) => (await reply(question, shape)).data,
    async *list(question, shape) {
      for (let page = 1; page <= MOST_PAGES; page++) {
        const query = { ...question.query, per_page: PAGE_SIZE, page };
        const { data, headers } = await reply({ ...question, query }, shape);
        yield* data;
        // A server in between may take the header away; a full page is rarely the last.
        if (data.length < PAGE_SIZE && !/rel="?next"?/.test(headers.get("link") ?? "")) return;
      }
      throw new CodeHostError(
        `${names.host} has more than ${MOST_PAGES} pages at ${question.path.join("/")}; look whether it gives the same again and again`,
      );
    },
  };
}

function addressOf(base: string, { path, query }: Question): URL {
  const steps = path.map((step) => encodeURIComponent(String(step).toWellFormed()));
  const address = new URL(`${base}/${steps.join("/")}`);
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, String(value));
  return address;
}

class TooLarge extends Error {}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LIMIT_BYTES) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function inWords(error: Error, timeoutMs: number): string {
  if (error instanceof TooLarge) return `answered with more than ${LIMIT_BYTES / 1e6} MB`;
  if (error.name === "TimeoutError") return `did not answer within ${formatDuration(timeoutMs)}`;
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  if (error.message === "terminated") return "broke off in the middle of its answer";
  return `cannot be reached: ${cause?.code ?? cause?.message ?? error.message}`;
}
