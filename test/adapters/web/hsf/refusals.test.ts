/** What the REST interface refuses: as nopayloaddb does, and whoever may not. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { good, type HsfGround, hsfGround, iov, nopayloadclient, TOKEN } from "./ground.ts";

let ground: HsfGround;
beforeEach(async () => {
  ground = await hsfGround();
});
afterEach(async () => {
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const fill = async () => ground.tagWith("prompt", iov("t0", await ground.keep("t0", "a"), [0, 5], null));
const LETTERS = "Enter a name of letters, digits and . _ + : - alone.";
const piov = (change: object) => ({ payload_url: "a", checksum: "b", major_iov: 5, minor_iov: 1, ...change });

describe("as there", () => {
  test.each<readonly [path: string, body: unknown, status: number, answer: unknown]>([
    ["gt", { status: "unlocked" }, 400, { name: ["This field is required."] }],
    ["gt", { name: " ", status: "unlocked" }, 400, { name: ["This field may not be blank.", LETTERS] }],
    ["gt", { name: null, status: "unlocked" }, 400, { name: ["This field may not be null."] }],
    [
      "gt",
      { name: "x".repeat(81), status: "unlocked" },
      400,
      { name: ["Ensure this field has no more than 80 characters."] },
    ],
    ["gt", { name: "../x", status: "unlocked" }, 400, { name: [LETTERS] }],
    ["gt", { name: "x" }, 500, { detail: "GlobalTagStatus not found." }],
    ["gt", { name: "x", status: "open to all" }, 500, { detail: "GlobalTagStatus not found." }],
    ["gt", { name: "prompt", status: "unlocked" }, 400, { name: ["global tag with this name already exists."] }],
    ["gt", [], 400, { non_field_errors: ["Invalid data. Expected a dictionary."] }],
    ["gtstatus", { name: "locked" }, 400, { name: ["global tag status with this name already exists."] }],
    ["pt", { name: "t0" }, 400, { name: ["payload type with this name already exists."] }],
    ["pl", { payload_type: "nothing" }, 500, { detail: "PayloadType not found." }],
    [
      "piov",
      piov({ major_iov: -1, minor_iov: 1.5 }),
      400,
      {
        major_iov: ["Ensure this value is greater than or equal to 0."],
        minor_iov: ["A valid integer is required."],
      },
    ],
    [
      "piov",
      piov({ major_iov_end: 5, minor_iov_end: 1 }),
      500,
      {
        detail:
          "a PayloadIOV ending IOVs should be greater or equal than starting. Provided end IOVs: major_iov: 5 major_iov_end: 5 minor_iov: 1 minor_iov_end: 1",
      },
    ],
    ["bulk_piov", {}, 400, { non_field_errors: ["Expected a list of items."] }],
  ])("POST %s of %j", async (path, body, status, answer) => {
    await fill();
    expect(await ground.post(path, body)).toMatchObject({ status, body: answer });
  });

  test("something that is not there", async () => {
    await fill();
    const { name } = await good(ground.post("pl", { payload_type: "pedestals" }));
    for (const [path, body, detail] of [
      ["pl_attach", { payload_list: "t0_1", global_tag: "prompt" }, "PayloadList not found."],
      ["pl_attach", { payload_list: name, global_tag: "nothing" }, "GlobalTag not found."],
      ["piov_attach", { payload_list: name, piov_id: 1 }, "PayloadIOV not found."],
      ["gt_change_status/nothing/locked", undefined, "GlobalTag not found."],
      ["gt_change_status/prompt/closed", undefined, "GlobalTag Status not found."],
    ] as const)
      expect(await ground.put(path, body), path).toMatchObject({ status: 500, body: { detail } });
    expect(await ground.get("globalTag/nothing")).toMatchObject({
      status: 404,
      body: { detail: "No GlobalTag matches the given query." },
    });
  });

  test("everything that would change a tag that is frozen", async () => {
    await fill();
    for (const status of ["TESTING", "VALIDATED", "frozen"])
      await good(ground.put(`gt_change_status/prompt/${status}`));
    const inserted = nopayloadclient(ground).insertPayload("prompt", "t0", ["b", "2"], [0, 9]);
    await expect(inserted).rejects.toThrow(/500 .*PUBLISHED/);
    expect((await ground.ask("DELETE", "deletePayloadIOV/prompt/t0/0/5")).status).toBe(500);
    const { name } = await good(ground.post("pl", { payload_type: "pedestals" }));
    expect(await ground.put("pl_attach", { payload_list: name, global_tag: "prompt" })).toMatchObject({
      status: 500,
      body: { detail: "Global Tag is PUBLISHED." },
    });
    expect(await ground.held("prompt")).toEqual([["t0", 5, null]]);
  });
});

test("what is no JSON, is of another kind, or is too large", async () => {
  expect(await ground.post("pt", '{"name":')).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/^JSON parse error - /) },
  });
  const form = { authorization: `Bearer ${TOKEN}`, "content-type": "application/x-www-form-urlencoded" };
  expect((await ground.ask("POST", "pt", "name=t0", form)).status).toBe(415);
  expect((await ground.post("pt", { name: "x".repeat(70_000) })).status).toBe(413);
});

describe("whoever does not have the token", () => {
  const WRITES = [
    ["POST", "gt"],
    ["POST", "gtstatus"],
    ["POST", "cloneGlobalTag/prompt/b"],
    ["POST", "pt"],
    ["POST", "pl"],
    ["POST", "piov"],
    ["POST", "bulk_piov"],
    ["PUT", "pl_attach"],
    ["PUT", "piov_attach"],
    ["PUT", "gt_change_status/prompt/locked"],
    ["DELETE", "deleteGlobalTag/prompt"],
    ["DELETE", "deletePayloadIOV/prompt/t0/0/5"],
  ] as const;

  test.each(WRITES)("%s %s", async (method, path) => {
    await fill();
    const detail = async (headers: Record<string, string>) => {
      const told = await ground.ask(method, path, undefined, headers);
      return [told.status, told.body.detail];
    };
    for (const headers of [{}, { authorization: "Bearer" }, { authorization: TOKEN }])
      expect(await detail(headers as Record<string, string>)).toEqual([
        403,
        "Authentication credentials were not provided",
      ]);
    expect(await detail({ authorization: `Bearer ${TOKEN}x` })).toEqual([403, "invalid access_token"]);
    ground.serve({ token: () => undefined, declaredTypes: [], countsChanges: true });
    for (const token of [TOKEN, "undefined", ""])
      expect((await detail({ authorization: `Bearer ${token}` }))[1]).toMatch(/^Permission denied\./);
    const tags = await ground.conditions.tags("production");
    expect(tags.map(({ name, state }) => [name, state])).toEqual([["prompt", "OPEN"]]);
    expect(await ground.held("prompt")).toEqual([["t0", 5, null]]);
  });

  test("may read", async () => {
    await fill();
    expect(await good(ground.get("globalTags"))).toHaveLength(1);
  });
});

test("nothing is at any of its addresses where it is not served", async () => {
  ground.serve(undefined);
  for (const path of ["globalTags", "payloadiovs/?gtName=a&majorIOV=1&minorIOV=1", "payloads/a", "pt"])
    for (const method of path === "pt" ? ["GET", "POST"] : ["GET"])
      expect(await (await fetch(`${ground.url}/hsf/${path}`, { method })).text(), path).toBe("nothing here");
});

test("while the conditions do not answer, it says so and that they may later", async () => {
  ground.conditions.away = true;
  expect(await ground.get("globalTags")).toMatchObject({
    status: 503,
    body: { detail: "The conditions do not answer now; ask again later." },
  });
});
