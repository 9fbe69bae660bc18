/**
 * The conditions server of Belle II as those who speak to it have it (belle2/basf2 `framework/scripts/conditions_db`, its
 * `runningupdate.py` and `CentralMetadataProvider.cc`): payloads by type and MD5, with a revision each; intervals that include
 * their ends; a running tag that is updated at once.
 */
import { createHash } from "node:crypto";
import { type Asked, aStrictServer, type Complain, type Reply, type StrictServer, strangeIn } from "./strict-server.ts";

type Payload = { id: number; module: string; checksum: string; revision: number; bytes: string };
type Laid = { id: number; tag: number; payload: number; span: [number, number, number, number] };
type Tag = { id: number; name: string; description: string; type: string; status: string; modifiedBy: string };

export type FakeBelle2 = {
  readonly server: StrictServer;
  readonly url: string;
  readonly token: string;
  readonly laid: readonly Laid[];
  readonly tags: readonly Tag[];
};

const WHEN = "2026-05-04T03:02:01.000+0000";
const STATES = ["OPEN", "TESTING", "VALIDATED", "PUBLISHED", "RUNNING", "INVALID"];
const HERE = "/b2s/rest/v2/";

export async function aFakeBelle2(): Promise<FakeBelle2> {
  const token = "eyJhbGciOiJIUzI1NiJ9.a-belle-token";
  const payloads: Payload[] = [];
  const laid: Laid[] = [];
  const tags: Tag[] = [];
  let ids = 100;

  const server = await aStrictServer((asked, complain) => {
    const { method, path } = asked;
    const file = /^\/dbstore\/(\d+)$/.exec(path);
    if (file) return { status: 200, body: payloads.find(({ id }) => id === Number(file[1]))?.bytes ?? "" };
    if (!path.startsWith(HERE)) return complain(`${path} is no address of it`);
    if (asked.headers.accept !== "application/json") return complain("it answers with XML where no JSON is asked for");
    const writes = method !== "GET" && !path.endsWith("/checkPayloads");
    if (writes && asked.headers.authorization !== `Bearer ${token}`) return refused(401, "Unauthorized", "token");
    return answerTo(asked, path.slice(HERE.length).split("/").map(decodeURIComponent), complain);
  });
  return { server, url: `${server.origin}/b2s/rest/`, token, laid, tags };

  function answerTo({ method, query, body, headers }: Asked, path: readonly string[], complain: Complain): Reply {
    const [first, second = "", third = "", fourth = ""] = path;
    const shape = `${method} ${first}${path.length > 1 ? `/${path.length}` : ""}`;
    switch (shape) {
      case "GET globalTags":
        return good(tags.map(shownTag));
      case "GET payloads":
        return good(payloads.map(shownPayload));
      case "GET globalTag/2":
        return withTag(second, (tag) => good(shownTag(tag)));
      case "GET globalTag/3":
        if (third !== "globalTagPayloads") return complain(`${third} is nothing of a tag`);
        return withTag(second, tagPayloads);
      case "GET iovPayloads":
        return iovPayloads(query);
      case "POST checkPayloads":
        return good(payloads.filter((one) => asList(body).some((asked) => isAsked(one, asked))).map(shownPayload));
      case "POST globalTag/2":
        if (second !== "DEV" && second !== "RELEASE") return complain(`${second} is no type of a tag`);
        return createTag(body ?? {}, second, complain);
      case "PUT globalTag":
        return changeTag(body ?? {});
      case "POST globalTags/2":
        return cloneTag(Number(second));
      case "PUT globalTag/4":
        if (third !== "updateGlobalTagStatus" || !STATES.includes(fourth)) return complain(`${third} ${fourth}`);
        return withTag(second, (tag) => {
          tag.status = fourth;
          return good(shownTag(tag));
        });
      case "POST package/5":
        return upload(fourth, headers["content-type"] ?? "", body, complain);
      case "POST globalTagPayload/4":
        return third === "payloadIov" ? lay(second, fourth, complain) : complain(third);
      case "POST globalTagPayload/3":
        if (third !== "updateRunningPayloads") return complain(third);
        return withTag(second, (tag) => updateRunning(tag, asList(body), complain));
      default:
        return complain(`${shape} is no request of it`);
    }
  }

  function withTag(name: string, then: (tag: Tag) => Reply): Reply {
    const tag = tags.find((one) => one.name === name);
    return tag ? then(tag) : refused(404, "Not Found", `no global tag ${name}`);
  }

  function createTag(body: Readonly<Record<string, unknown>>, type: string, complain: Complain): Reply {
    const strange = strangeIn(Object.keys(body), ["name", "description", "modifiedBy", "isDefault"]);
    if (strange) return complain(strange);
    const name = String(body["name"]);
    if (tags.some((one) => one.name === name)) return refused(409, "Conflict", `${name} is there`);
    const description = String(body["description"]);
    const tag = { id: ++ids, name, description, type, status: "OPEN", modifiedBy: String(body["modifiedBy"]) };
    tags.push(tag);
    return good(shownTag(tag));
  }

  function changeTag(body: Readonly<Record<string, unknown>>): Reply {
    const tag = tags.find(({ id }) => id === body["globalTagId"]);
    if (!tag) return refused(404, "Not Found", "no such tag");
    tag.name = String(body["name"]);
    return good(shownTag(tag));
  }

  function cloneTag(of: number): Reply {
    const tag = tags.find(({ id }) => id === of);
    if (!tag) return refused(404, "Not Found", "no such tag");
    const made = { ...tag, id: ++ids, name: `${ids}_copy_of_${tag.name}`, status: "OPEN" };
    tags.push(made);
    laid.push(...laid.filter((one) => one.tag === of).map((one) => ({ ...one, id: ++ids, tag: made.id })));
    return good(shownTag(made));
  }

  function tagPayloads({ id, name }: Tag): Reply {
    const here = Map.groupBy(
      laid.filter((one) => one.tag === id),
      (one) => one.payload,
    );
    if (here.size === 0) return refused(404, "Not Found", `${name} has no payloads`);
    return good(
      [...here].map(([payload, iovs]) => ({
        globalTagPayloadId: payload,
        payloadId: shownPayload(payloadOf(payload)),
        payloadIovs: iovs.map(shownIov),
      })),
    );
  }

  function iovPayloads(query: URLSearchParams): Reply {
    const strange = strangeIn(query.keys(), ["gtName", "expNumber", "runNumber"]);
    if (strange) return refused(400, "Bad Request", strange);
    const [exp, run] = [Number(query.get("expNumber")), Number(query.get("runNumber"))];
    const tag = tags.find(({ name }) => name === query.get("gtName"));
    return good(
      laid
        .filter((one) => one.tag === tag?.id)
        .filter(({ span: [firstExp, firstRun, lastExp, lastRun] }) => {
          const begun = firstExp < exp || (firstExp === exp && firstRun <= run);
          return begun && (lastExp < 0 || exp < lastExp || (exp === lastExp && (lastRun < 0 || run <= lastRun)));
        })
        .map((one) => ({ payload: shownPayload(payloadOf(one.payload)), payloadIov: shownIov(one) })),
    );
  }

  function upload(module: string, type: string, body: unknown, complain: Complain): Reply {
    if (!type.startsWith("multipart/mixed; boundary=")) return complain(`${type} instead of two parts`);
    const parts = String(body).split(`--${type.split("boundary=")[1]}`);
    const of = (name: string) => parts.find((part) => part.includes(`Content-Type: ${name}`))?.split("\r\n\r\n")[1];
    const bytes = of("application/x-root")?.replace(/\r\n$/, "");
    const json = JSON.parse(of("application/json") ?? "{}") as { checksum?: string; isDefault?: boolean };
    if (bytes === undefined || json.isDefault !== false) return complain("the bytes, and what they are");
    const checksum = createHash("md5").update(bytes).digest("hex");
    if (json.checksum !== checksum) return refused(400, "Bad Request", "the checksum is another one");
    if (payloads.some((one) => one.module === module && one.checksum === checksum))
      return refused(409, "Conflict", "it is there");
    const revision = payloads.filter((one) => one.module === module).length + 1;
    const payload = { id: ++ids, module, checksum, revision, bytes };
    payloads.push(payload);
    return good(shownPayload(payload));
  }

  function lay(of: string, places: string, complain: Complain): Reply {
    const [tagId, payload] = of.split(",").map(Number) as [number, number];
    const span = places.split(",").map(Number) as Laid["span"];
    const tag = tags.find(({ id }) => id === tagId);
    if (!tag || !payloads.some(({ id }) => id === payload)) return refused(404, "Not Found", "no such tag or payload");
    if (span.length !== 4 || !span.every(Number.isInteger)) return complain(`${places} is no interval`);
    if (tag.status !== "OPEN") return refused(403, "Forbidden", `${tag.name} is ${tag.status}`);
    const one = { id: ++ids, tag: tagId, payload, span };
    laid.push(one);
    return good(shownIov(one));
  }

  function updateRunning(tag: Tag, operations: readonly unknown[], complain: Complain): Reply {
    if (tag.status !== "RUNNING") return refused(400, "Bad Request", `${tag.name} is not running`);
    const next: (() => void)[] = [];
    for (const one of operations as { operation: string; data: number[] }[]) {
      const { operation, data } = one;
      if (operation === "MODIFY" && data.length === 3) {
        const iov = laid.find(({ id, tag: of }) => id === data[0] && of === tag.id);
        if (!iov) return complain("an interval of another tag");
        next.push(() => iov.span.splice(2, 2, ...data.slice(1)));
      } else if (operation === "CREATE" && data.length === 5) {
        const [payload = 0, ...span] = data;
        next.push(() => laid.push({ id: ++ids, tag: tag.id, payload, span: span as Laid["span"] }));
      } else return complain(`${operation} with ${data}`);
    }
    for (const act of next) act();
    return good({});
  }

  function payloadOf(id: number): Payload {
    return payloads.find((one) => one.id === id) as Payload;
  }

  function shownTag({ id, name, description, type, status, modifiedBy }: Tag) {
    return {
      globalTagId: id,
      name,
      description,
      isDefault: false,
      globalTagType: { name: type },
      globalTagStatus: { name: status },
      payloadCount: laid.filter(({ tag }) => tag === id).length,
      dtmIns: WHEN,
      dtmMod: WHEN,
      modifiedBy,
    };
  }

  function shownPayload({ id, module, checksum, revision }: Payload) {
    const where = { payloadUrl: `dbstore/${id}`, baseUrl: server.origin };
    return { payloadId: id, basf2Module: { name: module }, checksum, revision, ...where };
  }

  function shownIov({ id, span: [expStart, runStart, expEnd, runEnd] }: Laid) {
    return { payloadIovId: id, expStart, runStart, expEnd, runEnd, dtmIns: WHEN, dtmMod: WHEN, modifiedBy: "x" };
  }
}

function asList(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body : [];
}

function isAsked(one: Payload, asked: unknown): boolean {
  const { name, checksum } = asked as Record<string, unknown>;
  return one.module === name && one.checksum === checksum;
}

function good(body: unknown): Reply {
  return { status: 200, body };
}

function refused(status: number, reason: string, message: string): Reply {
  return { status, body: { code: status, reason, message } };
}
