/**
 * The REST interface of nopayloaddb over the conditions that this bot keeps, so that whatever speaks to it works unchanged:
 * below `/hsf/`, and below `/hsf/api/cdb_rest/` for clients that add that themselves. docs/hsf.md compares the two.
 */
import { createReadStream } from "node:fs";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { spanFromWire } from "../../../core/conditions/hsf-wire.ts";
import type { Instant } from "../../../core/time.ts";
import { type Conditions, ConditionsUnavailable } from "../../../ports/conditions.ts";
import type { Log } from "../../../ports/log.ts";
import { refusalOfWriting } from "./access.ts";
import { type Answer, answered, NOT_FOUND, refused } from "./answer.ts";
import type { HsfContext } from "./context.ts";
import { allIovs, attachIov, attachMany, deleteIov, iovNumbered, lookup, makeIov } from "./iovs.ts";
import {
  attachList,
  deleteList,
  deleteType,
  listByName,
  listNumbered,
  lists,
  makeList,
  makeType,
  types,
} from "./lists.ts";
import { Loose } from "./loose.ts";
import { hashAt, payloadsOf } from "./payloads.ts";
import { RememberedAnswers } from "./remembered.ts";
import {
  changeStatus,
  cloneTag,
  deleteTag,
  listNames,
  makeStatus,
  makeTag,
  oneTag,
  statuses,
  tagList,
  tagNumbered,
  tagsWithLists,
} from "./tags.ts";

export type HsfParts = {
  readonly conditions: Conditions;
  /** Undefined where it is not served; then there is nothing at its addresses. */
  readonly served: () => HsfService | undefined;
  readonly now: () => Instant;
  /** The address of the bot as others reach it. */
  readonly url: () => string | null;
};

export type HsfService = {
  /** Undefined where nobody may change anything. Asked for by each change. */
  readonly token: () => string | undefined;
  readonly declaredTypes: readonly string[];
  /** Whether a tag's version is at hand and tells every change, as it is in the store of the bot. */
  readonly countsChanges: boolean;
};

type Asked = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
};
type Deed = (context: HsfContext, asked: Asked) => Promise<Answer> | Answer;

const SMALL_BYTES = 64 * 1024;
const LARGE_BYTES = 32 * 1024 * 1024;

const GETS: Readonly<Record<string, Deed>> = {
  globalTags: tagList,
  "global-tags": tagList,
  gt: tagsWithLists,
  "gt/:number": (context, { params }) => tagNumbered(context, Number(params["number"])),
  "globalTag/:tag": (context, { params }) => oneTag(context, params["tag"] ?? ""),
  "global-tags/:tag": (context, { params }) => oneTag(context, params["tag"] ?? ""),
  gtstatus: statuses,
  "global-tags/statuses": statuses,
  "gtPayloadLists/:tag": (context, { params }) => listNames(context, params["tag"] ?? ""),
  "global-tags/:tag/payload-lists": (context, { params }) => listNames(context, params["tag"] ?? ""),
  pt: types,
  "payload-types": types,
  pl: lists,
  "payload-lists": lists,
  "pl/:number": (context, { params }) => listNumbered(context, Number(params["number"])),
  "payload-lists/:number": (context, { params }) => listNumbered(context, Number(params["number"])),
  "payload-lists/by-name/:list": (context, { params }) => listByName(context, params["list"] ?? ""),
  piov: allIovs,
  "payload-iovs": allIovs,
  "piov/:number": (context, { params }) => iovNumbered(context, Number(params["number"])),
  "payload-iovs/:number": (context, { params }) => iovNumbered(context, Number(params["number"])),
  payloadiovs: (context, { query }) => lookup(context, query),
  "payload-iovs/query": (context, { query }) => lookup(context, query),
  "user_settings/:name": (context, { params }) => setting(context, params["name"] ?? ""),
  "settings/:name": (context, { params }) => setting(context, params["name"] ?? ""),
};

const POSTS: Readonly<Record<string, Deed>> = {
  gt: (context, { body }) => makeTag(context, body),
  gtstatus: (_, { body }) => makeStatus(body),
  "global-tags/statuses": (_, { body }) => makeStatus(body),
  "cloneGlobalTag/:tag/:name": (context, { params }) => cloneTag(context, params["tag"] ?? "", params["name"] ?? ""),
  "global-tags/:tag/clone/:name": (context, { params }) => cloneTag(context, params["tag"] ?? "", params["name"] ?? ""),
  pt: (context, { body }) => makeType(context, body),
  "payload-types": (context, { body }) => makeType(context, body),
  pl: (context, { body }) => makeList(context, body),
  "payload-lists": (context, { body }) => makeList(context, body),
  piov: (context, { body }) => makeIov(context, body),
  "payload-iovs": (context, { body }) => makeIov(context, body),
  bulk_piov: (context, { body }) => attachMany(context, body),
  "payload-iovs/bulk": (context, { body }) => attachMany(context, body),
};

const PUTS: Readonly<Record<string, Deed>> = {
  "gt_change_status/:tag/:status": (context, { params }) =>
    changeStatus(context, params["tag"] ?? "", params["status"] ?? ""),
  "global-tags/:tag/change-status/:status": (context, { params }) =>
    changeStatus(context, params["tag"] ?? "", params["status"] ?? ""),
  pl_attach: (context, { body }) => attachList(context, body),
  "payload-lists/attach": (context, { body }) => attachList(context, body),
  piov_attach: (context, { body }) => attachIov(context, body),
  "payload-iovs/attach": (context, { body }) => attachIov(context, body),
};

