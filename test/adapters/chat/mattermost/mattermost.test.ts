import { afterEach, describe, expect, test, vi } from "vitest";
import { mattermostOptions } from "../../../../src/adapters/chat/mattermost/config.ts";
import { openMattermost } from "../../../../src/adapters/chat/mattermost/mattermost.ts";
import { retryAfter } from "../../../../src/adapters/chat/mattermost/server.ts";
import type { Place } from "../../../../src/core/chat/request.ts";
import { type Block, buttons, picture, say } from "../../../../src/core/say.ts";
import type { ChatParts, Delivery } from "../../../../src/ports/chat.ts";
import { aBot, type Ground, type GroundOptions } from "./a-mattermost.ts";

let ground: Ground;
const begin = async (options?: GroundOptions): Promise<Ground> => {
  ground = await aBot(options);
  return ground;
};
const ready = async (options?: GroundOptions): Promise<Ground> => {
  await (await begin(options)).connected();
  return ground;
};
afterEach(async () => {
  await ground.close();
  expect(ground.server.complaints).toEqual([]);
});
const soon = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: 4_000 });
const AT = { channel: "#timing", user: "ada" };
const delivery = (more: Partial<Delivery>): Delivery => ({
  key: "a message",
  channel: "#timing",
  edition: 1,
  blocks: [say`A message.`],
  remoteRef: null,
  thread: null,
  unsure: false,
  place: null,
  ...more,
});
const placeOf = (index = -1): Place => (ground.taken.at(index) as { place: Place }).place;
const answer = (key: string, place: Place, blocks: readonly Block[]) => {
  const account = ground.taken.at(-1)?.account ?? { chat: "mattermost", id: "", name: "" };
  return ground.chat.answer({ key, account, place, blocks });
};

describe("opening", () => {
  test("needs a token that is not empty, and says which", () => {
    ground = { close: async () => {}, server: { complaints: [] } } as unknown as Ground;
    const options = mattermostOptions.parse({
      url: "https://chat.example.org",
      token: { secret: "TOKEN" },
      team: "na62",
    });
    const parts = { secret: () => " \n" } as unknown as ChatParts;
    expect(() => openMattermost(options, parts)).toThrow(/the secret TOKEN is empty/);
  });

  test("does not need the server to be there: it connects when it is", async () => {
    await begin({ server: (server) => server.trouble("breaks off") });
    await soon(() => expect(ground.logged.join()).toContain("cannot be reached"));
    ground.server.trouble();
    await ground.connected();
    expect(await ground.server.types("/cal status", AT)).toBeUndefined();
  });

  test("tells no secret, whatever goes wrong", async () => {
    await begin({ server: (server) => server.trouble({ status: 500, body: { message: "broken" } }) });
    await soon(() => expect(ground.logged.length).toBeGreaterThan(1));
    const failure = await ground.chat.deliver(delivery({})).catch((error: unknown) => String(error));
    expect([...ground.logged, failure].join()).not.toContain(ground.server.botToken);
    ground.server.trouble();
  });
});

