/**
 * Whoever hosts the config repository says here that something was pushed. It hurries the next question to the remote and
 * no more: what it says is never read, so that nobody can make calops deploy something by telling it so.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { WEBHOOK_KINDS, type WebhookKind } from "../../core/environment/rules.ts";
import type { Instant } from "../../core/time.ts";
import type { Log } from "../../ports/log.ts";
import { isIntact, sealOf } from "./webhooks/seal.ts";

export type WebhookParts = {
  /** The secret of a kind of sender; undefined where none is declared, and then there is nothing at its address. */
  readonly secretOf: (kind: WebhookKind) => string | undefined;
  /** Has the remote asked now. Called for each genuine webhook, however many come at once. */
  readonly hurry: () => void;
  readonly now: () => Instant;
};

type WebhookRequest = FastifyRequest<{ Params: { kind: string } }>;

/** The largest that GitHub sends. It is hashed as it comes and not kept. */
const LIMIT_BYTES = 25 * 1024 * 1024;
const TOLD_EVERY_MS = 60_000;

export function webhookRoutes(
  server: FastifyInstance,
  { secretOf, hurry, now, log }: WebhookParts & { readonly log: Log },
): void {
  let refused = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  server.register(async (hooks) => {
    // Whatever it calls itself, its bytes are left for the handler.
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser("*", (_request, _payload, done) => done(null));

    hooks.post("/webhooks/:kind", async (request: WebhookRequest, reply) => {
      const kind = WEBHOOK_KINDS.find((one) => one === request.params.kind);
      const secret = kind && secretOf(kind);
      if (!kind || !secret) return reply.callNotFound();

      const seal = sealOf(kind, (name) => headerOf(request, name), secret);
      const genuine = seal ? await isIntact(seal, bytesOf(request)).catch(asRefusal) : false;
      switch (genuine) {
        case true:
          hurry();
          return await reply.code(202).send({ ok: true });
        case false:
          tell(kind);
          return await reply.code(401).send({ error: "The secret or signature of this webhook is wrong." });
        case "too-large":
          return await reply.code(413).header("connection", "close").send({ error: "A webhook has 25 MB at most." });
        case "broken-off":
          return await reply.code(400).send({ error: "The webhook broke off." });
      }
    });
  });

  /** Anybody can send wrong ones, as many as they like: the log has a line a minute at most. */
  function tell(kind: WebhookKind): void {
    refused++;
    if (now() - toldAt < TOLD_EVERY_MS) return;
    log.warn(
      { kind, refused },
      "refused a webhook whose secret or signature is wrong; see that the secret that is declared in environments.yaml is the one that its sender has",
    );
    toldAt = now();
    refused = 0;
  }
}

class TooLarge extends Error {}

async function* bytesOf(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of request.raw as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > LIMIT_BYTES) throw new TooLarge();
    yield chunk;
  }
}

/** Nothing is lost when the sender goes away in the middle: it has proven nothing. */
function asRefusal(error: unknown): "too-large" | "broken-off" {
  return error instanceof TooLarge ? "too-large" : "broken-off";
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
