import { describe, expect, test } from "vitest";
import { People } from "../../src/engine/people.ts";

const ann = { name: "Ann", roles: ["expert"], keys: [], accounts: { slack: "U1", mattermost: "m1" } };
const ben = { name: "Ben", roles: [], keys: [], accounts: {} };

describe("an account", () => {
  test("is the person's whom people.yaml gives it to, with what they may", async () => {
    const people = new People({ rules: { people: { ann, ben } } });
    expect(await people.actorOf({ chat: "slack", id: "U1" })).toEqual({
      id: "ann",
      roles: ["expert"],
      owner: false,
      via: "slack",
    });
  });

  test("is nobody's otherwise, whatever it calls itself, and is named by what nobody can choose", async () => {
    const people = new People({ rules: { people: { ann, ben } } });
    for (const account of [
      { chat: "slack", id: "m1" },
      { chat: "slack", id: "ann" },
      { chat: "constructor", id: "U1" },
      { chat: "toString", id: "undefined" },
    ])
      expect(await people.actorOf(account)).toEqual({
        id: `${account.chat}:${account.id}`,
        roles: [],
        owner: false,
        via: account.chat,
        unknown: true,
      });
  });

  test("is nobody's as soon as the rules in force do not have the person any more", async () => {
    const rules = { people: { ann } as Record<string, typeof ann> };
    const people = new People({ rules });
    rules.people = {};
    expect(await people.actorOf({ chat: "slack", id: "U1" })).toMatchObject({ id: "slack:U1", unknown: true });
  });
});

test("a person is reached under each of their accounts, and nobody else under any", async () => {
  const people = new People({ rules: { people: { ann, ben } } });
  expect(await people.accountsOf("ann")).toEqual([
    { chat: "slack", id: "U1" },
    { chat: "mattermost", id: "m1" },
  ]);
  expect(await people.accountsOf("ben")).toEqual([]);
  expect(await people.accountsOf("constructor")).toEqual([]);
});
