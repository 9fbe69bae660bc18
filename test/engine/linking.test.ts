/** A new account becomes a person's by a code, in two chats that are open at once. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryChat, textOf } from "../fakes/memory-chat.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

const BASE = configOf({ t0: 'tasks: { calibrate: { run: ["true"] } }\n' });
const filesWith = (people: string) => ({
  ...BASE,
  "calops.yaml": `${BASE["calops.yaml"]}chats: { room: {}, hall: {} }\n`,
  "people.yaml": people,
});
const PEOPLE = `people:
  ann: { name: Ann, roles: [expert], accounts: { room: U1 } }
  ben: { name: Ben, accounts: { room: U2 } }
`;

let harness: Harness;
let room: MemoryChat;
let hall: MemoryChat;
beforeEach(async () => {
  room = new MemoryChat("room");
  hall = new MemoryChat("hall");
  harness = await startHarness({ files: filesWith(PEOPLE), rooms: { room, hall } });
});
afterEach(() => harness.stop());

/** What an account is told when it says something. */
async function tell(chat: MemoryChat, id: string, line: string): Promise<string> {
  await chat.ask(line, { account: { chat: chat.name, id, name: `who is ${id}` } });
  await harness.settle();
  return (
    chat.answers
      .filter((reply) => reply.account.id === id)
      .map(textOf)
      .at(-1) ?? ""
  );
}

async function aCode(id = "H9"): Promise<string> {
  const told = await tell(hall, id, "link");
  const code = /link ([A-Z2-9]{4}-[A-Z2-9]{4})\n/.exec(told)?.[1];
  if (code === undefined) throw new Error(told);
  return code;
}

async function confirm(id: string, code: string): Promise<string> {
  const shown = await tell(room, id, `link ${code}`);
  const yes = /confirm (\w+)/.exec(shown)?.[1];
  return yes === undefined ? shown : await tell(room, id, `confirm ${yes}`);
}

const personHistory = async () =>
  (await harness.store.queries.history({ kind: "person", limit: 50 }))
    .reverse()
    .map((entry) => [entry.ref, entry.event, entry.by, entry.detail?.["account"] ?? null]);

