/**
 * A nopayloaddb as its sources have it (BNLNPPS/nopayloaddb `cdb_rest/views.py`, 01b3bf1, with what newer ones added): intervals
 * overlap where they were made to, one that is overtaken at its beginning stays without a length, the lookup gives what began
 * last whether or not it has ended, and a locked tag takes what conflicts with nothing.
 */
import { type Asked, aStrictServer, type Complain, type Reply, type StrictServer, strangeIn } from "./strict-server.ts";

type Piov = {
  id: number;
  payload_url: string;
  checksum: string;
  major_iov: number;
  minor_iov: number;
  major_iov_end: number;
  minor_iov_end: number;
  list: number | null;
};
type PayloadList = { id: number; name: string; type: string; tag: string | null };
type Tag = { id: number; name: string; author: string | null; status: string; created: string; updated: string };

export type FakeNopayloaddb = {
  readonly server: StrictServer;
  readonly url: string;
  readonly token: string;
  /** As it lies there. */
  readonly piovs: readonly Piov[];
  readonly statuses: string[];
  /** Another client writes an interval straight into a list of a tag. */
  insert(tag: string, type: string, iov: Omit<Piov, "id" | "list">): void;
  /** Rows of a lookup as servers before the size had them. */
  beOld(): void;
};

const MAX = 2 ** 63;
const WHEN = "2026-05-04T03:02:01.000000";
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  gt: ["name", "status", "author"],
  pt: ["name"],
  pl: ["payload_type"],
  piov: ["payload_url", "checksum", "major_iov", "minor_iov", "major_iov_end", "minor_iov_end"],
  pl_attach: ["payload_list", "global_tag"],
  piov_attach: ["payload_list", "piov_id", "global_tag"],
};