const SPAN = ":major/:minor";
const WHOLE_SPAN = ":major/:minor/:majorEnd/:minorEnd";
const DELETES: Readonly<Record<string, Deed>> = {
  "deleteGlobalTag/:tag": (context, { params }) => deleteTag(context, params["tag"] ?? ""),
  "global-tags/:tag/delete": (context, { params }) => deleteTag(context, params["tag"] ?? ""),
  "deletePayloadType/:type": (context, { params }) => deleteType(context, params["type"] ?? ""),
  "payload-types/:type/delete": (context, { params }) => deleteType(context, params["type"] ?? ""),
  "deletePayloadList/:list": (context, { params }) => deleteList(context, params["list"] ?? ""),
  "payload-lists/:list/delete": (context, { params }) => deleteList(context, params["list"] ?? ""),
  [`deletePayloadIOV/:tag/:type/${SPAN}`]: deleteSpan,
  [`deletePayloadIOV/:tag/:type/${WHOLE_SPAN}`]: deleteSpan,
  [`payload-iovs/:tag/:type/${SPAN}/delete`]: deleteSpan,
  [`payload-iovs/:tag/:type/${WHOLE_SPAN}/delete`]: deleteSpan,
};

export function hsfRoutes(server: FastifyInstance, parts: HsfParts & { readonly log: Log }): void {
  const { conditions, served, now, url, log } = parts;
  const context: HsfContext = {
    conditions,
    payloads: payloadsOf(conditions),
    loose: new Loose(now),
    remembered: new RememberedAnswers(),
    countsChanges: () => served()?.countsChanges ?? false,
    declaredTypes: () => served()?.declaredTypes ?? [],
    payloadsUrl: () => {
      const base = url();
      return base === null ? null : `${base.replace(/\/$/, "")}/hsf/payloads/`;
    },
  };
  for (const prefix of ["/hsf", "/hsf/api/cdb_rest"])
    server.register(async (api) => routes(api, context, served, log), { prefix });
}

function routes(api: FastifyInstance, context: HsfContext, served: HsfParts["served"], log: Log): void {
  // Some send a body of nothing with a content type, and it is none then.
  api.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, text === "" ? undefined : JSON.parse(text as string));
    } catch (error) {
      done(Object.assign(new Error(`JSON parse error - ${(error as Error).message}`), { statusCode: 400 }));
    }
  });
  api.addHook("onRequest", async (request, reply) => {
    const service = served();
    if (!service) return reply.callNotFound();
    if (request.method === "GET" || request.method === "HEAD") return;
    const refusal = refusalOfWriting(request.headers.authorization, service.token());
    if (refusal) await send(reply, refusal);
  });
  api.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error instanceof ConditionsUnavailable)
      return await send(reply, refused("The conditions do not answer now; ask again later.", 503));
    const status = error.statusCode ?? 500;
    if (status < 500) return await send(reply, refused(error.message, status));
    log.error({ path: request.url.split("?")[0], error: error.stack }, "a request to the HSF interface failed");
    return await send(reply, refused("It failed inside calops; its log says why."));
  });
  for (const [method, deeds] of Object.entries({ GET: GETS, POST: POSTS, PUT: PUTS, DELETE: DELETES }))
    for (const [path, deed] of Object.entries(deeds))
      for (const slash of ["", "/"])
        api.route({
          method,
          url: `/${path}${slash}`,
          bodyLimit: path.includes("bulk") ? LARGE_BYTES : SMALL_BYTES,
          handler: async (request, reply) => await send(reply, await deed(context, asked(request))),
        });
  api.get("/payloads/*", async (request, reply) => await sendPayload(context, asked(request).params["*"] ?? "", reply));
}

function asked({ params, query, body }: FastifyRequest): Asked {
  return { params: params as Readonly<Record<string, string>>, query, body };
}

async function send(reply: FastifyReply, { status, body, text }: Answer): Promise<FastifyReply> {
  return await reply
    .code(status)
    .type("application/json")
    .send(text ?? (body === "" ? "" : JSON.stringify(body)));
}

/** The bytes of a payload never change. */
async function sendPayload({ conditions }: HsfContext, address: string, reply: FastifyReply): Promise<FastifyReply> {
  const hash = hashAt(address);
  const payload = hash === undefined ? undefined : await conditions.payload(hash);
  if (!payload) return await send(reply, NOT_FOUND);
  return await reply
    .header("content-length", payload.bytes)
    .header("content-disposition", "attachment")
    .header("cache-control", "private, max-age=31536000, immutable")
    .type("application/octet-stream")
    .send(createReadStream(await conditions.placeOf(payload.hash)));
}

/** What basf2 asks before anything else. */
function setting({ payloadsUrl }: HsfContext, name: string): Answer {
  const settings: Readonly<Record<string, string | null>> = {
    CDB_IOV_MODE: "continuous",
    CDB_PAYLOAD_BASE_URL: payloadsUrl(),
  };
  const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
  return value == null ? refused(`Setting '${name}' not found.`, 404) : answered({ [name]: value });
}

/** Without an end it is the one that has none. */
async function deleteSpan(context: HsfContext, { params }: Asked): Promise<Answer> {
  const { tag = "", type = "", major = "", minor = "", majorEnd, minorEnd } = params;
  const [first, second, third, fourth] = [major, minor, majorEnd, minorEnd].map((text) =>
    text === undefined ? Number.MAX_SAFE_INTEGER : /^\d{1,20}$/.test(text) ? Number(text) : Number.NaN,
  ) as [number, number, number, number];
  if ([first, second, third, fourth].some(Number.isNaN)) return NOT_FOUND;
  const span = spanFromWire({ major_iov: first, minor_iov: second, major_iov_end: third, minor_iov_end: fourth });
  return await deleteIov(context, tag, type, span);
}
