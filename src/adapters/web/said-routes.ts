/** Messages and answers as pages. Whoever has the link of one can read that one and nothing else. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Asking } from "../../core/chat/request.ts";
import { say } from "../../core/say.ts";
import type { Redact } from "../../core/text/redact.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Access } from "./access.ts";
import { saidPage } from "./addresses.ts";
import { nothingThere } from "./log-routes.ts";
import { type Said, saidPageOf } from "./said-page.ts";

type SaidRequest = FastifyRequest<{ Params: { key: string }; Querystring: { k?: string | string[] } }>;

export function saidRoutes(
  server: FastifyInstance,
  { queries, access, redact }: { queries: Queries; access: Access; redact: () => Redact },
): void {
  server.get("/said/:key", async (request: SaidRequest, reply) => {
    const { key } = request.params;
    const { k } = request.query;
    if (typeof k !== "string" || !access.opens(saidPage(key), k)) return await nothingThere(reply);
    const said = (await messageOf(key, queries)) ?? (await answerOf(key, queries));
    if (!said) return await nothingThere(reply);
    const { html, policy } = saidPageOf(said, redact());
    return await reply.header("content-security-policy", policy).type("text/html; charset=utf-8").send(html);
  });
}

/** Each chat has one of its own; the one that was changed last says what there is to say. */
async function messageOf(key: string, queries: Queries): Promise<Said | undefined> {
  const [newest] = (await queries.messages(key)).sort((a, b) => b.changedAt - a.changedAt);
  return newest && { title: titleOf(newest.channel), at: newest.changedAt, blocks: newest.blocks };
}

/** Only the name of a channel tells people something. */
function titleOf(channel: string): string {
  return channel.startsWith("#") ? `Message in ${channel}` : "Message";
}

async function answerOf(key: string, queries: Queries): Promise<Said | undefined> {
  const asked = await queries.request(key);
  if (!asked) return undefined;
  const blocks = asked.answer?.blocks ?? [say`There is no answer yet. Load this page again in a moment.`];
  return { title: `Answer to ${asked.account.name}${inWords(asked.asking)}`, at: asked.at, blocks };
}

function inWords(asking: Asking): string {
  return asking.kind === "line" ? `: ${asking.line}` : "";
}
