import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/index.ts";
import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import { type Actor, done } from "../../src/core/command/command.ts";
import { wordsOf } from "../../src/core/command/parse.ts";
import { say } from "../../src/core/say.ts";
import { type Asked, commandDesk } from "../../src/engine/talk/command-desk.ts";
import type { CommandRecord } from "../../src/ports/operations.ts";

const ACTORS: readonly (readonly [who: string, actor: Actor, mayGive: readonly string[]])[] = [
  ["nobody in particular", { id: "ann", roles: [], owner: false, via: "chat" }, ["anyone", "person"]],
  ["an expert of a detector", { id: "ann", roles: ["timing-expert"], owner: false, via: "chat" }, ["anyone", "person"]],
  ["a shifter", { id: "ann", roles: ["shifter"], owner: false, via: "chat" }, ["anyone", "person", "shifter"]],
  ["an expert", { id: "ann", roles: ["expert"], owner: false, via: "chat" }, ["anyone", "person", "shifter", "expert"]],
  [
    "whoever runs the bot",
    { id: "ann", roles: [], owner: true, via: "terminal" },
    ["anyone", "person", "shifter", "expert"],
  ],
];

/** The desk with every command as it is, but for what it does. */
async function give(line: string, actor: Actor, knows = async (environment: string) => environment === "mirror/fit") {
  const ran: string[] = [];
  const asked: Omit<Asked, "decide" | "command">[] = [];
  const remembered: CommandRecord[] = [];
  const desk = commandDesk({
    commands: COMMANDS.map((command) => ({
      ...command,
      run: async () => {
        ran.push(command.name);
        return done([say`done`], null);
      },
    })),
    contextFor: (_actor, { decide: _, command: __, ...about }) => {
      asked.push(about);
      return undefined as never;
    },
    knows,
    remember: async (record) => void remembered.push(record),
    now: () => 0,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const answer = await desk.answer(wordsOf(line), actor);
  const text = renderBlocks(answer.say, { width: 200, now: 0 });
  return { ok: answer.ok, misused: answer.misused ?? false, json: answer.json, text, ran, asked, remembered };
}

describe.each(ACTORS)("%s", (_who, actor, mayGive) => {
  test.each(COMMANDS.map((command) => [command.examples[0] ?? "", command.name, command.allow] as const))(
    "%s",
    async (line, name, allow) => {
      const { ok, text, ran, remembered } = await give(line, actor);
      const may = mayGive.includes(allow);
      expect({ ok, ran }).toEqual({ ok: may, ran: may ? [name] : [] });
      const outcome = may ? "done" : "not allowed";
      expect(remembered).toEqual([{ line, by: "ann", via: actor.via, place: actor.via, outcome }]);
      const roles = allow === "shifter" ? "shifter or expert" : allow;
      if (!may) expect(text).toMatch(new RegExp(`^${name} is for people with the role ${roles}\\. What you may: help`));
    },
  );
});

test("what cannot be understood is answered to anybody, and runs nothing", async () => {
  const { ok, text, ran, remembered } = await give("rerty 7", ACTORS[0]?.[1] as Actor);
  expect({ ok, text, ran, remembered }).toEqual({
    ok: false,
    text: 'There is no command "rerty": did you mean retry? help lists all.',
    ran: [],
    remembered: [{ line: "rerty 7", by: "ann", via: "chat", place: "chat", outcome: "not understood" }],
  });
});

describe("the environment that a line is about", () => {
  const owner = ACTORS.at(-1)?.[1] as Actor;

  test("is production where none is named, which nobody has to know", async () => {
    const { ok, asked } = await give("tasks --json", owner, async () => false);
    expect({ ok, asked }).toEqual({ ok: true, asked: [{ json: true, environment: "production" }] });
  });

  test.each(COMMANDS.map((command) => [command.name, command.examples[0] ?? ""] as const))(
    "can be named for %s",
    async (name, example) => {
      const { ok, ran, asked, remembered } = await give(`--env mirror/fit ${example}`, owner);
      expect({ ok, ran, asked }).toEqual({
        ok: true,
        ran: [name],
        asked: [{ json: false, environment: "mirror/fit" }],
      });
      expect(remembered).toMatchObject([{ line: `--env mirror/fit ${example}`, outcome: "done" }]);
    },
  );

  test.each(COMMANDS.map((command) => [command.name, command.examples[0] ?? ""] as const))(
    "is refused as a misuse of %s where there is none of that name",
    async (_name, example) => {
      const { ok, misused, json, text, ran, remembered } = await give(`${example} --env=mirror/fitt --json`, owner);
      expect({ ok, misused, json, text, ran, remembered }).toMatchObject({
        ok: false,
        misused: true,
        json: true,
        text: "There is no environment mirror/fitt. The command env lists them.",
        ran: [],
        remembered: [{ outcome: "not understood" }],
      });
    },
  );

  test("does not give anybody a command that they may not give in production", async () => {
    const { ok, misused, ran } = await give("skip 7 no beam --env mirror/fit", ACTORS[0]?.[1] as Actor);
    expect({ ok, misused, ran }).toEqual({ ok: false, misused: false, ran: [] });
  });

  test("is left to the command where nobody can say what there is", async () => {
    const { ok, asked } = await give("tasks --env mirror/fit", owner, async () => {
      throw new Error("the server is away");
    });
    expect({ ok, asked }).toEqual({ ok: true, asked: [{ json: false, environment: "mirror/fit" }] });
  });
});

describe("what could come next on a line", () => {
  const desk = commandDesk({
    commands: COMMANDS,
    contextFor: () => undefined as never,
    knows: async () => false,
    remember: async () => {},
    now: () => 0,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });

  test.each<[string, string[]]>([
    [
      "re",
      [
        "retry",
        "reprocess",
        "release",
        "release-hold show",
        "release-hold extend",
        "release-hold force",
        "resume",
        "reject",
        "revoke",
      ],
    ],
    ["  sta", ["status", "stale"]],
    ["help rep", ["help reprocess"]],
    ["tasks --st", ["tasks --state", "tasks --stale"]],
    ["tasks --run 7 --wo", ["tasks --run 7 --workflow"]],
    ["tasks x", []],
    ["nope --", []],
  ])("after %j", (line, expected) => {
    expect(desk.complete(line)).toEqual(expected);
  });
});
