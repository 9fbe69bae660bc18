/** Conditions that a nopayloaddb keeps: the stand-in that its sources make, and our own interface. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { hsfOptions } from "../../../src/adapters/conditions/hsf/config.ts";
import { openHsf } from "../../../src/adapters/conditions/open.ts";
import { conditionsContract } from "../../contracts/conditions.ts";
import { aFakeNopayloaddb } from "../../fakes/fake-nopayloaddb.ts";
import { hsfGround, TOKEN } from "../web/hsf/ground.ts";

function over(url: string, token: string) {
  const data = mkdtempSync(join(tmpdir(), "calops-outside-"));
  const options = hsfOptions.parse({
    url,
    token: { secret: "TOKEN" },
    payloads: { directory: join(data, "payloads") },
  });
  const open = async () => openHsf(options, { now: () => 0, declared: () => undefined, secret: () => token, data });
  return { open, remove: () => rmSync(data, { recursive: true, force: true }) };
}

conditionsContract(
  "a nopayloaddb",
  async () => {
    const fake = await aFakeNopayloaddb();
    const { open, remove } = over(fake.url, fake.token);
    const clean = async () => {
      await fake.server.close();
      remove();
      expect(fake.server.complaints).toEqual([]);
    };
    return { open, clean, lasts: true, outside: true };
  },
  6,
);

conditionsContract(
  "another bot, through its HSF interface",
  async () => {
    const ground = await hsfGround();
    ground.serve({ token: () => TOKEN, declaredTypes: [], countsChanges: true });
    const { open, remove } = over(`${ground.url}/hsf/`, TOKEN);
    const clean = async () => {
      await ground.close();
      remove();
      expect(ground.errors).toEqual([]);
    };
    return { open, clean, lasts: true, outside: true };
  },
  6,
);
