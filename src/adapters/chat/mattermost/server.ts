/**
 * The server's API, through its own client. What the client makes of an answer loses the headers, which say how long to wait;
 * so answers are looked at here, and a failure says what the caller can do about it.
 */
import { Client4 } from "@mattermost/client";
import type { ClientResponse, Options } from "@mattermost/types/client4";
import { ChatError } from "../../../ports/chat.ts";
import type { Clock } from "../../../ports/clock.ts";

/** The server refused, in its own words. */
export class Refusal extends Error {
  readonly status: number;
  /** By which the server names what is wrong: `api.context.permissions.app_error`. */
  readonly id: string;
  readonly retryAfterMs: number | undefined;

  constructor(words: string, of: { status: number; id: string; retryAfterMs: number | undefined }) {
    super(words);
    this.name = "Refusal";
    this.status = of.status;
    this.id = of.id;
    this.retryAfterMs = of.retryAfterMs;
  }
}

/** Of a channel that may be brought back. */
const ARCHIVED = "api.post.create_post.can_not_post_to_deleted.error";

type Answered = { readonly message?: string; readonly id?: string };
type Fetch = <T>(url: string, options: Options) => Promise<ClientResponse<T>>;

const PATIENCE_MS = 15_000;
/** A server that limits says until when, as seconds from now or since 1970; its own documents disagree. */
const SECONDS_FROM_NOW = 10_000_000;
const LONGEST_RETRY_MS = 10 * 60_000;

export class Server extends Client4 {
  readonly #clock: Clock;
  /** By how much the server's clock is ahead of ours, as of its last answer; undefined before one. */
  aheadMs: number | undefined;

  constructor(url: string, token: string, clock: Clock) {
    super();
    this.#clock = clock;
    this.setUrl(url.replace(/\/+$/, ""));
    this.setToken(token);
    this.logToConsole = false;
    const own = this as unknown as { doFetchWithResponse: Fetch };
    const asClient = own.doFetchWithResponse;
    own.doFetchWithResponse = (address, options) => this.#ask(asClient, address, options);
  }

  /** Opens a form before the one whom the trigger is of. */
  openDialog(request: unknown): Promise<unknown> {
    return this.doFetch(`${this.getBaseRoute()}/actions/dialogs/open`, {
      method: "post",
      body: JSON.stringify(request),
    });
  }

  /** Says something by the address that came with a slash command, which needs no token. */
  async respond(hook: string, response: unknown): Promise<void> {
    await this.doFetch(`${this.getUrl()}/hooks/commands/${hook}`, {
      method: "post",
      body: JSON.stringify(response),
      headers: { Authorization: "" },
    });
  }

  async #ask<T>(asClient: Fetch, address: string, options: Options): Promise<ClientResponse<T>> {
    const answer = await asClient<T>(address, {
      ...options,
      signal: options.signal ?? AbortSignal.timeout(PATIENCE_MS),
      ignoreStatus: true,
    });
    const { response, data } = answer;
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) this.aheadMs = date - this.#clock.now();
    if (response.ok) return answer;
    const { message, id } = (typeof data === "object" && data !== null ? data : {}) as Answered;
    throw new Refusal(message || `the server answered ${response.status}`, {
      status: response.status,
      id: id ?? "",
      retryAfterMs: response.status === 429 ? retryAfter(response.headers, this.#clock.now()) : undefined,
    });
  }
}

/** @returns milliseconds; undefined where the server says nothing that can be understood */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const given = headers.get("retry-after") ?? headers.get("x-ratelimit-reset") ?? "";
  const seconds = Number(given);
  if (given.trim() === "" || !Number.isFinite(seconds) || seconds < 0) return undefined;
  const ms = seconds < SECONDS_FROM_NOW ? seconds * 1_000 : seconds * 1_000 - now;
  return Math.min(Math.max(ms, 1_000), LONGEST_RETRY_MS);
}

/** What became of a call, as whoever sends messages understands it. */
export function asChatError(error: unknown, what: string): ChatError {
  if (error instanceof ChatError) return error;
  if (!(error instanceof Refusal)) {
    const cause = (error as Error).cause as { code?: string } | undefined;
    const why = cause?.code ?? (error as Error).message;
    return new ChatError(`Mattermost cannot be reached, so ${what}: ${why}`, { cause: error });
  }
  return new ChatError(`Mattermost refused, so ${what}: ${error.message}`, {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    hopeless: [400, 413, 422].includes(error.status) && error.id !== ARCHIVED,
  });
}
