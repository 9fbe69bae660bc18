/**
 * A stand-in for Slack on loopback: a real HTTP server and real sockets, with a workspace behind them. It enforces what Slack
 * does and refuses what Slack's types do not know; Slack's own packages run against it as they are. Time is the clock's that
 * it is given. Everything that it is asked is kept, and what should not have been asked is a complaint.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SCOPES } from "../../src/adapters/chat/slack/needs.ts";
import { handClock } from "./hand-clock.ts";
import { strangeIn } from "./slack/blocks.ts";
import { type Brought, HttpLine, SocketLine } from "./slack/line.ts";
import {
  type Answer,
  type Call,
  contentOf,
  METHODS,
  neededFor,
  refusal,
  TOO_MANY,
  type World,
  wrongArguments,
  wrongContent,
} from "./slack/methods.ts";
import { Persons, type Where } from "./slack/person.ts";
import type { Shown } from "./slack/shown.ts";
import { BOT_USER, Workspace } from "./slack/workspace.ts";

export type FakeSlackOptions = {
  readonly clock?: World["workspace"]["clock"];
  /** Where the app takes requests; without it Slack brings everything by sockets. */
  readonly requestUrl?: string;
  readonly scopes?: readonly string[];
  /** So many of a list come in one answer. */
  readonly pageSize?: number;
};

export const BOT_TOKEN = "xoxb-1-calops";
export const APP_TOKEN = "xapp-1-calops";
export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

/** From now on, for all methods or one. The last does what it is asked for, and nobody hears of it. */
export type Trouble =
  | "hangs"
  | "breaks off"
  | "loses its answer"
  | { readonly status: number }
  | { readonly error: string };

const RESPONSE_USES = 5;
const RESPONSE_MS = 30 * 60_000;
const RESPONSE_FIELDS = [
  "response_type",
  "replace_original",
  "delete_original",
  "text",
  "blocks",
  "thread_ts",
  "unfurl_links",
  "unfurl_media",
];

export class FakeSlack {
  readonly workspace: Workspace;
  readonly calls: Call[] = [];
  readonly complaints: string[] = [];
  readonly scopes: string[];
  readonly sockets: SocketLine;
  readonly http: HttpLine | undefined;
  readonly persons: Persons;
  readonly origin: string;
  /** Milliseconds that its clock is before ours. */
  ahead = 0;
  botToken = BOT_TOKEN;
  appToken = APP_TOKEN;
  readonly #server: ReturnType<typeof createServer>;
  readonly #world: World;
  #after: { readonly method: string; readonly happens: (account?: string) => void } | undefined;
  #trouble: { readonly what: Trouble; readonly method: string | undefined } | undefined;