describe("a new account", () => {
  test("is told how it becomes somebody's: by a code, by whoever runs the bot, or by a merge request", async () => {
    const told = await tell(hall, "H9", "link");
    expect(told).toMatch(/^The code for this account, hall:H9, until .*:\n/);
    expect(told).toMatch(/people:\n.* YOU:\n.* accounts: \{ hall: H9 \}/);
    expect(told).toMatch(/--as PERSON/);
    expect(hall.calls).toEqual([]);
  });

  test("is the person's once they confirm its code where they are known, and see first what they say yes to", async () => {
    const code = await aCode();
    const shown = await tell(room, "U1", `link ${code.toLowerCase()}`);
    expect(shown).toContain('This makes the account hall:H9, which calls itself "who is H9", yours');
    expect(await tell(hall, "H9", "whoami")).toMatch(/^calops does not know whose account this is/);
    const yes = /confirm (\w+)/.exec(shown)?.[1];
    const told = await tell(room, "U1", `confirm ${yes}`);
    expect(told).toContain("The account hall:H9 is ann now. To take that back: unlink hall:H9");
    expect(told).toMatch(/people:\n.* ann:\n.* accounts: \{ hall: H9 \}/);
    expect(await tell(hall, "H9", "whoami")).toMatch(/^You are ann \(Ann\)\.\n/);
    expect((await harness.bot.talk.people.accountsOf("ann")).map(({ chat, id }) => `${chat}:${id}`)).toEqual([
      "room:U1",
      "hall:H9",
    ]);
    await tell(hall, "H9", "pause t0 noisy");
    expect((await harness.store.queries.workflowState("production", "t0"))?.paused?.by).toBe("ann");
    expect(await personHistory()).toEqual([
      ["hall:H9", "asked for a code", "hall:H9", null],
      ["ann", "linked", "ann", "hall:H9"],
    ]);
  });

  test("stays theirs when the bot starts again", async () => {
    await confirm("U1", await aCode());
    harness = await harness.restart();
    expect(await tell(hall, "H9", "whoami")).toMatch(/^You are ann/);
  });

  test("is given to somebody by whoever runs the bot, and by nobody else", async () => {
    const code = await aCode();
    expect(await tell(room, "U2", `link ${code} --as ann`)).not.toContain("is ann now");
    expect((await harness.command(`link ${code}`)).ok).toBe(false);
    expect((await harness.command(`link ${code} --as nobody`)).ok).toBe(false);
    expect((await harness.command(`link ${code} --as ann`)).ok).toBe(true);
    expect(await tell(hall, "H9", "whoami")).toMatch(/^You are ann/);
  });

  test("cannot confirm itself, nor another that is new", async () => {
    const code = await aCode();
    expect(await tell(hall, "H9", `link ${code}`)).toMatch(/is nobody's yet, so it can confirm nothing/);
    expect(await tell(hall, "H8", `link ${code} --as ann`)).toMatch(/is nobody's yet, so it can confirm nothing/);
    expect(await tell(hall, "H9", "whoami")).toMatch(/^calops does not know/);
  });
});

describe("a code", () => {
  test("works once", async () => {
    const code = await aCode();
    await confirm("U1", code);
    await tell(hall, "H9", "unlink");
    expect(await confirm("U2", code)).toMatch(/^This is no code that waits/);
    expect(await tell(hall, "H9", "whoami")).toMatch(/^calops does not know/);
  });

  test("lasts fifteen minutes", async () => {
    const code = await aCode();
    await harness.pass(15 * 60_000 + 1);
    expect(await confirm("U1", code)).toMatch(/^This is no code that waits/);
  });

  test("is worth nothing any more once another was asked for in the same account", async () => {
    const [old, fresh] = [await aCode(), await aCode()];
    expect(await confirm("U1", old)).toMatch(/^This is no code that waits/);
    expect(await confirm("U1", fresh)).toContain("is ann now");
  });

  test("is not found by guessing: after five wrong ones no other is looked at for fifteen minutes", async () => {
    const code = await aCode();
    for (let wrong = 0; wrong < 5; wrong++) await tell(room, "U2", `link AAAA-AAA${wrong + 2}`);
    expect(await confirm("U2", code)).toMatch(/^Too many codes of yours were wrong/);
    expect(await confirm("U1", code)).toContain("is ann now");
    await harness.pass(15 * 60_000 + 1);
    expect(await confirm("U2", await aCode("H8"))).toContain("hall:H8 is ben now");
  });

  test("stands neither in the history nor, as it is, in the store of codes", async () => {
    const code = await aCode();
    await tell(room, "U2", `--env production link ${code} and more`);
    await confirm("U1", code);
    expect(JSON.stringify(await harness.store.queries.history({ limit: 100 }))).not.toContain(code);
    expect(await harness.store.queries.linkCode(code)).toBeUndefined();
    expect(await harness.store.queries.linkCode(code.replace("-", ""))).toBeUndefined();
  });
});

describe("an account that was linked", () => {
  test("is nobody's again by unlink, in it or in another of theirs, and by nobody else's", async () => {
    await confirm("U1", await aCode());
    expect(await tell(room, "U2", "unlink hall:H9")).toMatch(/is not linked to you/);
    expect(await tell(room, "U1", "unlink hall:H9")).toBe("The account hall:H9 is ann no more.");
    expect(await tell(hall, "H9", "whoami")).toMatch(/^calops does not know/);
    expect(await tell(room, "U1", "unlink")).toBe(
      "The account room:U1 stands in people.yaml under ann: take it out there.",
    );
    expect((await personHistory()).at(-1)).toEqual(["ann", "unlinked", "ann", "hall:H9"]);
  });

  test("is nobody's as soon as the person is out of people.yaml, also if the name comes back", async () => {
    await confirm("U1", await aCode());
    harness.repository.push(filesWith("people: { ben: { name: Ben, accounts: { room: U2 } } }\n"), "ann leaves");
    await harness.follow();
    expect(await tell(hall, "H9", "whoami")).toMatch(/^calops does not know/);
    expect(await tell(room, "U1", "pause t0 noisy")).toMatch(/room:U1 is nobody's account/);
    expect(await harness.bot.talk.people.accountsOf("ann")).toEqual([]);
    expect((await personHistory()).at(-1)).toEqual(["ann", "unlinked", "calops", "hall:H9"]);
    harness.repository.push(filesWith(PEOPLE), "another ann comes");
    await harness.follow();
    expect(await tell(hall, "H9", "whoami")).toMatch(/^calops does not know/);
  });

  test("is whose people.yaml says that it is, where it says so", async () => {
    await confirm("U1", await aCode());
    harness.repository.push(filesWith(PEOPLE.replace("{ room: U2 }", "{ room: U2, hall: H9 }")), "it is ben's");
    await harness.follow();
    expect(await tell(hall, "H9", "whoami")).toMatch(/^You are ben/);
    expect((await harness.bot.talk.people.accountsOf("ann")).map(({ id }) => id)).toEqual(["U1"]);
  });
});

test("only people at the head of the protected branch count, whatever a branch says that runs as a mirror", async () => {
  const rights = "roles: { expert: { commands: all } }\n";
  harness.repository.push(
    filesWith(`${PEOPLE.replace("Ben, accounts", "Ben, roles: [expert], accounts")}${rights}`),
    "ben is an expert on a branch",
    { branch: "ben" },
  );
  await harness.follow();
  expect(await tell(room, "U2", "pause t0 noisy")).toMatch(
    /^pause is for people with the role shifter or expert \(ann\)/,
  );
});