export async function aFakeNopayloaddb(): Promise<FakeNopayloaddb> {
  const token = "eyJhbGciOiJIUzI1NiJ9.a-token";
  const statuses = ["unlocked", "locked", "frozen", "TESTING", "VALIDATED", "INVALID"];
  const tags = new Map<string, Tag>();
  const types = new Set<string>();
  const lists = new Map<string, PayloadList>();
  let piovs: Piov[] = [];
  let ids = 0;
  let isOld = false;

  const server = await aStrictServer((asked, complain) => {
    const answer = answerTo(asked, complain);
    // As Python writes the largest of 64 bits, which no number of JavaScript is.
    return { ...answer, body: JSON.stringify(answer.body ?? "").replaceAll(String(MAX), "9223372036854775807") };
  });
  return {
    server,
    url: `${server.origin}/api/cdb_rest/`,
    token,
    get piovs() {
      return piovs;
    },
    statuses,
    insert(tag, type, iov) {
      types.add(type);
      const list = [...lists.values()].find((one) => one.tag === tag && one.type === type) ?? newList(type, tag);
      piovs.push({ ...iov, id: ++ids, list: list.id });
    },
    beOld() {
      isOld = true;
    },
  };

  function answerTo(asked: Asked, complain: Complain): Reply {
    const { method, path } = asked;
    if (!path.startsWith("/api/cdb_rest/")) return complain(`${path} is no address of it`);
    if (method !== "GET" && asked.headers.authorization !== `Bearer ${token}`)
      return { status: 403, body: { detail: "invalid access_token" } };
    const [what = "", ...rest] = path.slice("/api/cdb_rest/".length).split("/").map(decodeURIComponent);
    const body = asked.body ?? {};
    const strange = strangeIn(Object.keys(body), FIELDS[what] ?? []);
    if (strange) return complain(`${method} ${path}: ${strange}`);
    const text = (key: string) => String(body[key]);
    switch (`${method} ${what}`) {
      case "GET globalTags":
        return good([...tags.values()].map(listed));
      case "GET globalTag":
        return oneTag(rest[0] ?? "");
      case "GET gtstatus":
        return good(statuses.map((name, index) => ({ id: index + 1, name, created: WHEN })));
      case "GET pt":
        return good([...types].map((name, index) => ({ id: index + 1, name, created: WHEN })));
      case "GET payloadiovs":
        if (rest[0] !== "") return complain("payloadiovs needs its slash");
        return lookup(asked.query);
      case "GET user_settings":
        return { status: 404, body: { detail: `Setting '${rest[0]}' not found.` } };
      case "POST gtstatus":
        return { status: 400, body: { name: ["This field is required."] } };
      case "POST gt":
        if (tags.has(text("name")))
          return { status: 400, body: { name: ["global tag with this name already exists."] } };
        if (!statuses.includes(text("status"))) return refused("GlobalTagStatus not found.");
        return good(newTag(text("name"), text("status"), body["author"] as string));
      case "POST cloneGlobalTag":
        return clone(rest[0] ?? "", rest[1] ?? "");
      case "PUT gt_change_status":
        return setStatus(rest[0] ?? "", rest[1] ?? "");
      case "POST pt":
        if (types.has(text("name")))
          return { status: 400, body: { name: ["payload type with this name already exists."] } };
        types.add(text("name"));
        return good({ id: types.size, name: text("name"), created: WHEN });
      case "POST pl":
        if (!types.has(text("payload_type"))) return refused("PayloadType not found.");
        return good(newList(text("payload_type"), null));
      case "PUT pl_attach":
        return attachList(text("payload_list"), text("global_tag"));
      case "POST piov":
        return makePiov(body, complain);
      case "PUT piov_attach":
        return attachPiov(text("payload_list"), Number(body["piov_id"]));
      case "DELETE deletePayloadIOV":
        return deletePiov(rest, complain);
      default:
        return complain(`${method} ${path} is no request of it`);
    }
  }

  function newTag(name: string, status: string, author: string | null = null): Tag {
    const tag = { id: ++ids, name, author, status, created: WHEN, updated: WHEN };
    tags.set(name, tag);
    return tag;
  }

  function newList(type: string, tag: string | null): PayloadList {
    const id = ++ids;
    const list = { id, name: `${type}_${id}`, type, tag };
    lists.set(list.name, list);
    return list;
  }

  function listsOf(tag: string): PayloadList[] {
    return [...lists.values()].filter((list) => list.tag === tag);
  }

  function inList({ id }: PayloadList): Piov[] {
    return piovs.filter(({ list }) => list === id);
  }

  function listed(tag: Tag) {
    const of = listsOf(tag.name);
    return {
      ...tag,
      payload_lists_count: of.length,
      payload_iov_count: of.reduce((sum, list) => sum + inList(list).length, 0),
    };
  }

  function oneTag(name: string): Reply {
    const tag = tags.get(name);
    if (!tag) return { status: 404, body: { detail: "No GlobalTag matches the given query." } };
    const payload_lists = listsOf(name).map((list) => ({
      ...shownList(list),
      payload_iov: inList(list).map((piov) => shownPiov(piov, list)),
    }));
    const status = { id: statuses.indexOf(tag.status) + 1, name: tag.status, description: null, created: WHEN };
    return good({ ...tag, status, payload_lists });
  }

  function lookup(query: URLSearchParams): Reply {
    const strange = strangeIn(query.keys(), ["gtName", "majorIOV", "minorIOV"]);
    if (strange) return refused(strange);
    const at = [Number(query.get("majorIOV")), Number(query.get("minorIOV"))] as const;
    const rows = listsOf(query.get("gtName") ?? "").flatMap((list) => {
      const begun = inList(list).filter((piov) => compare(begin(piov), at) <= 0);
      // Of two that began at once it takes the one it meets first.
      const [last] = begun.toSorted((a, b) => compare(begin(b), begin(a)));
      if (!last) return [];
      const places = [...begin(last), ...end(last)];
      const { payload_url, checksum } = last;
      return [
        isOld
          ? [list.type, payload_url, checksum, ...places]
          : [list.type, payload_url, checksum, null, ...places, null],
      ];
    });
    return good(rows);
  }

  function clone(of: string, name: string): Reply {
    if (tags.has(name)) return { status: 400, body: { name: ["global tag with this name already exists."] } };
    // Nobody catches it there.
    if (!tags.has(of)) return { status: 500, body: "<h1>Server Error (500)</h1>" };
    const made = newTag(name, "unlocked");
    for (const list of listsOf(of)) {
      const copy = newList(list.type, name);
      piovs.push(...inList(list).map((piov) => ({ ...piov, id: ++ids, list: copy.id })));
    }
    return good(listed(made));
  }

  function setStatus(name: string, status: string): Reply {
    const tag = tags.get(name);
    if (!tag) return refused("GlobalTag not found.");
    if (!statuses.includes(status)) return refused("GlobalTag Status not found.");
    tag.status = status;
    return good({ ...tag, status: statuses.indexOf(status) + 1 });
  }

  function attachList(name: string, tagName: string): Reply {
    const list = lists.get(name);
    const tag = tags.get(tagName);
    if (!list) return refused("PayloadList not found.");
    if (!tag) return refused("GlobalTag not found.");
    if (tag.status === "frozen") return refused("Global Tag is frozen.");
    const same = listsOf(tagName).filter(({ type }) => type === list.type);
    if (same.length > 0 && tag.status === "locked")
      return refused(`Payload List of type ${list.type} already attached and Global Tag is locked.`);
    for (const other of same) other.tag = null;
    list.tag = tagName;
    return good(shownList(list));
  }

  function makePiov(body: Readonly<Record<string, unknown>>, complain: Complain): Reply {
    const { payload_url, checksum, major_iov, minor_iov, major_iov_end = MAX, minor_iov_end = MAX } = body;
    if (typeof payload_url !== "string" || typeof checksum !== "string") return complain("an address and a checksum");
    if (payload_url.length > 255 || checksum.length > 255) return complain("longer than 255");
    const places = [major_iov, minor_iov, major_iov_end, minor_iov_end];
    if (!places.every((one) => typeof one === "number" && Number.isInteger(one))) return complain("four whole numbers");
    const [major, minor, majorEnd, minorEnd] = places as [number, number, number, number];
    if (compare([majorEnd, minorEnd], [major, minor]) <= 0)
      return refused(`${payload_url} PayloadIOV ending IOVs should be greater or equal than starting.`);
    const piov = {
      id: ++ids,
      payload_url,
      checksum,
      major_iov: major,
      minor_iov: minor,
      major_iov_end: majorEnd,
      minor_iov_end: minorEnd,
      list: null,
    };
    piovs.push(piov);
    return good(shownPiov(piov, null));
  }

  function attachPiov(name: string, id: number): Reply {
    const list = lists.get(name);
    const piov = piovs.find((one) => one.id === id);
    if (!list) return refused("PayloadList not found.");
    if (!piov) return refused("PayloadIOV not found.");
    const status = list.tag === null ? undefined : tags.get(list.tag)?.status;
    if (status === "frozen") return refused("Global Tag is frozen.");
    const there = inList(list).filter((one) => one !== piov);
    const conflict = status === "locked" ? conflictWith(piov, there) : undefined;
    if (conflict)
      return refused(
        `GT is LOCKED. You are attempting to insert IOV ... Conflicts with existing IOV ${conflict.payload_url}`,
      );
    if (status !== "locked") makeRoom(piov, there);
    piov.list = list.id;
    return good(shownPiov(piov, list));
  }

  function conflictWith(piov: Piov, there: readonly Piov[]): Piov | undefined {
    const same = there.find((one) => compare(begin(one), begin(piov)) === 0);
    if (same) return same;
    const isOpen = (one: Piov) => (one.major_iov_end === 0 || one.major_iov_end === MAX) && one.minor_iov_end === MAX;
    const ordered = there.toSorted((a, b) => compare(begin(a), begin(b)));
    const last = ordered.at(-1);
    if (isOpen(piov) && last && isOpen(last) && compare(begin(last), begin(piov)) < 0) return undefined;
    const before = ordered.findLast((one) => compare(begin(one), begin(piov)) < 0);
    if (before && compare(begin(piov), end(before)) < 0) return before;
    const after = ordered.find((one) => compare(begin(one), begin(piov)) > 0);
    return after && compare(end(piov), begin(after)) > 0 ? after : undefined;
  }

  function makeRoom(piov: Piov, there: readonly Piov[]): void {
    for (const one of there)
      if (compare(begin(one), begin(piov)) >= 0 && compare(end(one), end(piov)) <= 0) one.list = null;
    const left = there.filter((one) => one.list !== null).toSorted((a, b) => compare(begin(a), begin(b)));
    const before = left.findLast((one) => compare(begin(one), begin(piov)) <= 0);
    if (before) {
      const old = end(before);
      if (compare(begin(piov), old) < 0) [before.major_iov_end, before.minor_iov_end] = begin(piov);
      if (compare(end(piov), old) < 0) {
        const [major_iov, minor_iov] = end(piov);
        piovs.push({ ...before, id: ++ids, major_iov, minor_iov, major_iov_end: old[0], minor_iov_end: old[1] });
      }
    }
    const after = left.find((one) => compare(begin(one), begin(piov)) > 0);
    if (after && compare(end(piov), begin(after)) > 0) [after.major_iov, after.minor_iov] = end(piov);
  }

  function deletePiov([tag = "", type = "", ...digits]: readonly string[], complain: Complain): Reply {
    if (digits.length !== 2 && digits.length !== 4) return complain("two or four numbers");
    if (!digits.every((one) => /^\d+$/.test(one))) return complain("numbers alone");
    const [major, minor, majorEnd = MAX, minorEnd = MAX] = digits.map(Number) as [number, number, number?, number?];
    const found = listsOf(tag)
      .filter((list) => list.type === type)
      .flatMap(inList)
      .filter((one) => compare(begin(one), [major, minor]) === 0 && compare(end(one), [majorEnd, minorEnd]) === 0);
    // `get` takes one alone, and whatever goes wrong is nothing found.
    if (found.length !== 1) return refused("PayloadIOV with given parameters doesn't exist");
    if (tags.get(tag)?.status === "frozen") return refused("Global Tag is frozen.");
    piovs = piovs.filter((one) => one !== found[0]);
    return good({ detail: `PayloadIOV ${found[0]?.payload_url} deleted.` });
  }
}

type Place = readonly [number, number];
const begin = ({ major_iov, minor_iov }: Piov): [number, number] => [major_iov, minor_iov];
const end = ({ major_iov_end, minor_iov_end }: Piov): [number, number] => [major_iov_end, minor_iov_end];

function compare(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1];
}

function shownList({ id, name, type, tag }: PayloadList) {
  return { id, name, global_tag: tag, payload_type: type, created: WHEN };
}

function shownPiov({ list: _, ...piov }: Piov, list: PayloadList | null) {
  return { ...piov, payload_list: list?.name ?? null, inserted: WHEN };
}

function good(body: unknown): Reply {
  return { status: 200, body };
}

function refused(detail: string): Reply {
  return { status: 500, body: { detail } };
}
