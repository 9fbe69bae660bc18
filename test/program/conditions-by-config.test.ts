/** Conditions are kept where production's configuration says, from the commit on that says so. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hsfOptions } from "../../src/adapters/conditions/hsf/config.ts";
import { conditionsByConfig } from "../../src/compose/conditions.ts";
import type { Config, Keeping } from "../../src/core/config/config.ts";
import type { Conditions } from "../../src/ports/conditions.ts";
import { aFakeNopayloaddb, type FakeNopayloaddb } from "../fakes/fake-nopayloaddb.ts";
import { MemoryConditions } from "../fakes/memory-conditions.ts";

let fake: FakeNopayloaddb;
let own: MemoryConditions;
let data: string;
let server: Keeping["server"];
let conditions: Conditions;

beforeEach(async () => {
  fake = await aFakeNopayloaddb();
  own = new MemoryConditions();
  data = mkdtempSync(join(tmpdir(), "calops-outside-"));
  server = undefined;
  const config = () => ({ keeping: { rest: undefined, server }, tags: {} }) as unknown as Config;
  conditions = conditionsByConfig(own, { config, secret: () => fake.token, now: () => 0, data });
});
afterEach(async () => {
  await conditions.close();
  await own.close();
  await fake.server.close();
  rmSync(data, { recursive: true, force: true });
});

const outside = (timeout = "5s") => ({
  kind: "hsf",
  options: hsfOptions.parse({ url: fake.url, token: { secret: "T" }, payloads: { directory: data }, timeout }),
});
const create = (name: string) =>
  conditions.change({
    tag: { environment: "production", name },
    change: { kind: "create", description: "", upstream: null },
    key: name,
    by: "ann",
    why: null,
  });
const names = async () => (await conditions.tags("production")).map(({ name }) => name);

test("by the bot, by the server once one is named, and by the bot again", async () => {
  await create("ours");
  server = outside();
  expect(await names()).toEqual([]);
  await create("theirs");
  expect(await names()).toEqual(["theirs"]);
  server = outside();
  expect(await names()).toEqual(["theirs"]);
  server = undefined;
  expect(await names()).toEqual(["ours"]);
});

test("what a server was asked that is named no more ends as unanswered", async () => {
  server = outside();
  fake.server.trouble("hangs");
  const asked = conditions.tags("production").catch((error: Error) => error.message);
  server = outside("6s");
  fake.server.trouble();
  expect(await names()).toEqual([]);
  expect(await asked).toMatch(/not waited for/);
});
