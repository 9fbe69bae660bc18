/** The bot's own port: health, logs, output files, what was said, conditions, and commands for those who have the token. */
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import type { Log } from "../../ports/log.ts";
import { identityOf } from "./access.ts";
import { type ChatRouteParts, chatRoutes } from "./chat-routes.ts";
import { type CommandRouteParts, commandRoutes } from "./command-routes.ts";
import { type HsfParts, hsfRoutes } from "./hsf/routes.ts";
import { type LogRouteParts, logRoutes } from "./log-routes.ts";
import { outputRoutes } from "./output-routes.ts";
import { saidRoutes } from "./said-routes.ts";
import { type WebhookParts, webhookRoutes } from "./webhook-routes.ts";

export type ServerParts = LogRouteParts &
  CommandRouteParts &
  ChatRouteParts & {
    readonly host: string;
    readonly port: number;
    readonly log: Log;
    readonly webhooks: WebhookParts;
    readonly hsf: HsfParts;
    /** How the bot is; what keeps it from working, if something does. */
    readonly health: () => { readonly stalled: string | null };
  };

export class PortInUse extends Error {
  constructor(host: string, port: number, cause: unknown) {
    super(
      `port ${port} on ${host} is in use, perhaps by another calops; stop that one, or choose another with --port N`,
      { cause },
    );
    this.name = "PortInUse";
  }
}

/** Listens; resolves with the address once it does. */
export async function openServer(parts: ServerParts): Promise<{ url: string; close(): Promise<void> }> {
  const server = Fastify({
    logger: false,
    bodyLimit: 1_000_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2_000 },
  });
  secure(server);
  server.get("/health", async (_request, reply) => {
    const { stalled } = parts.health();
    return await reply
      .code(stalled === null ? 200 : 503)
      .send({ ok: stalled === null, stalled, is: identityOf(parts.access) });
  });
  logRoutes(server, parts);
  outputRoutes(server, parts);
  saidRoutes(server, parts);
  commandRoutes(server, parts);
  chatRoutes(server, parts);
  hsfRoutes(server, { ...parts.hsf, log: parts.log });
  webhookRoutes(server, { ...parts.webhooks, log: parts.log });
  server.setNotFoundHandler(
    async (_request, reply) => await reply.code(404).type("text/plain").send("There is nothing at this address.\n"),
  );
  server.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) parts.log.error({ path: request.url.split("?")[0], error: error.stack }, "a request failed");
    await reply
      .code(status)
      .send({ error: status >= 500 ? `it failed inside calops: ${error.message}` : error.message });
  });
  try {
    await server.listen({ host: parts.host, port: parts.port });
  } catch (error) {
    if ((error as { code?: string }).code === "EADDRINUSE") throw new PortInUse(parts.host, parts.port, error);
    throw error;
  }
  const [listening] = server.addresses();
  const { address, family, port } = listening as AddressInfo;
  const shown = family === "IPv6" ? `[${address}]` : address === "0.0.0.0" ? "127.0.0.1" : address;
  return { url: `http://${shown}:${port}`, close: () => server.close() };
}

function secure(server: FastifyInstance): void {
  server.addHook("onSend", async (_request, reply) => {
    reply
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer")
      .header("x-frame-options", "DENY");
    if (!reply.hasHeader("content-security-policy")) reply.header("content-security-policy", "default-src 'none'");
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "private, no-cache");
  });
}
