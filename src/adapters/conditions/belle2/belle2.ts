/**
 * The conditions server of Belle II. It adds intervals to an open tag, where of several that hold the one with the highest revision
 * does, and updates a running tag in one request. It cuts and removes nothing in an open one: what would need that is refused.
 */
import { spanToBelle } from "../../../core/conditions/belle2-wire.ts";
import { common } from "../../../core/conditions/intervals.ts";
import { covers, type Iov, isEmpty, spanInWords } from "../../../core/conditions/iov.ts";
import type { Difference } from "../../../core/conditions/report.ts";
import type { ServerAddress } from "../ask.ts";
import type { ConditionsServer, HeldTag, Refusal } from "../server.ts";
import { examineBelle2 } from "./examine.ts";
import {
  contentsOfLaid,
  type Laid,
  laidOf,
  type PayloadInfo,
  readAnything,
  readIovId,
  readIovPayloads,
  readPayloads,
  readTag,
  readTagPayloads,
  readTags,
  type TagInfo,
  tagOf,
} from "./parse.ts";
import type { BellePayloads } from "./payloads.ts";
import type { Talk } from "./talk.ts";

/** By hash. */
type Infos = ReadonlyMap<string, PayloadInfo>;

const inPath = encodeURIComponent;

export function belle2Server(address: ServerAddress, talk: Talk, payloads: BellePayloads): ConditionsServer {
  const { kind } = address;
  /** How the tags that were read are written there. */
  const wholes = new WeakMap<HeldTag, { readonly info: TagInfo; readonly laid: readonly Laid[] }>();

  return {
    kind,
    tags: async () => (await talk.ask("GET", "globalTags", readTags)).map(tagOf),
    async held(name) {
      const info = await talk.find(`globalTag/${inPath(name)}`, readTag);
      if (!info) return undefined;
      // One that has no intervals is not found there.
      const all = (await talk.find(`globalTag/${inPath(name)}/globalTagPayloads`, readTagPayloads)) ?? [];
      const laid = all.flatMap(({ payloadId: payload, payloadIovs }) =>
        payloadIovs.flatMap((iov) => laidOf(payload, iov, payloads.known(payload))),
      );
      const held = { ...tagOf(info), contents: contentsOfLaid(laid) };
      wholes.set(held, { info, laid });
      return held;
    },
    async lookup(name, moment) {
      const query = new URLSearchParams({
        gtName: name,
        expNumber: String(moment.major),
        runNumber: String(moment.minor),
      });
      const found = (await talk.find(`iovPayloads?${query}`, readIovPayloads)) ?? [];
      const laid = found.flatMap(({ payload, payloadIov }) => laidOf(payload, payloadIov, payloads.known(payload)));
      const highest = new Map<string, Laid>();
      for (const one of laid) {
        const other = highest.get(one.iov.type);
        if (covers(one.iov, moment) && (!other || other.revision < one.revision)) highest.set(one.iov.type, one);
      }
      return [...highest.values()].map(({ iov }) => iov);
    },
    async types() {
      const all = await talk.ask("GET", "payloads", readPayloads);
      return [...new Set(all.map(({ basf2Module }) => basf2Module.name))];
    },
    create: (name, by, description) =>
      talk.write("POST", "globalTag/DEV", { name, description, modifiedBy: by, isDefault: false }),
    async clone(of, name) {
      const whole = wholes.get(of);
      if (!whole) throw new Error(`${of.name} was not read from this server`);
      // It gives it a name of its own first.
      const made = await talk.ask("POST", `globalTags/${whole.info.globalTagId}`, readTag);
      return await talk.write("PUT", "globalTag", { ...made, name });
    },
    setState: (name, to) => talk.write("PUT", `globalTag/${inPath(name)}/updateGlobalTagStatus/${to}`),
    async apply(tag, change, difference) {
      const whole = wholes.get(tag);
      if (!whole) throw new Error(`${tag.name} was not read from this server`);
      if (change === "remove" || change === "empty")
        return unsupported("takes nothing out of a tag; clone what is wanted, or make a new tag");
      const { infos, refusal } = await infosOf(difference.added);
      if (refusal) return refusal;
      if (change === "append") return await update(tag.name, whole.laid, difference, infos);
      return hidden(whole.laid, difference.added, infos) ?? (await add(whole.info, difference.added, infos));
    },
    keep: (type, file) => payloads.keep(type, file),
    payload: (hash) => payloads.payload(hash),
    payloadsLike: (beginning, limit) => payloads.payloadsLike(beginning, limit),
    placeOf: (hash) => payloads.placeOf(hash),
    examine: () => examineBelle2(address, talk),
  };

  function unsupported(why: string): NonNullable<Refusal> {
    return { reason: "unsupported", detail: `${kind} ${why}` };
  }

  /** What the server calls each payload; or why one of them cannot be used. */
  async function infosOf(iovs: readonly Iov[]): Promise<{ infos: Infos; refusal: Refusal }> {
    const infos = new Map<string, PayloadInfo>();
    for (const { payload, type } of iovs) {
      const info = infos.get(payload) ?? (await payloads.there(payload));
      if (!info) {
        const detail = `${kind} has no payload ${payload}; keep its file first`;
        return { infos, refusal: { reason: "unknown-payload", detail } };
      }
      if (info.basf2Module.name !== type) {
        const is = info.basf2Module.name;
        return { infos, refusal: unsupported(`has payload ${payload} as one of ${is}, and not of ${type}`) };
      }
      infos.set(payload, info);
    }
    return { infos, refusal: undefined };
  }

  /** What is added holds only where it has a higher revision than everything that it lies upon. */
  function hidden(laid: readonly Laid[], added: readonly Iov[], infos: Infos): Refusal {
    for (const iov of added) {
      const revision = infos.get(iov.payload)?.revision ?? 0;
      const above = laid.find(
        (one) =>
          one.iov.type === iov.type &&
          one.revision >= revision &&
          one.iov.payload !== iov.payload &&
          !isEmpty(common(one.iov, iov)),
      );
      if (above)
        return unsupported(
          `has ${iov.type} with revision ${above.revision} in it ${spanInWords(above.iov)}, which hides one with revision ${revision}; use a new tag`,
        );
    }
    return undefined;
  }

  async function add({ globalTagId }: TagInfo, iovs: readonly Iov[], infos: Infos): Promise<Refusal> {
    for (const iov of iovs) {
      const { expStart, runStart, expEnd, runEnd } = spanToBelle(iov);
      const payload = infos.get(iov.payload)?.payloadId;
      const path = `globalTagPayload/${globalTagId},${payload}/payloadIov/${expStart},${runStart},${expEnd},${runEnd}`;
      await talk.ask("POST", path, readIovId);
    }
    return undefined;
  }

  /** Closes and adds at once, or not at all. */
  async function update(
    name: string,
    laid: readonly Laid[],
    { added, cut }: Difference,
    infos: Infos,
  ): Promise<Refusal> {
    const closed = cut.flatMap(({ before, after }) => {
      const { expEnd, runEnd } = spanToBelle(after);
      // Whatever reaches there is closed, also what lies under another one.
      return laid
        .filter(({ iov }) => iov.type === before.type && iov.until === null)
        .map(({ iovId }) => ({ operation: "MODIFY", data: [iovId, expEnd, runEnd] }));
    });
    const made = added.map((iov) => {
      const { expStart, runStart, expEnd, runEnd } = spanToBelle(iov);
      return { operation: "CREATE", data: [infos.get(iov.payload)?.payloadId, expStart, runStart, expEnd, runEnd] };
    });
    await talk.ask("POST", `globalTagPayload/${inPath(name)}/updateRunningPayloads`, readAnything, [
      ...closed,
      ...made,
    ]);
    return undefined;
  }
}