describe("the slash command", () => {
  const command = () => ground.server.world.commands[0];

  test("is made where there is none", async () => {
    await ready();
    expect(command()).toMatchObject({ trigger: "cal", method: "P", url: `${ground.bot}/chat/mattermost/command` });
  });

  test("is mended where it leads elsewhere, or has another name, and keeps its token", async () => {
    await begin({
      server: ({ world }) => {
        const bot = world.user("calops");
        world.commands.push({
          ...{
            id: world.id(),
            token: "t".repeat(26),
            create_at: 1,
            update_at: 1,
            delete_at: 0,
            username: "",
            icon_url: "",
          },
          ...{
            creator_id: bot.id,
            team_id: world.team("na62").id,
            trigger: "calold",
            method: "P",
            auto_complete: true,
          },
          ...{ auto_complete_desc: "", auto_complete_hint: "", display_name: "", description: "" },
          url: "http://old.example.org/chat/mattermost/command",
        });
      },
    });
    await soon(() => expect(command()).toMatchObject({ trigger: "cal", url: `${ground.bot}/chat/mattermost/command` }));
    expect(ground.server.world.commands).toHaveLength(1);
    await soon(() => expect(ground.server.calls.some(({ method }) => method === "PUT")).toBe(true));
    await ground.connected();
    expect(await ground.server.types("/cal status", AT)).toBeUndefined();
  });

  test("of somebody else is left alone, which the doctor tells", async () => {
    await begin({
      server: ({ world }) => {
        world.commands.push({
          ...{
            id: world.id(),
            token: "t".repeat(26),
            create_at: 1,
            update_at: 1,
            delete_at: 0,
            username: "",
            icon_url: "",
          },
          ...{ creator_id: world.user("ada").id, team_id: world.team("na62").id, trigger: "cal", method: "P" },
          ...{ auto_complete: true, auto_complete_desc: "", auto_complete_hint: "", display_name: "", description: "" },
          url: "http://hers.example.org/",
        });
      },
    });
    await soon(() => expect(ground.server.sockets.connected()).toBe(1));
    const findings = await ground.chat.examine();
    expect(findings.find(({ about }) => about === "mattermost: /cal in na62")).toMatchObject({
      state: "bad",
      found: expect.stringContaining("Somebody else"),
      fix: expect.stringContaining("chats.mattermost.command"),
    });
    expect(command()?.url).toBe("http://hers.example.org/");
  });

  test("works with a new token as soon as somebody made one", async () => {
    await ready();
    expect(await ground.server.types("/cal status", AT)).toBeUndefined();
    Object.assign(command() ?? {}, { token: "n".repeat(26) });
    expect(await ground.server.types("/cal mine", AT)).toBeUndefined();
    expect(ground.taken.map(({ asking }) => asking)).toMatchObject([{ line: "status" }, { line: "mine" }]);
  });

  test("that was made by hand works by its token, where the bot may not manage commands", async () => {
    await begin({
      server: ({ world }) => void world.team("na62").members.set(world.user("calops").id, "team_user"),
      options: { "command-token": { secret: "COMMAND" } },
      secrets: { COMMAND: "h".repeat(26) },
    });
    await soon(() => expect(ground.server.sockets.connected()).toBe(1));
    const { world } = ground.server;
    world.commands.push({
      ...{
        id: world.id(),
        token: "h".repeat(26),
        create_at: 1,
        update_at: 1,
        delete_at: 0,
        username: "",
        icon_url: "",
      },
      ...{ creator_id: world.user("ada").id, team_id: world.team("na62").id, trigger: "cal", method: "P" },
      ...{ auto_complete: true, auto_complete_desc: "", auto_complete_hint: "", display_name: "", description: "" },
      url: `${ground.bot}/chat/mattermost/command`,
    });
    expect(await ground.server.types("/cal status", AT)).toBeUndefined();
    expect(ground.taken).toHaveLength(1);
  });

  test("is acknowledged within a second, and stored before", async () => {
    await ready();
    let stored = false;
    ground.before = async () => {
      await Promise.resolve();
      stored = ground.server.integrations.sent.length === 0;
    };
    await ground.server.types("/cal status", AT);
    expect(stored).toBe(true);
    expect(ground.server.integrations.sent[0]?.ms).toBeLessThan(1_000);
  });
});

