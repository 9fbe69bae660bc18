/** A nopayloaddb that keeps the conditions, or another bot of calops, which speaks as one does. */
import { isFar, spanFromWire, spanToWire, statusOf, type WireSpan } from "../../../core/conditions/hsf-wire.ts";
import { covers, type Iov } from "../../../core/conditions/iov.ts";
import { compareMoments } from "../../../core/conditions/moment.ts";
import type { Difference } from "../../../core/conditions/report.ts";
import type { ServerAddress } from "../ask.ts";
import type { PayloadPlace } from "../payload-place.ts";
import type { ConditionsServer, HeldTag, Refusal } from "../server.ts";
import { examineHsf } from "./examine.ts";
import {
  readAnything,
  readName,
  readNames,
  readNumber,
  readRows,
  readTags,
  type WholeTag,
  wholeTagOf,
} from "./parse.ts";
import { detailOf, sense, talkTo, unexpected } from "./talk.ts";

const OPEN_END = "9223372036854775807";
const inPath = encodeURIComponent;

/** @param secret the name of the token's; undefined where none is named */
export function hsfServer(address: ServerAddress, place: PayloadPlace, secret?: string): ConditionsServer {
  const { kind } = address;
  const { ask, read, make, write } = talkTo(address);
  /** How the tags that were read are written there. */
  const wholes = new WeakMap<HeldTag, WholeTag>();

  return {
    kind,
    tags: () => read("globalTags", readTags),
    async held(name) {
      const path = `globalTag/${inPath(name)}`;
      const { status, body } = await ask("GET", path);
      if (status === 404) return undefined;
      if (status !== 200) throw unexpected(kind, path, status, body);
      const whole = sense(kind, path, () => wholeTagOf(body, (called) => place.known(called)));
      const held = { ...whole.tag, contents: whole.contents };
      wholes.set(held, whole);
      return held;
    },
    async lookup(name, moment) {
      const query = new URLSearchParams({
        gtName: name,
        majorIOV: String(moment.major),
        minorIOV: String(moment.minor),
      });
      const rows = await read(`payloadiovs/?${query}`, readRows);
      // The reference gives what began last, even where it has ended.
      return rows.flatMap(({ type, url, checksum, bytes, wire }) => {
        const span = spanFromWire(wire);
        return span && covers(span, moment)
          ? [{ type, ...span, payload: place.known({ type, url, checksum }, bytes) }]
          : [];
      });
    },
    types: async () => [...new Set([...(await read("pt", readNames)), ...(await place.types())])],
    create: (name, by) => write("POST", "gt", { name, status: statusOf("OPEN"), author: by }),
    clone: (of, name) => write("POST", `cloneGlobalTag/${inPath(of.name)}/${inPath(name)}`, {}),
    async setState(name, to) {
      const status = statusOf(to);
      if (!(await read("gtstatus", readNames)).includes(status))
        return { reason: "unsupported", detail: `${kind} has no status ${status}, as ${to} is called there` };
      return await write("PUT", `gt_change_status/${inPath(name)}/${inPath(status)}`);
    },
    async apply(tag, change, difference) {
      const whole = wholes.get(tag);
      if (!whole) throw new Error(`${tag.name} was not read from this server`);
      if (change === "remove" || change === "empty") return await takeOut(whole, difference);
      return (change === "append" ? cannotClose(whole, difference) : undefined) ?? (await putIn(whole, difference));
    },
    keep: (type, file) => place.keep(type, file),
    payload: (hash) => place.payload(hash),
    payloadsLike: (beginning, limit) => place.payloadsLike(beginning, limit),
    placeOf: (hash) => place.placeOf(hash),
    examine: () => examineHsf(address, secret),
  };

  /** A locked tag takes nothing that ends after something that does not: found out before half of it is there. */
  function cannotClose({ contents }: WholeTag, { added }: Difference): Refusal {
    const first = added.find(
      (iov) =>
        iov.until !== null &&
        contents.get(iov.type)?.at(-1)?.until === null &&
        !added.some((other) => other.type === iov.type && compareMoments(other.from, iov.from) < 0),
    );
    if (!first) return undefined;
    const detail = `a locked tag of ${kind} takes only an interval without an end after one without an end, and that of ${first.type} ends`;
    return { reason: "unsupported", detail };
  }

  /** What was there is cut by the server itself, so that no reader ever finds a hole. */
  async function putIn(whole: WholeTag, { added, cut }: Difference): Promise<Refusal> {
    for (const iov of added) {
      const refusal = await attach(whole, iov);
      if (refusal) return refusal;
      // One that began at the same moment and ends later is left without a length, beside its rest, and could be looked up.
      if (cut.some(({ before }) => before.type === iov.type && compareMoments(before.from, iov.from) === 0))
        await takeAway(whole, iov.type, {
          major_iov: iov.from.major,
          minor_iov: iov.from.minor,
          major_iov_end: iov.from.major,
          minor_iov_end: iov.from.minor,
        });
    }
    return undefined;
  }

  async function takeOut(whole: WholeTag, { removed, cut }: Difference): Promise<Refusal> {
    for (const iov of new Set([...removed, ...cut.map(({ before }) => before)])) {
      const wire = whole.wires.get(iov);
      const refusal = wire && (await takeAway(whole, iov.type, wire));
      if (refusal) return refusal;
    }
    for (const { after } of cut) {
      const refusal = await attach(whole, after);
      if (refusal) return refusal;
    }
    return undefined;
  }

  async function attach(whole: WholeTag, iov: Iov): Promise<Refusal> {
    const called = await place.called(iov.payload);
    if (!called)
      return { reason: "unknown-payload", detail: `there is no payload ${iov.payload}; keep its file first` };
    const payload_list = await listFor(whole, iov.type);
    const { major_iov, minor_iov, ...end } = spanToWire(iov);
    const begin = { payload_url: called.url, checksum: called.checksum, major_iov, minor_iov };
    const piov_id = await make("piov", iov.until === null ? begin : { ...begin, ...end }, readNumber);
    return await write("PUT", "piov_attach", { payload_list, piov_id, global_tag: whole.tag.name });
  }

  /** The list of a type; made and attached where the tag has none. */
  async function listFor({ tag, lists }: WholeTag, type: string): Promise<string> {
    const known = lists.get(type);
    if (known !== undefined) return known;
    if (!(await read("pt", readNames)).includes(type)) await make("pt", { name: type }, readAnything);
    const list = await make("pl", { payload_type: type }, readName);
    const refusal = await write("PUT", "pl_attach", { payload_list: list, global_tag: tag.name });
    if (refusal) throw unexpected(kind, "pl_attach", 500, { detail: refusal.detail });
    lists.set(type, list);
    return list;
  }

  async function takeAway({ tag }: WholeTag, type: string, wire: WireSpan): Promise<Refusal> {
    const places = [wire.major_iov, wire.minor_iov, wire.major_iov_end, wire.minor_iov_end];
    const digits = places.map((one) => (isFar(one) ? OPEN_END : String(one))).join("/");
    const path = `deletePayloadIOV/${inPath(tag.name)}/${inPath(type)}/${digits}`;
    const { status, body } = await ask("DELETE", path);
    // What is not there any more need not be taken away.
    if (status === 200 || detailOf(body)?.endsWith("doesn't exist")) return undefined;
    throw unexpected(kind, path, status, body);
  }
}
