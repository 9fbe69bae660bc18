/** What nopayloadclient and basf2 do, request by request. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { good, type HsfGround, hsfGround, iov, nopayloadclient, TOKEN } from "./ground.ts";

const OPEN_END = "9223372036854775807";

let ground: HsfGround;
let client: ReturnType<typeof nopayloadclient>;
beforeEach(async () => {
  ground = await hsfGround();
  client = nopayloadclient(ground);
});
afterEach(async () => {
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const get = (path: string) => ground.get(path);
const post = (path: string, body?: unknown) => ground.post(path, body);
const put = (path: string, body?: unknown) => ground.put(path, body);
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

describe("nopayloadclient, unchanged", () => {
  test("makes a tag, puts payloads into it by its own addresses and checksums, and finds them again", async () => {
    await client.createGlobalTag("prompt");
    await client.createPayloadType("t0");
    await client.insertPayload("prompt", "t0", ["t0/ab/cd/abcd_a.txt", "abcd"], [0, 10]);
    await client.insertPayload("prompt", "t0", ["t0/ef/01/ef01_b.txt", "ef01"], [0, 20], [0, 30]);
    expect(await client.getUrlDict("prompt", 0, 9)).toEqual({});
    expect(await client.getUrlDict("prompt", 0, 19)).toEqual({ t0: "t0/ab/cd/abcd_a.txt" });
    expect(await client.getUrlDict("prompt", 0, 20)).toEqual({ t0: "t0/ef/01/ef01_b.txt" });
    expect(await client.getUrlDict("prompt", 0, 30)).toEqual({ t0: "t0/ab/cd/abcd_a.txt" });
    expect(await ground.held("prompt")).toEqual([
      ["t0", 10, 20],
      ["t0", 20, 30],
      ["t0", 30, null],
    ]);
  });

  test("locks a tag, and only adds to it from then on", async () => {
    await client.createGlobalTag("online");
    await client.createPayloadType("t0");
    await client.insertPayload("online", "t0", ["a", "1"], [0, 10]);
    expect(await good(put("gt_change_status/online/locked"))).toMatchObject({ name: "online", status: 5 });
    await client.insertPayload("online", "t0", ["b", "2"], [0, 20]);
    const grown = [
      ["t0", 10, 20],
      ["t0", 20, null],
    ];
    expect(await ground.held("online")).toEqual(grown);
    await expect(client.insertPayload("online", "t0", ["c", "3"], [0, 15])).rejects.toThrow(
      `500 {"detail":"GT is LOCKED. You are attempting to insert IOV (major_iov,minor_iov,major_iov_end, minor_iov_end) (0,15,${OPEN_END},${OPEN_END}). Conflicts: t0 from 0.15 is too early; the next that can be appended is 0.21"}`,
    );
    expect(await ground.held("online")).toEqual(grown);
    expect((await put("gt_change_status/online/unlocked")).status).toBe(500);
  });

  test("clones a tag by a request whose body is null", async () => {
    await ground.tagWith("prompt", iov("t0", await ground.keep("t0", "a"), [0, 10], null));
    expect(await good(post("cloneGlobalTag/prompt/proc8", "null"))).toMatchObject({
      name: "proc8",
      status: "unlocked",
      payload_lists_count: 1,
      payload_iov_count: 1,
    });
    expect(await ground.held("proc8")).toEqual([["t0", 10, null]]);
    expect(await post("cloneGlobalTag/prompt/proc8")).toMatchObject({
      status: 400,
      body: { name: ["global tag with this name already exists."] },
    });
    expect(await post("cloneGlobalTag/nothing/proc9")).toMatchObject({
      status: 500,
      body: { detail: "GlobalTag not found." },
    });
  });

  test("has the token in its address, as a password, since it knows nothing else", async () => {
    const given = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
    const status = async (name: string, text: string) => (await ground.ask("POST", "pt", { name }, given(text))).status;
    expect(await status("t0", `ann:${TOKEN}`)).toBe(200);
    expect(await status("t1", `ann:not-${TOKEN}`)).toBe(403);
    expect(await status("t1", TOKEN)).toBe(403);
  });

  test("does the same when it is asked to twice, since it tries again", async () => {
    await client.createGlobalTag("prompt");
    await client.createPayloadType("t0");
    const { id, payload_list } = await client.insertPayload("prompt", "t0", ["a", "1"], [0, 10]);
    expect(await good(put("piov_attach", { payload_list, piov_id: id }))).toMatchObject({ id, payload_list });
    expect(await ground.held("prompt")).toEqual([["t0", 10, null]]);
  });
});

describe("what holds at a moment", () => {
  beforeEach(async () => {
    await ground.tagWith(
      "prompt",
      iov("gains", await ground.keep("gains", "g"), [1, 0], [2, 5]),
      iov("t0", await ground.keep("t0", "a longer one"), [1, 3], null),
    );
  });

  test("is a row of each type: name, address, checksum, size, begin, end, revision", async () => {
    const [g, t] = [hashOf("g"), hashOf("a longer one")] as [string, string];
    expect((await get("payloadiovs/?gtName=prompt&majorIOV=2&minorIOV=4")).text).toBe(
      `[["gains","${g.slice(0, 2)}/${g}","sha256:${g}",null,1,0,2,5,null],["t0","${t.slice(0, 2)}/${t}","sha256:${t}",null,1,3,${OPEN_END},${OPEN_END},null]]`,
    );
    expect(await good(get("api/cdb_rest/payloadiovs/?gtName=prompt&majorIOV=2&minorIOV=5"))).toHaveLength(1);
    expect((await get("payload-iovs/query/?gtName=prompt&majorIOV=2&minorIOV=5&shape=dict")).text).toBe(
      `[{"payload_type_name":"t0","payload_url":"${t.slice(0, 2)}/${t}","checksum":"sha256:${t}","size":null,"major_iov":1,"minor_iov":3,"major_iov_end":${OPEN_END},"minor_iov_end":${OPEN_END},"revision":null}]`,
    );
  });

  test("is found at the largest number there is, and nothing is below 0 or in an unknown tag", async () => {
    expect(await good(get(`payloadiovs/?gtName=prompt&majorIOV=${OPEN_END}&minorIOV=${OPEN_END}`))).toHaveLength(1);
    expect(await good(get("payloadiovs/?gtName=prompt&majorIOV=-1&minorIOV=-1"))).toEqual([]);
    expect(await good(get("payloadiovs/?gtName=nothing&majorIOV=1&minorIOV=1"))).toEqual([]);
  });

  test.each([
    ["gtName=prompt&majorIOV=1", "minorIOV"],
    ["majorIOV=1&minorIOV=1", "gtName"],
    ["gtName=prompt&majorIOV=1e3&minorIOV=1", "majorIOV"],
    ["gtName=prompt&majorIOV=1&majorIOV=2&minorIOV=1", "majorIOV"],
  ])("is not known for %s", async (query, field) => {
    const { status, body } = await get(`payloadiovs/?${query}`);
    expect([status, Object.keys(body)]).toEqual([400, [field]]);
  });

  test("leads to the bytes, as basf2 goes: settings, status, lookup, file", async () => {
    expect(await good(get("user_settings/CDB_PAYLOAD_BASE_URL"))).toEqual({
      CDB_PAYLOAD_BASE_URL: "https://bot.example/hsf/payloads/",
    });
    expect((await good(get("globalTag/prompt"))).status.name).toBe("unlocked");
    const [row] = await good(get("payloadiovs/?gtName=prompt&majorIOV=9&minorIOV=0&shape=dict"));
    const file = await fetch(`${ground.url}/hsf/payloads/${row.payload_url}`);
    expect([file.headers.get("content-length"), await file.text()]).toEqual(["12", "a longer one"]);
    for (const path of [`payloads/${"0".repeat(64)}`, "payloads/..%2f..%2fetc/passwd"])
      expect((await get(path)).status, path).toBe(404);
    expect(await get("user_settings/PATH/")).toMatchObject({
      status: 404,
      body: { detail: "Setting 'PATH' not found." },
    });
  });
});

describe("lists", () => {
  test("have names and numbers that are the same every time, and lead back to what they stand for", async () => {
    await ground.tagWith("prompt", iov("t0", await ground.keep("t0", "a"), [0, 1], null));
    const tag = await good(get("globalTag/prompt"));
    const [list] = tag.payload_lists;
    expect(list).toMatchObject({
      name: `t0_${list.id}`,
      global_tag: "prompt",
      payload_type: "t0",
      payload_iov: [{ payload_list: list.name, major_iov: 0, minor_iov: 1, comb_iov: "0.0000000000000000001" }],
    });
    expect(await good(get("gtPayloadLists/prompt"))).toEqual({ t0: list.name });
    expect(await good(get(`pl/${list.id}`))).toMatchObject({ name: list.name });
    expect(await good(get(`payload-lists/by-name/${list.name}`))).toMatchObject({ id: list.id });
    expect(await good(get(`gt/${tag.id}`))).toMatchObject({ name: "prompt" });
    const names = async (path: string) => (await good(get(path))).map((one: { name: string }) => one.name);
    expect([await names("pl"), await names("gt"), await names("pt")]).toEqual([
      [list.name],
      ["prompt"],
      ["pedestals", "t0"],
    ]);
    for (const path of ["pl/1", "gt/1", "gt/x", "piov/1", "payload-lists/by-name/t0_1"])
      expect((await get(path)).status, path).toBe(404);
    expect(await good(get("gtPayloadLists/nothing"))).toEqual({});
  });

  test("may be filled before they are attached", async () => {
    await client.createGlobalTag("prompt");
    const { name } = await good(post("pl", { payload_type: "pedestals" }));
    const { id } = await good(post("piov", { payload_url: "a", checksum: "1", major_iov: 0, minor_iov: "7" }));
    expect(await good(get(`piov/${id}`))).toMatchObject({ payload_list: null, major_iov_end: 2 ** 63 });
    expect(await good(put("piov_attach", { payload_list: name, piov_id: id }))).toMatchObject({ payload_list: name });
    const attached = put("pl_attach", { payload_list: name, global_tag: "prompt" });
    expect(await good(attached)).toMatchObject({ name, global_tag: "prompt" });
    expect(await ground.held("prompt")).toEqual([["pedestals", 7, null]]);
    const another = await good(post("pl", { payload_type: "pedestals" }));
    expect((await put("pl_attach", { payload_list: another.name, global_tag: "prompt" })).status).toBe(501);
  });

  test("are forgotten after an hour where nobody attached them", async () => {
    const { name } = await good(post("pl", { payload_type: "pedestals" }));
    const { id } = await good(post("piov", { payload_url: "a", checksum: "1", major_iov: 0, minor_iov: 7 }));
    ground.clock.pass(3_600_001);
    expect(await put("piov_attach", { payload_list: name, piov_id: id })).toMatchObject({
      status: 500,
      body: { detail: "PayloadList not found." },
    });
    expect((await get(`piov/${id}`)).status).toBe(404);
  });
});

describe("many at once", () => {
  test("hold until the next one begins, and are there all or none", async () => {
    await ground.tagWith(
      "prompt",
      iov("t0", await ground.keep("t0", "old"), [0, 5], [0, 8]),
      iov("t0", await ground.keep("t0", "late"), [0, 30], null),
    );
    const list = (await good(get("gtPayloadLists/prompt"))).t0;
    const one = (minor_iov: number) => ({ payload_url: `f${minor_iov}`, major_iov: 0, minor_iov, payload_list: list });
    const told = await post("bulk_piov", [one(20), one(10)]);
    expect([told.status, told.text]).toEqual([200, ""]);
    const wanted = [
      ["t0", 5, 8],
      ["t0", 10, 20],
      ["t0", 20, 30],
      ["t0", 30, null],
    ];
    expect(await ground.held("prompt")).toEqual(wanted);
    expect(await post("bulk_piov", [one(25), { ...one(26), payload_list: "t0_1" }])).toMatchObject({ status: 500 });
    expect(await post("bulk_piov", [one(25), { payload_url: "x" }])).toMatchObject({
      status: 400,
      body: { "1.major_iov": ["This field is required."] },
    });
    expect(await ground.held("prompt")).toEqual(wanted);
  });
});

describe("what goes away", () => {
  const gone = async (path: string) => {
    const { status, body } = await ground.ask("DELETE", path);
    return [status, body.detail];
  };

  test("is one interval with just that beginning and end", async () => {
    await ground.tagWith(
      "prompt",
      iov("t0", await ground.keep("t0", "a"), [0, 5], [0, 8]),
      iov("t0", await ground.keep("t0", "b"), [0, 8], null),
    );
    const interval = (path: string) => gone(`deletePayloadIOV/prompt/t0/${path}`);
    for (const path of ["0/5", "0/5/0/7", "0/8/0/9"])
      expect(await interval(path), path).toEqual([500, "PayloadIOV with given parameters doesn't exist"]);
    expect((await interval("0/x"))[0]).toBe(404);
    expect((await interval("0/5/0/8"))[0]).toBe(200);
    expect((await interval("0/8"))[1]).toMatch(/^PayloadIOV .* deleted\.$/);
    expect(await ground.held("prompt")).toEqual([]);
  });

  test("is a type or a list that nothing is in; tags stay", async () => {
    await ground.tagWith("prompt", iov("t0", await ground.keep("t0", "a"), [0, 5], null));
    await good(post("pt", { name: "gains" }));
    const { name } = await good(post("pl", { payload_type: "gains" }));
    expect(await gone("deletePayloadType/gains")).toEqual([500, "PayloadType is used by 1 PayloadLists"]);
    expect(await gone(`deletePayloadList/${name}`)).toEqual([200, `Payload List ${name} deleted.`]);
    expect(await gone("deletePayloadType/gains")).toEqual([200, "Payload Type gains deleted."]);
    expect(await gone("deletePayloadType/gains")).toEqual([500, "PayloadType gains doesn't exist"]);
    expect((await gone("deletePayloadType/pedestals"))[0]).toBe(501);
    const list = (await good(get("gtPayloadLists/prompt"))).t0;
    expect(await gone(`deletePayloadList/${list}`)).toEqual([500, "PayloadList contains 1 PayloadIOVs"]);
    expect(await gone("deleteGlobalTag/nothing")).toEqual([500, "GlobalTag nothing doesn't exist"]);
    expect((await gone("deleteGlobalTag/prompt"))[0]).toBe(501);
  });
});