describe("what is not the server's", () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${ground.bot}/chat/mattermost/${path}`, { method: "POST", body, headers });
  const FORM = { "content-type": "application/x-www-form-urlencoded" };
  const JSON_TYPE = { "content-type": "application/json" };
  const form = (more: Record<string, string>) => {
    const { world } = ground.server;
    const channel = world.channel("#timing");
    const given = {
      team_id: channel.team_id,
      channel_id: channel.id,
      channel_name: "timing",
      user_id: world.user("ada").id,
      user_name: "ada",
      command: "/cal",
      text: "status",
      trigger_id: ground.server.integrations.trigger({ user: world.user("ada"), channel, team: channel.team_id }),
      root_id: "",
      response_url: `${ground.server.origin}/hooks/commands/${"h".repeat(26)}`,
    };
    return new URLSearchParams({ ...given, ...more }).toString();
  };
  const token = () => ground.server.world.commands[0]?.token ?? "";

  test.each([
    ["no token", {}],
    ["an empty token", { token: "" }],
    ["a wrong token", { token: "x".repeat(26) }],
    ["a part of the token", { token: "m" }],
  ])("is refused: a command with %s", async (_what, more) => {
    await ready();
    expect((await post("command", form(more), { ...FORM, authorization: "Token " })).status).toBe(401);
    expect(ground.taken).toEqual([]);
  });

  test("a guesser does not make the bot ask the server each time", async () => {
    await ready();
    for (let count = 0; count < 20; count++) await post("command", form({ token: "x".repeat(26) }), FORM);
    // When it connects, when the socket greets, and once for the guesser.
    const lookedUp = ground.server.calls.filter(({ method, path }) => method === "GET" && path === "/api/v4/commands");
    expect(lookedUp.length).toBeLessThanOrEqual(3);
  });

  test("is refused: a command whose trigger is old, of the future, or somebody else's", async () => {
    await ready();
    const old = form({ token: token() });
    ground.clock.pass(6 * 60_000);
    await ground.chat.examine();
    expect((await post("command", old, FORM)).status).toBe(401);
    expect(
      (await post("command", form({ token: token(), user_id: ground.server.world.user("bob").id }), FORM)).status,
    ).toBe(401);
    expect(ground.taken.filter(({ account }) => account.name !== "calops")).toEqual([]);
  });

  test("the same command again is the same", async () => {
    await ready();
    const once = form({ token: token() });
    expect((await post("command", once, FORM)).status).toBe(200);
    expect((await post("command", once, FORM)).status).toBe(200);
    expect(ground.taken).toHaveLength(1);
  });

  test("is refused: too much, another type, another method, another path, half a request", async () => {
    await ready();
    expect((await post("command", `text=${"x".repeat(300_000)}`, FORM)).status).toBe(413);
    expect((await post("command", "{}", JSON_TYPE)).status).toBe(415);
    expect((await post("command", "token=1", FORM)).status).toBe(400);
    expect((await post("elsewhere", "", FORM)).status).toBe(404);
    expect((await fetch(`${ground.bot}/chat/mattermost/command`)).status).toBe(405);
  });

  test("is refused: a press by somebody who does not know the address", async () => {
    await ready();
    const { remoteRef } = await ground.chat.deliver(
      delivery({ blocks: [buttons({ label: "Ack", words: ["ack", "1"] })] }),
    );
    const body = JSON.stringify({
      user_id: ground.server.world.user("bob").id,
      channel_id: ground.server.world.channel("#timing").id,
      post_id: remoteRef,
      trigger_id: "x",
      context: { seal: "seal.x" },
    });
    for (const path of ["action", "action/", `action/${"0".repeat(40)}`])
      expect((await post(path, body, JSON_TYPE)).status, path).toBeGreaterThanOrEqual(400);
    expect(ground.taken).toEqual([]);
  });

  test("is refused: a form that was opened for somebody else, or by somebody else", async () => {
    await ready();
    await ground.server.types("/cal retry", AT);
    expect(
      await ground.chat.openForm(placeOf(), { command: "retry", title: "retry", given: [], fields: [] }, "seal.x"),
    ).toBe(true);
    const state = String(ground.server.form("ada")?.["state"]);
    const send = (user: string, changed: string) =>
      post(
        "dialog",
        JSON.stringify({ state: changed, user_id: ground.server.world.user(user).id, submission: {} }),
        JSON_TYPE,
      );
    expect((await send("bob", state)).status).toBe(401);
    expect((await send("ada", `${state}x`)).status).toBe(401);
    expect((await send("ada", "e30.e30")).status).toBe(401);
    expect((await send("ada", "nonsense")).status).toBe(401);
    expect(ground.taken).toHaveLength(1);
    expect((await send("ada", state)).status).toBe(200);
    expect(ground.taken).toHaveLength(2);
  });
});

describe("the WebSocket", () => {
  const heard = (line: string) =>
    soon(() => expect(ground.taken.map(({ asking }) => "line" in asking && asking.line)).toContain(line));

  test("takes up where it was cut, and loses nothing that was said meanwhile", async () => {
    await ready();
    ground.server.mentions("one", AT);
    await heard("one");
    ground.server.sockets.drop();
    ground.server.mentions("two", AT);
    await heard("two");
    expect(ground.taken).toHaveLength(2);
  });

  test("reads again what was said while the server was started anew", async () => {
    await ready();
    ground.server.mentions("one", AT);
    await heard("one");
    ground.clock.pass(1_000);
    ground.server.sockets.restart();
    const thread = ground.server.mentions("two", AT);
    await ground.server.types("three", { channel: "@calops", user: "bob" });
    await heard("two");
    await heard("three");
    expect(ground.taken).toMatchObject([
      { asking: { line: "one" } },
      { account: { name: "ada" }, place: { thread, direct: false, name: "#timing" } },
      { account: { name: "bob" }, place: { direct: true, thread: null } },
    ]);
  });

  test("does not hear bots, itself, code, quotations and other names", async () => {
    await ready();
    const { world } = ground.server;
    world.addUser("robot", { bot: true, team: "na62" });
    world.channel("#timing").members.add(world.user("robot").id);
    const say = (message: string, user = "ada") => ground.server.types(message, { channel: "#timing", user });
    await say("@calops from a robot", "robot");
    await say("@calops from itself", "calops");
    await say("```\n@calops in code\n```");
    await say("look at `@calops inline` here");
    await say("> @calops quoted");
    await say("    @calops indented");
    await say("mail me@calops or @calopsy or @calops.org status");
    await say("@all hands");
    await say("hello @calops: status --env production");
    await heard("status --env production");
    expect(ground.taken).toHaveLength(1);
  });

  test("tells at once what cannot be taken", async () => {
    await ready();
    ground.refusing = [say`The disk is full.`];
    ground.server.mentions("status", AT);
    await soon(() =>
      expect(
        ground.server
          .shown("@calops", "ada")
          .map(({ text }) => text)
          .join(),
      ).toContain("The disk is full."),
    );
  });
});

describe("messages", () => {
  test("of the bot have its name, never the asker's", async () => {
    await ready();
    await ground.server.types("/cal pause t0", AT);
    await ground.chat.deliver(delivery({ channel: `=${placeOf().channel}`, place: placeOf() }));
    expect(ground.server.shown("#timing", "bob").at(-1)).toMatchObject({ by: "calops", text: "A message." });
  });

  test("of a public channel that the bot is not in are posted, since it goes in", async () => {
    await ready({ server: ({ world }) => void world.addChannel("open", { team: "na62", members: ["ada"] }) });
    await ground.chat.deliver(delivery({ channel: "#open" }));
    expect(ground.server.shown("#open", "ada").map(({ text }) => text)).toEqual(["A message."]);
  });

  test("for all in a private channel that is closed to the bot are shown to the asker, with what to do", async () => {
    await ready({
      server: ({ world }) => void world.addChannel("secret", { team: "na62", members: ["ada"], private: true }),
    });
    await ground.server.types("/cal pause t0", { channel: "#secret", user: "ada" });
    const sent = await ground.chat.deliver(delivery({ channel: `=${placeOf().channel}`, place: placeOf() }));
    expect(sent).toEqual({ remoteRef: null });
    const [shown] = ground.server.shown("#secret", "ada");
    expect(shown).toMatchObject({ ephemeral: true, text: expect.stringMatching(/invite[\s\S]*A message\./) });
  });

  test("that may not be edited any more are posted anew", async () => {
    await ready({ server: ({ world }) => void Object.assign(world.settings, { editTimeLimit: 60 }) });
    const { remoteRef } = await ground.chat.deliver(delivery({}));
    ground.clock.pass(120_000);
    const again = await ground.chat.deliver(delivery({ remoteRef, blocks: [say`Done.`], edition: 2 }));
    expect(again.remoteRef).not.toBe(remoteRef);
  });

  test("lose their buttons when there is nothing to press any more", async () => {
    await ready();
    const { remoteRef } = await ground.chat.deliver(
      delivery({ blocks: [say`Failed.`, buttons({ label: "Retry", words: ["retry"] })] }),
    );
    await ground.chat.deliver(delivery({ remoteRef, blocks: [say`Done.`], edition: 2 }));
    expect(ground.server.shown("#timing", "ada")).toMatchObject([{ text: "Done.", buttons: [] }]);
  });

  test("that the server does not take are hopeless; in an archived channel, or with nobody there, they are not", async () => {
    await ready();
    const failsWith = async (status: number, id: string) => {
      ground.server.trouble({ status, body: { id, message: id } }, ({ path }) => path === "/api/v4/posts");
      return await ground.chat.deliver(delivery({})).catch((error: unknown) => error);
    };
    expect(await failsWith(400, "model.post.is_valid.props.app_error")).toMatchObject({ hopeless: true });
    expect(await failsWith(400, "api.post.create_post.can_not_post_to_deleted.error")).toMatchObject({
      hopeless: false,
    });
    expect(await failsWith(401, "api.context.session_expired.app_error")).toMatchObject({ hopeless: false });
    expect(await failsWith(500, "api.post.deduplicate_create_post.pending")).toMatchObject({ hopeless: false });
    ground.server.trouble();
  });

  test("carry their pictures", async () => {
    await ready();
    await ground.chat.deliver(delivery({ blocks: [picture("iVBORw0KGgo=", "Shifts of t0")] }));
    expect(ground.server.world.files).toMatchObject([{ name: "picture-1.png", size: 8 }]);
    expect(ground.server.world.posts.at(-1)?.file_ids).toEqual([ground.server.world.files[0]?.id]);
  });

  test("say where a press leads to nobody, and its context neither", async () => {
    await ready();
    await ground.chat.deliver(delivery({ blocks: [buttons({ label: "Retry", words: ["retry"] })] }));
    const [post] = ground.server.world.posts;
    expect(JSON.stringify(post?.props)).not.toContain(ground.server.botToken);
  });

  test("wait as long as the server says, whichever way it says it", () => {
    const now = Date.UTC(2026, 10, 24, 12);
    const reset = (value: string) => retryAfter(new Headers({ "x-ratelimit-reset": value }), now);
    expect(reset("2")).toBe(2_000);
    expect(reset(String(now / 1_000 + 5))).toBe(5_000);
    expect(reset("0")).toBe(1_000);
    expect(reset("soon")).toBeUndefined();
    expect(retryAfter(new Headers({ "retry-after": "7", "x-ratelimit-reset": "2" }), now)).toBe(7_000);
    ground = { close: async () => {}, server: { complaints: [] } } as unknown as Ground;
  });
});

describe("answers", () => {
  test("to a press come with the answer to it, for whoever pressed alone", async () => {
    await ready();
    const { remoteRef } = await ground.chat.deliver(
      delivery({ blocks: [buttons({ label: "Log", words: ["log", "17"] })] }),
    );
    ground.before = async ({ key, account, place }) => {
      queueMicrotask(() => void ground.chat.answer({ key, account, place, blocks: [say`The log of @all.`] }));
    };
    await ground.server.presses(remoteRef ?? "", "Log", "bob");
    expect(ground.server.shown("#timing", "bob").at(-1)).toMatchObject({
      ephemeral: true,
      text: "The log of @\u2060all.",
    });
    expect(ground.server.shown("#timing", "ada")).toHaveLength(1);
  });

  test("to a press that take longer, or have buttons, come as a direct message", async () => {
    await ready();
    const { remoteRef } = await ground.chat.deliver(
      delivery({ blocks: [buttons({ label: "Retry", words: ["retry", "17"] })] }),
    );
    await ground.server.presses(remoteRef ?? "", "Retry", "bob");
    await answer("later", placeOf(), [say`Really?`, buttons({ label: "Yes", words: ["confirm", "A1"] })]);
    const shown = ground.server.shown("@calops", "bob").at(-1);
    expect(shown).toMatchObject({ text: "Really?", buttons: ["Yes"], by: "calops" });
    await ground.server.presses(shown?.id ?? "", "Yes", "bob");
    expect(ground.taken.at(-1)).toMatchObject({ asking: { kind: "press" }, place: { direct: true } });
  });

  test("come in place where the bot may show something to one person", async () => {
    await ready({ server: ({ world }) => void world.user("calops").systemRoles.push("ephemeral_bot") });
    ground.server.mentions("status", AT);
    await soon(() => expect(ground.taken).toHaveLength(1));
    await answer("in place", placeOf(), [say`All is well.`]);
    expect(ground.server.shown("#timing", "ada").at(-1)).toMatchObject({ ephemeral: true, by: "calops" });
    expect(ground.server.shown("#timing", "bob")).toHaveLength(1);
  });

  test("with a picture come as a direct message, and where it was asked this is said", async () => {
    await ready();
    await ground.server.types("/cal chart overview", AT);
    await answer("chart", placeOf(), [picture("iVBORw0KGgo=", "Overview")]);
    expect(ground.server.world.posts.find(({ file_ids }) => file_ids.length > 0)?.message).toBe("Overview");
    expect(ground.server.shown("#timing", "ada").at(-1)).toMatchObject({
      ephemeral: true,
      text: "The answer is in your direct messages.",
    });
  });
});

describe("the doctor", () => {
  const states = async () =>
    Object.fromEntries(
      (await ground.chat.examine()).map(({ about, state }) => [about.replace("mattermost: ", ""), state]),
    );

  test("finds everything good where it is", async () => {
    await ready({ server: ({ world }) => void world.user("calops").systemRoles.push("ephemeral_bot") });
    expect(new Set(Object.values(await states()))).toEqual(new Set(["good"]));
    expect(ground.taken).toEqual([]);
    expect(ground.server.world.posts).toEqual([]);
  });

  test("says which channels of the configuration the bot cannot post in", async () => {
    await ready({ channels: ["#timing", "#nowhere"] });
    const findings = await ground.chat.examine();
    expect(findings.filter(({ about }) => about.includes("channel"))).toMatchObject([
      { about: "mattermost: the channel ~timing", state: "good" },
      { about: "mattermost: the channel ~nowhere", state: "bad", fix: expect.stringContaining("/invite @calops") },
    ]);
  });

  test("tells what is wrong, and exactly what to do", async () => {
    await begin({
      server({ world }) {
        Object.assign(world.settings, { version: "9.5.0", siteUrl: "", allowedInternal: [] });
        world.team("na62").members.set(world.user("calops").id, "team_user");
      },
      options: { team: ["na62", "other"] },
    });
    await soon(() => expect(ground.server.sockets.connected()).toBe(1));
    const findings = await ground.chat.examine();
    expect(Object.fromEntries(findings.map(({ about, state }) => [about, state]))).toMatchObject({
      "mattermost: the server": "doubtful",
      "mattermost: SiteURL": "bad",
      "mattermost: the team other": "bad",
      "mattermost: /cal in na62": "bad",
    });
    for (const { state, fix } of findings) if (state !== "good") expect(fix).toEqual(expect.any(String));
  });

  test("tells an address that the server is not allowed to call", async () => {
    await ready();
    ground.server.world.settings.allowedInternal = [];
    const finding = (await ground.chat.examine()).find(({ about }) => about === "mattermost: the way to the bot");
    expect(finding).toMatchObject({ state: "bad", fix: expect.stringContaining("add 127.0.0.1") });
  });

  test("tells a token that the server does not know", async () => {
    await begin({ secrets: { MATTERMOST_TOKEN: "wrong" } });
    expect(await ground.chat.examine()).toMatchObject([{ about: "mattermost: the bot token", state: "bad" }]);
  });

  test("tells a server that is away", async () => {
    await begin({ server: (server) => server.trouble("breaks off") });
    expect(await ground.chat.examine()).toMatchObject([{ about: "mattermost: the server", state: "bad" }]);
    ground.server.trouble();
  });
});
