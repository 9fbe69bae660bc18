import { describe, expect, test } from "vitest";
import type { Place } from "../../src/core/chat/request.ts";
import { STANDARD } from "../../src/core/permission/rights.ts";
import { People } from "../../src/engine/talk/people.ts";

const ann = { name: "Ann", roles: ["expert"], keys: [], emails: [], accounts: { slack: "U1", mattermost: "m1" } };
const ben = { name: "Ben", roles: [], keys: [], emails: [], accounts: {} };
const rules = { people: { ann, ben }, rights: STANDARD };
const queries = { linkedAccount: async () => undefined, linkedAccounts: async () => [] };
const HERE: Place = { channel: "C1", thread: null, direct: false, remote: "" };

describe("an account", () => {
  test("is the person's whom people.yaml gives it to, with what they may there", async () => {
    const people = new People({ rules, queries });
    expect(await people.actorOf({ chat: "slack", id: "U1", name: "ben" }, HERE)).toEqual({
      id: "ann",
      roles: ["expert"],
      owner: false,
      via: "slack",
      at: ["slack", "slack:C1"],
      rights: STANDARD,
      account: { chat: "slack", id: "U1", name: "ben" },
    });
  });

  test("is nobody's otherwise, whatever it calls itself, and is named by what nobody can choose", async () => {
    const people = new People({ rules, queries });
    for (const { chat, id } of [
      { chat: "slack", id: "m1" },
      { chat: "slack", id: "ann" },
      { chat: "constructor", id: "U1" },
      { chat: "toString", id: "undefined" },
    ])
      expect(await people.actorOf({ chat, id, name: "ann" }, HERE)).toMatchObject({
        id: `${chat}:${id}`,
        roles: [],
        owner: false,
        via: chat,
        unknown: true,
      });
  });

  test("is nobody's as soon as the rules in force do not have the person any more", async () => {
    const changing = { ...rules, people: { ann } as Record<string, typeof ann> };
    const people = new People({ rules: changing, queries });
    changing.people = {};
    expect(await people.actorOf({ chat: "slack", id: "U1", name: "ben" }, HERE)).toMatchObject({
      id: "slack:U1",
      unknown: true,
    });
  });
});

test("a person is reached under each of their accounts, and nobody else under any", async () => {
  const people = new People({ rules, queries });
  expect(await people.accountsOf("ann")).toEqual([
    { chat: "slack", id: "U1", linkedAt: null },
    { chat: "mattermost", id: "m1", linkedAt: null },
  ]);
  expect(await people.accountsOf("ben")).toEqual([]);
  expect(await people.accountsOf("constructor")).toEqual([]);
});