  private constructor(server: ReturnType<typeof createServer>, options: FakeSlackOptions) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.workspace = new Workspace(options.clock ?? handClock());
    this.scopes = [...(options.scopes ?? Object.keys(SCOPES))];
    this.sockets = new SocketLine(this.workspace);
    this.http = options.requestUrl ? new HttpLine(this.workspace, options.requestUrl, SIGNING_SECRET) : undefined;
    this.persons = new Persons(this.workspace, this.http ?? this.sockets, this.origin);
    this.#world = {
      workspace: this.workspace,
      origin: this.origin,
      complain: (what) => this.complaints.push(what),
      uploads: new Map(),
      posted: new Map(),
      pageSize: options.pageSize ?? 100,
      socketUrl: () => `${this.origin.replace("http", "ws")}/link?ticket=${this.sockets.ticket()}`,
    };
  }

  static async open(options: FakeSlackOptions = {}): Promise<FakeSlack> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const slack = new FakeSlack(server, options);
    server.on("request", (request, response) => {
      slack.#answer(request, response).catch((error) => {
        slack.complaints.push(`the stand-in itself failed: ${(error as Error).stack}`);
        response.destroy();
      });
    });
    server.on("upgrade", (request, socket, head) => slack.sockets.upgrade(request, socket, head));
    return slack;
  }

  get api(): string {
    return `${this.origin}/api/`;
  }

  /** Once so many sockets are open. */
  async connected(count = 2): Promise<void> {
    await this.sockets.opened(count);
  }

  trouble(what?: Trouble, method?: string): void {
    this.#trouble = what && { what, method };
  }

  /**
   * Something happens once the method has been done, and before anybody hears of it.
   *
   * @param method or `response_url`, with the account that is answered
   */
  after(method: string | undefined, happens: (account?: string) => void = () => {}): void {
    this.#after = method === undefined ? undefined : { method, happens };
  }

  /** Of a method, oldest first. */
  called(method: string): Call["args"][] {
    return this.calls.filter((one) => one.method === method).map(({ args }) => args);
  }

  types(line: string, where: Where): Promise<Brought> {
    return this.persons.types(line, where);
  }

  mentions(line: string, where: Where): Promise<Brought> {
    return this.persons.mentions(line, where);
  }

  presses(message: string, label: string, user: string): Promise<Brought> {
    return this.persons.presses(message, label, user);
  }

  fills(user: string, values: Readonly<Record<string, string>>): Promise<Brought> {
    return this.persons.fills(user, values);
  }

  shown(channel: string, user: string): Shown[] {
    return this.workspace.shown(channel, user);
  }

  /** The app has just posted there, so that more is too much. */
  posts(channel: string): void {
    this.#world.posted.set(this.workspace.channel(channel).id, this.workspace.clock.now());
  }

  /** Somebody takes a message away. */
  deletes(message: string): void {
    const [channel = "", ts = ""] = message.split(":");
    const index = this.workspace.messages.findIndex((one) => one.channel === channel && one.ts === ts);
    this.workspace.messages.splice(index, 1);
  }

  async close(): Promise<void> {
    this.sockets.drop();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const path = new URL(request.url ?? "/", "http://here").pathname;
    const [, kind, name = ""] = path.split("/");
    if (kind === "upload") return await this.#upload(name, request, body, response);
    if (kind === "response") return this.#respond(name, body, response);
    if (kind !== "api") {
      this.complaints.push(`nothing is at ${path}`);
      response.writeHead(404).end();
      return;
    }
    const trouble = this.#trouble;
    const troubled = trouble !== undefined && (trouble.method ?? name) === name ? trouble.what : undefined;
    if (troubled === "hangs") return;
    if (troubled === "breaks off") {
      response.destroy();
      return;
    }
    if (typeof troubled === "object" && "status" in troubled) {
      response.writeHead(troubled.status).end();
      return;
    }
    const args = Object.fromEntries(new URLSearchParams(body.toString("utf8")));
    this.calls.push({ method: name, args, at: this.workspace.clock.now() });
    const answer =
      troubled === undefined || troubled === "loses its answer"
        ? this.#do(name, args, request)
        : refusal(troubled.error);
    if (this.#after?.method === name) this.#after.happens();
    if (troubled === "loses its answer") {
      response.destroy();
      return;
    }
    response.writeHead(answer === TOO_MANY ? 429 : 200, {
      "content-type": "application/json",
      "x-oauth-scopes": this.scopes.join(","),
      date: new Date(this.workspace.clock.now() + this.ahead).toUTCString(),
      ...(answer === TOO_MANY && { "retry-after": "1" }),
    });
    response.end(JSON.stringify(answer));
  }

  #do(name: string, args: Readonly<Record<string, string>>, request: IncomingMessage): Answer {
    const one = METHODS[name];
    if (!one) {
      this.complaints.push(`there is no method ${name}`);
      return refusal("unknown_method");
    }
    if (name !== "api.test") {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
      if (token === undefined) return refusal("not_authed");
      if (token !== this.botToken && token !== this.appToken) return refusal("invalid_auth");
      if ((token === this.appToken) !== (one.app === true)) return refusal("not_allowed_token_type");
    }
    const wrong = wrongArguments(name, args);
    if (wrong !== undefined) {
      this.complaints.push(wrong);
      return refusal("invalid_arguments");
    }
    const needed = neededFor(name, args, this.workspace).find((scope) => !this.scopes.includes(scope));
    if (needed !== undefined) return refusal("missing_scope", { needed, provided: this.scopes.join(",") });
    return one.run(args, this.#world);
  }

  async #upload(id: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const upload = this.#world.uploads.get(id);
    const type = request.headers["content-type"] ?? "";
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
    const file = [...form.values()].find((one) => typeof one !== "string") as File | undefined;
    const bytes = file && Buffer.from(await file.arrayBuffer());
    if (!upload || !bytes || bytes.length !== upload.length) {
      this.complaints.push("an upload that was not announced, or of another length");
      response.writeHead(400).end();
      return;
    }
    upload.bytes = bytes;
    response.writeHead(200).end(`OK - ${bytes.length}`);
  }

  #respond(id: string, body: Buffer, response: ServerResponse): void {
    const args = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    this.calls.push({ method: "response_url", args, at: this.workspace.clock.now() });
    const wrong = this.#responded(id, args);
    if (this.#after?.method === "response_url") this.#after.happens(this.workspace.responseUrls.get(id)?.user);
    if (wrong === undefined) response.writeHead(200, { "content-type": "text/plain" }).end("ok");
    else response.writeHead(404).end(JSON.stringify(refusal(wrong)));
  }

  /** What is wrong with an answer by such an address; undefined where it was taken. */
  #responded(id: string, args: Readonly<Record<string, unknown>>): string | undefined {
    const { workspace } = this;
    const one = workspace.responseUrls.get(id);
    if (!one) return "invalid_url";
    if (one.uses >= RESPONSE_USES) return "used_url";
    if (workspace.clock.now() - one.at >= RESPONSE_MS) return "expired_url";
    const strange = strangeIn(args, RESPONSE_FIELDS);
    if (strange !== undefined) this.complaints.push(`response_url: ${strange}`);
    if (strange !== undefined || wrongContent(args, this.#world)) return "invalid_payload";
    one.uses += 1;
    const onlyFor = args["response_type"] === "in_channel" ? undefined : one.user;
    workspace.post({ channel: one.channel, user: BOT_USER, onlyFor, ...contentOf(args) });
    return undefined;
  }
}
