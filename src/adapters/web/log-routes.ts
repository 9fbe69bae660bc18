/** Logs at stable addresses: as a page, as plain text, and live. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Attempt, isLive } from "../../core/job/job.ts";
import { cleanLines } from "../../core/text/clean.ts";
import type { Redact } from "../../core/text/redact.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Workspace } from "../../ports/workspace.ts";
import type { Access } from "./access.ts";
import { logPage, parseLogName } from "./addresses.ts";
import { logPageOf } from "./log-page.ts";

export type LogRouteParts = {
  readonly queries: Queries;
  readonly workspace: Workspace;
  readonly access: Access;
  /** Takes out of a log what a job should not have written there. */
  readonly redact: () => Redact;
};

type LogRequest = FastifyRequest<{
  Params: { name: string };
  Querystring: { k?: string; raw?: string; follow?: string; from?: string };
}>;

/** Bytes of the end that a page shows at first. */
const SHOWN_BYTES = 512 * 1024;
/** Live views at once: each costs a look at its file three times a second. */
const MOST_LIVE = 500;

export function logRoutes(server: FastifyInstance, { queries, workspace, access, redact }: LogRouteParts): void {
  let views = 0;

  server.get("/logs/:name", async (request: LogRequest, reply) => {
    const address = parseLogName(request.params.name);
    if (!address || !access.opens(logPage(address), request.query.k)) return await nothingThere(reply);
    const attempt = await queries.attempt(address.jobId, address.attempt);
    const [job] = attempt ? await queries.jobs([attempt.jobId]) : [];
    const [task] = job ? await queries.tasks([job.taskId]) : [];
    if (!attempt || !job || !task) return await nothingThere(reply);
    const size = await workspace.logSize(attempt.directory);
    if (request.query.follow !== undefined) return await follow(request, reply, attempt);
    if (request.query.raw !== undefined) {
      if (size === undefined) return await nothingThere(reply);
      return await reply
        .type("text/plain; charset=utf-8")
        .send(Readable.from(asText(linesOf(attempt, numberOf(request.query.from) ?? 0, async () => false))));
    }
    const from = Math.max(0, (size ?? 0) - SHOWN_BYTES);
    const query = `k=${encodeURIComponent(request.query.k ?? "")}`;
    const name = encodeURIComponent(request.params.name);
    const { html, policy } = logPageOf({
      task,
      job,
      attempt,
      size,
      from,
      raw: `${name}?raw&${query}`,
      follow: `${name}?follow&from=${from}&${query}`,
    });
    return await reply.header("content-security-policy", policy).type("text/html; charset=utf-8").send(html);
  });

  async function follow(request: LogRequest, reply: FastifyReply, attempt: Attempt): Promise<FastifyReply> {
    if (views >= MOST_LIVE)
      return await reply
        .code(503)
        .type("text/plain")
        .send("Too many logs are being followed; close some, or read the whole log.\n");
    const events = request.headers.accept?.includes("text/event-stream") === true;
    // A browser that lost the connection says how far it had come.
    const from = numberOf(headerOf(request, "last-event-id")) ?? numberOf(request.query.from) ?? 0;
    let gone = false;
    views++;
    request.raw.once("close", () => {
      gone = true;
    });
    reply.raw.once("close", () => {
      gone = true;
      views--;
    });
    const live = async () => !gone && isLive((await queries.attempt(attempt.jobId, attempt.number))?.state ?? "lost");
    const pieces = linesOf(attempt, from, live);
    const stream = Readable.from(events ? asEvents(pieces, attempt) : asText(pieces));
    return await reply
      .header("cache-control", "no-store")
      .type(events ? "text/event-stream" : "text/plain; charset=utf-8")
      .send(stream);
  }

  async function* linesOf(
    attempt: Attempt,
    from: number,
    live: () => Promise<boolean>,
  ): AsyncGenerator<{ text: string; next: number }> {
    const clean = redact();
    for await (const { text, next } of workspace.followLog(attempt.directory, from, live))
      yield { text: clean(text), next };
  }

  async function* asEvents(
    pieces: AsyncIterable<{ text: string; next: number }>,
    attempt: Attempt,
  ): AsyncGenerator<string> {
    yield ": \n\n";
    for await (const { text, next } of pieces)
      yield `id: ${next}\nevent: text\ndata: ${JSON.stringify(cleanLines(text))}\n\n`;
    const last = await queries.attempt(attempt.jobId, attempt.number);
    yield `event: end\ndata: ${JSON.stringify({ state: last?.state ?? attempt.state })}\n\n`;
  }
}

async function* asText(pieces: AsyncIterable<{ text: string }>): AsyncGenerator<string> {
  for await (const { text } of pieces) yield text;
}

/** The same answer for what does not exist and for what somebody may not see. */
export async function nothingThere(reply: FastifyReply): Promise<FastifyReply> {
  return await reply
    .code(404)
    .type("text/plain; charset=utf-8")
    .send("There is nothing at this address. Links to logs and files are shown by the commands logs and task.\n");
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
