import { afterEach, describe, expect, test } from "vitest";
import type { Finding } from "../../src/core/doctor/finding.ts";
import { type Connections, looksAt } from "../../src/engine/doctor/connections.ts";
import { examineAll, type Look } from "../../src/engine/doctor/examine.ts";
import { Chats } from "../../src/engine/talk/chats.ts";
import { MemoryChat } from "../fakes/memory-chat.ts";
import { type Harness, type HarnessOptions, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

const redact = (text: string) => text.replaceAll("hunter2", "***");
const good = (about: string, found = "it answers"): Finding => ({ about, state: "good", found, fix: null });

describe("looking at many things", () => {
  test("is done side by side, and told in their order, whichever answers first", async () => {
    const first = Promise.withResolvers<Finding[]>();
    const looks: Look[] = [
      { about: "a", look: () => first.promise },
      {
        about: "b",
        look: () => {
          first.resolve([good("a")]);
          return [good("b")];
        },
      },
    ];
    expect((await examineAll(looks, { redact })).map(({ about }) => about)).toEqual(["a", "b"]);
  });

  test("takes no longer than its limit: what has not answered is not known, and the rest is told", async () => {
    const looks: Look[] = [
      { about: "hangs", look: () => new Promise(() => {}) },
      { about: "answers", look: () => [good("answers")] },
    ];
    expect(await examineAll(looks, { redact, limitMs: 5 })).toEqual([
      {
        about: "hangs",
        state: "unknown",
        found: "there was no answer within 5ms",
        fix: "look whether it runs, and give doctor again",
      },
      good("answers"),
    ]);
  });

  test("never fails: what cannot be looked at is not known", async () => {
    const thrown = { about: "thrown", look: () => Promise.reject(new Error("it broke")) };
    const [finding] = await examineAll([thrown], { redact });
    expect(finding).toMatchObject({ about: "thrown", state: "unknown", found: "it broke" });
  });

  test("shows no secret, neither in what was found nor in what is to be done", async () => {
    const look = () => [{ about: "it", state: "bad" as const, found: "hunter2 is wrong", fix: "replace hunter2" }];
    expect(await examineAll([{ about: "it", look }], { redact })).toMatchObject([
      { found: "*** is wrong", fix: "replace ***" },
    ]);
  });

  test("says all the time what it still waits for", async () => {
    const told: string[][] = [];
    const slow = Promise.withResolvers<Finding[]>();
    const looking = examineAll(
      [
        { about: "slow", look: () => slow.promise },
        { about: "quick", look: () => [] },
      ],
      { redact, onProgress: (left) => told.push([...left]) },
    );
    slow.resolve([]);
    await looking;
    expect(told[0]).toEqual(["slow", "quick"]);
    expect(told.at(-1)).toEqual([]);
  });
});

describe("doctor", () => {
  const LOCKS = `tasks:
  a:
    run: ["true"]
    locks:
      - ask: { what: magnet, owner: magnet-crew, url: "https://dcs.example.org/magnet", open: answer.on }
      - ask: { what: quality, owner: dq, url: "https://dq.example.org/\${run.number}", open: answer.good }
`;
  const start = async (more: Partial<HarnessOptions> = {}) => {
    harness = await startHarness({ files: configOf({ t0: 'tasks: { a: { run: ["true"] } }\n' }), ...more });
    const { data } = await harness.command("doctor");
    return (data as { findings: Finding[] }).findings;
  };

  test("says of a chat that could not be opened why, and what to do", async () => {
    await start();
    const connections = harness?.bot.connections as Connections;
    const chats = new Chats({
      console: new MemoryChat(),
      openChat: () => {
        throw new Error("the secret SLACK_BOT_TOKEN is not set; put it into the environment of the bot");
      },
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    await chats.adjust({ ...connections.config, chats: { slack: {} } });
    const findings = await examineAll(looksAt({ ...connections, chats }), { redact });
    expect(findings).toContainEqual({
      about: "slack",
      state: "bad",
      found: "it could not be opened, and its messages wait: the secret SLACK_BOT_TOKEN is not set",
      fix: "put it into the environment of the bot; start the bot again then: systemctl restart calops",
    });
  });

  test("asks the pages of locks that are the same for every task, and says what it did not ask", async () => {
    const asked: string[] = [];
    const outside = {
      fetchJson: async (url: string) => {
        asked.push(url);
        throw new Error("dcs.example.org cannot be reached: ENOTFOUND");
      },
      runJson: () => Promise.reject(new Error("no")),
    };
    const findings = await start({ files: configOf({ t0: LOCKS }), outside });
    expect(asked).toEqual(["https://dcs.example.org/magnet"]);
    expect(findings).toContainEqual({
      about: "locks: dcs.example.org",
      state: "bad",
      found: "dcs.example.org cannot be reached: ENOTFOUND, so t0/a waits",
      fix: "try curl https://dcs.example.org/magnet on this machine, and ask magnet-crew, who has the lock",
    });
    expect(findings).toContainEqual(
      expect.objectContaining({
        about: "locks that ask outside",
        state: "unknown",
        fix: expect.stringContaining("why TASK"),
      }),
    );
  });

  test("is told to the asker alone, and only to experts", async () => {
    await start();
    const shifter = { id: "ann", roles: ["shifter"], owner: false, via: "chat" };
    expect(await harness?.command("doctor", shifter)).toMatchObject({ ok: false, to: "asker" });
    expect(await harness?.command("doctor", { ...shifter, roles: ["expert"] })).toMatchObject({
      ok: true,
      to: "asker",
    });
  });

  test("looks at no mirror: whoever may do something there alone does not see what production has", async () => {
    await start();
    const answer = await harness?.command("doctor --env production");
    expect(answer?.ok).toBe(true);
    const expert = { id: "ann", roles: ["expert"], owner: false, via: "chat" };
    expect((await harness?.command("doctor --env mirror/fit", expert))?.ok).toBe(false);
  });
});
