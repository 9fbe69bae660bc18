/** How Slack brings something to the app: by its sockets, or signed over HTTP. What it brought, and what came back, is kept. */
import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Workspace } from "./workspace.ts";

export type Kind = "slash_commands" | "interactive" | "events_api";

export type Brought = {
  readonly id: string;
  readonly kind: Kind;
  readonly payload: object;
  /** How often it was brought. */
  times: number;
  /** Until it was heard of, in milliseconds; undefined while it was not. More than 3000 is too long. */
  tookMs: number | undefined;
  /** What stood in the acknowledgement. */
  ack: Readonly<Record<string, unknown>> | string | undefined;
};

export type Line = {
  readonly brought: Brought[];
  bring(kind: Kind, payload: Brought["payload"]): Promise<Brought>;
  /** The same once more, as Slack does when it did not hear. */
  again(brought: Brought): Promise<Brought>;
};

const PATIENCE_MS = 3_000;

export class SocketLine implements Line {
  readonly brought: Brought[] = [];
  readonly #workspace: Workspace;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sockets: WebSocket[] = [];
  readonly #tickets = new Set<string>();
  readonly #heard = new Map<string, (ack: Brought["ack"]) => void>();
  #opened: (() => void)[] = [];
  #turn = 0;
  /** Acknowledgements do not get through. */
  deaf = false;
  refusing = false;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get open(): number {
    return this.#sockets.length;
  }

  ticket(): string {
    const ticket = this.#workspace.id("");
    this.#tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? "/", "http://here").searchParams.get("ticket") ?? "";
    // Each opens one socket.
    if (this.refusing || !this.#tickets.delete(ticket)) {
      socket.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#sockets.push(client);
      // Whoever waits for an acknowledgement listens whether it breaks off.
      client.setMaxListeners(0);
      client.on("close", () => {
        if (this.#sockets.includes(client)) this.#sockets.splice(this.#sockets.indexOf(client), 1);
      });
      client.on("message", (data) => this.#hear(String(data)));
      client.send(JSON.stringify({ type: "hello", num_connections: this.#sockets.length }));
      for (const opened of this.#opened.splice(0)) opened();
    });
  }

  async opened(count: number): Promise<void> {
    while (this.open < count) await new Promise<void>((resolve) => this.#opened.push(resolve));
  }

  /** The connections break, without a word. */
  drop(): void {
    for (const socket of [...this.#sockets]) socket.terminate();
  }

  /** As Slack asks now and then: nothing is brought by these any more. */
  refresh(): void {
    const reason = { type: "disconnect", reason: "refresh_requested" };
    for (const socket of this.#sockets.splice(0)) socket.send(JSON.stringify(reason));
  }

  async bring(kind: Kind, payload: Brought["payload"]): Promise<Brought> {
    const one: Brought = { id: this.#workspace.id("E"), kind, payload, times: 0, tookMs: undefined, ack: undefined };
    this.brought.push(one);
    return await this.again(one);
  }

  async again(one: Brought): Promise<Brought> {
    await this.opened(1);
    const socket = this.#sockets[this.#turn++ % this.#sockets.length];
    one.times += 1;
    const began = performance.now();
    const heard = new Promise<Brought["ack"] | "nothing">((resolve) => {
      const late = setTimeout(() => resolve("nothing"), PATIENCE_MS).unref();
      socket?.once("close", () => resolve("nothing"));
      this.#heard.set(one.id, (ack) => {
        clearTimeout(late);
        resolve(ack);
      });
    });
    socket?.send(
      JSON.stringify({
        type: one.kind,
        envelope_id: one.id,
        payload: one.payload,
        accepts_response_payload: one.kind !== "events_api",
        ...(one.kind === "events_api" && {
          retry_attempt: one.times - 1,
          retry_reason: one.times > 1 ? "timeout" : "",
        }),
      }),
    );
    const ack = await heard;
    if (ack === "nothing") return one;
    one.tookMs = performance.now() - began;
    one.ack = ack;
    return one;
  }

  #hear(data: string): void {
    if (this.deaf) return;
    const { envelope_id, payload } = JSON.parse(data) as { envelope_id: string; payload?: Record<string, unknown> };
    this.#heard.get(envelope_id)?.(payload);
  }
}

/** @param url where the app takes requests */
export class HttpLine implements Line {
  readonly brought: Brought[] = [];
  readonly #workspace: Workspace;
  readonly #url: string;
  readonly #secret: string;

  constructor(workspace: Workspace, url: string, secret: string) {
    this.#workspace = workspace;
    this.#url = url;
    this.#secret = secret;
  }

  async bring(kind: Kind, payload: Brought["payload"]): Promise<Brought> {
    const one: Brought = { id: this.#workspace.id("E"), kind, payload, times: 0, tookMs: undefined, ack: undefined };
    this.brought.push(one);
    return await this.again(one);
  }

  async again(one: Brought): Promise<Brought> {
    one.times += 1;
    const began = performance.now();
    const { status, text } = await this.send(bodyOf(one.kind, one.payload), { retry: one.times - 1 });
    if (status !== 200) return one;
    one.tookMs = performance.now() - began;
    one.ack = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : text;
    return one;
  }

  /** Anything, signed as Slack does or otherwise. */
  async send(
    { type, text }: { readonly type: string; readonly text: string },
    { at = this.#workspace.clock.now(), secret = this.#secret, headers = {}, retry = 0 }: Signing = {},
  ): Promise<{ status: number; text: string }> {
    const seconds = Math.floor(at / 1_000);
    const response = await fetch(this.#url, {
      method: "POST",
      headers: {
        "content-type": type,
        "x-slack-request-timestamp": String(seconds),
        "x-slack-signature": `v0=${createHmac("sha256", secret).update(`v0:${seconds}:${text}`).digest("hex")}`,
        ...(retry > 0 && { "x-slack-retry-num": String(retry), "x-slack-retry-reason": "http_timeout" }),
        ...headers,
      },
      body: text,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, text: await response.text() };
  }
}

export type Signing = {
  readonly at?: number;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry?: number;
};

export function bodyOf(kind: Kind, payload: Brought["payload"]): { type: string; text: string } {
  if (kind === "events_api") return { type: "application/json", text: JSON.stringify(payload) };
  const form =
    kind === "interactive" ? { payload: JSON.stringify(payload) } : (payload as Readonly<Record<string, string>>);
  return { type: "application/x-www-form-urlencoded", text: new URLSearchParams(form).toString() };
}
