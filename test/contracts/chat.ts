/** What every chat does, whatever its server makes of it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Form } from "../../src/core/chat/form.ts";
import type { Place } from "../../src/core/chat/request.ts";
import { type Block, buttons, code, list, say } from "../../src/core/say.ts";
import { type Chat, ChatError, type Delivery, type Incoming } from "../../src/ports/chat.ts";

export type Shown = {
  /** What the chat calls it. */
  readonly id: string;
  readonly text: string;
  /** The message that its thread hangs from. */
  readonly thread: string | null;
  readonly buttons: readonly string[];
  /** Only one person sees it. */
  readonly ephemeral: boolean;
};

type Where = { readonly channel: string; readonly user: string; readonly thread?: string | null };

/** A chat with a channel #timing that the bot is in, and people. */
export type ChatGround = {
  readonly chat: Chat;
  /** What the bot was asked, each once. */
  readonly taken: readonly Incoming[];
  /** The slash command. */
  readonly command: string;
  types(line: string, where: Where): Promise<unknown>;
  mentions(line: string, where: Where): Promise<unknown>;
  presses(message: string, label: string, user: string): Promise<unknown>;
  fills(user: string, values: Readonly<Record<string, string>>): Promise<unknown>;
  /** Oldest first. */
  shown(channel: string, user: string): readonly Shown[];
  /** Somebody takes a message away. */
  deletes(message: string): void;
  /** The clock of both goes on. */
  pass(ms: number): void;
  /** The server does what it is asked for from now on, and nobody hears of it; or it cannot be reached; or all is well again. */
  trouble(what: "loses its answer" | "away" | undefined): void;
  /** From now on the server takes nothing more for so long; in milliseconds what it says is to be waited. */
  limited(): number;
  /** What the bot says at once, instead of taking anything. */
  refuse(say: readonly Block[]): void;
  /** Fails where the server was asked something that it does not know. */
  close(): Promise<void>;
};

const A_FORM: Form = {
  command: "retry",
  title: "retry",
  given: [],
  fields: [
    { name: "arg_task", label: "task", hint: "Its number", kind: "text", choices: [], optional: false, value: "" },
    {
      name: "arg_state",
      label: "state",
      hint: "",
      kind: "choice",
      choices: ["failed", "done"],
      optional: true,
      value: "",
    },
    { name: "opt_all", label: "all", hint: "", kind: "flag", choices: [], optional: true, value: "" },
  ],
};

export function chatContract(name: string, open: () => Promise<ChatGround>): void {
  describe(name, () => {
    let ground: ChatGround;
    beforeEach(async () => {
      ground = await open();
    });
    afterEach(() => ground.close());

    const send = (more: Partial<Delivery>): ReturnType<Chat["deliver"]> => {
      ground.pass(2_000);
      return ground.chat.deliver(delivery(more));
    };
    const texts = (): string[] => ground.shown("#timing", "ada").map(({ text }) => text);
    const asked = async (line = "status"): Promise<Place> => {
      await ground.types(`${ground.command} ${line}`, { channel: "#timing", user: "ada" });
      return placeOf(ground.taken.at(-1));
    };
    const answer = async (place: Place, blocks: readonly Block[]): Promise<void> => {
      ground.pass(2_000);
      const account = ground.taken.at(-1)?.account ?? { chat: "", id: "", name: "" };
      await ground.chat.answer({ key: "answer", account, place, blocks });
    };

    test("what is delivered is shown in its channel", async () => {
      await send({ blocks: [say`Task 17 failed.`, list(["one", "two"])] });
      expect(texts()).toEqual([expect.stringMatching(/Task 17 failed\.[\s\S]*one[\s\S]*two/)]);
    });

    test("an edit changes the message, and adds none", async () => {
      const { remoteRef } = await send({ blocks: [say`Running.`] });
      expect(await send({ blocks: [say`Done.`], remoteRef, edition: 2 })).toEqual({ remoteRef });
      expect(texts()).toEqual([expect.stringContaining("Done.")]);
    });

    test("a message that somebody took away is posted anew", async () => {
      const { remoteRef } = await send({ blocks: [say`Running.`] });
      ground.deletes(remoteRef ?? "");
      const again = await send({ blocks: [say`Done.`], remoteRef, edition: 2 });
      expect(again.remoteRef).not.toBe(remoteRef);
      expect(texts()).toEqual([expect.stringContaining("Done.")]);
    });

    test("a message of which nobody heard that it was posted is not posted twice", async () => {
      await send({ key: "other", blocks: [say`Another.`] });
      ground.trouble("loses its answer");
      await expect(send({ blocks: [say`Once.`] })).rejects.toThrow(ChatError);
      ground.trouble(undefined);
      const { remoteRef } = await send({ blocks: [say`Once.`], unsure: true });
      expect(texts().filter((text) => text.includes("Once."))).toHaveLength(1);
      expect(ground.shown("#timing", "ada").at(-1)?.id).toBe(remoteRef);
    });

    test("a message of which nobody heard, and that was not posted, is posted", async () => {
      await send({ blocks: [say`Once.`], unsure: true });
      expect(texts()).toEqual([expect.stringContaining("Once.")]);
    });

    test("a reply stands in its thread, and is found there again", async () => {
      const { remoteRef } = await send({ blocks: [say`A card.`] });
      const reply = { key: "reply", blocks: [say`Its detail.`], thread: remoteRef };
      const first = await send(reply);
      expect(await send({ ...reply, unsure: true })).toEqual(first);
      expect(ground.shown("#timing", "ada")).toMatchObject([{ thread: null }, { thread: remoteRef }]);
    });

    test("what goes to one person alone is read by nobody else", async () => {
      await asked();
      const before = texts().length;
      await send({ channel: `@${ground.taken[0]?.account.id}`, blocks: [say`For you.`] });
      expect(texts()).toHaveLength(before);
      expect(ground.shown("@ada", "ada").map(({ text }) => text)).toEqual([expect.stringContaining("For you.")]);
    });

    test("a channel that is not there is told as a failure that may pass, with what to do", async () => {
      const failure = await send({ channel: "#nowhere" }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ChatError);
      expect(failure).toMatchObject({ hopeless: false, message: expect.stringContaining("nowhere") });
    });

    test("a server that is away is told as a failure that may pass", async () => {
      ground.trouble("away");
      const failure = await send({}).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ChatError);
      expect(failure).toMatchObject({ hopeless: false, retryAfterMs: undefined });
    });

    test("a server that asks to wait says how long", async () => {
      const wait = ground.limited();
      const failure = await ground.chat.deliver(delivery({})).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ChatError);
      expect(failure).toMatchObject({ hopeless: false, retryAfterMs: wait });
    });

    test("an answer is seen by the asker alone", async () => {
      const place = await asked();
      const before = ground.shown("#timing", "bob").length;
      await answer(place, [say`Only for ada.`]);
      expect(ground.shown("#timing", "bob")).toHaveLength(before);
      expect(ground.shown("#timing", "ada").at(-1)).toMatchObject({
        text: expect.stringContaining("Only for ada."),
        ephemeral: true,
      });
    });

    test("whoever asks for much is answered each time", async () => {
      const place = await asked();
      for (let count = 1; count <= 7; count++) await answer(place, [say`Answer ${count}.`]);
      const all = [...ground.shown("#timing", "ada"), ...ground.shown("@ada", "ada")]
        .map(({ text }) => text)
        .join("\n");
      for (let count = 1; count <= 7; count++) expect(all).toContain(`Answer ${count}.`);
    });

    test("an answer comes half an hour later, too", async () => {
      const place = await asked();
      ground.pass(40 * 60_000);
      await answer(place, [say`At last.`]);
      const all = [...ground.shown("#timing", "ada"), ...ground.shown("@ada", "ada")];
      expect(all.map(({ text }) => text).join("\n")).toContain("At last.");
      expect(
        ground
          .shown("#timing", "bob")
          .map(({ text }) => text)
          .join("\n"),
      ).not.toContain("At last.");
    });

    test("a mention in a thread is a request, answered in the thread", async () => {
      const { remoteRef } = await send({ blocks: [say`A card.`] });
      await ground.mentions("why 17", { channel: "#timing", user: "ada", thread: remoteRef });
      expect(ground.taken).toMatchObject([{ asking: { kind: "line", line: "why 17" }, place: { direct: false } }]);
      const place = placeOf(ground.taken[0]);
      await send({
        key: "in the thread",
        channel: `=${place.channel}`,
        thread: place.thread,
        blocks: [say`Since then.`],
        place,
      });
      expect(ground.shown("#timing", "bob").at(-1)).toMatchObject({
        text: expect.stringContaining("Since then."),
        thread: remoteRef,
      });
    });

    test("a direct message needs no mention, and is answered there", async () => {
      await ground.mentions("status", { channel: "@ada", user: "ada" });
      expect(ground.taken).toMatchObject([{ asking: { kind: "line", line: "status" }, place: { direct: true } }]);
      await answer(placeOf(ground.taken[0]), [say`All is well.`]);
      expect(ground.shown("@ada", "ada").at(-1)?.text).toContain("All is well.");
    });

    test("a button brings its seal back, from whoever pressed it", async () => {
      const retry = { label: "Retry", words: ["retry", "17"], look: "primary" } as const;
      const { remoteRef } = await send({ blocks: [say`Task 17 failed.`, buttons(retry)] });
      await ground.presses(remoteRef ?? "", "Retry", "bob");
      expect(ground.taken).toMatchObject([
        { account: { name: "bob" }, asking: { kind: "press", seal: expect.stringMatching(/^[A-Za-z0-9._-]+$/) } },
      ]);
    });

    test("every press is a request of its own", async () => {
      const { remoteRef } = await send({ blocks: [buttons({ label: "Retry", words: ["retry", "17"] })] });
      await ground.presses(remoteRef ?? "", "Retry", "bob");
      await ground.presses(remoteRef ?? "", "Retry", "bob");
      expect(new Set(ground.taken.map(({ key }) => key)).size).toBe(2);
    });

    test("a form opens before the asker, and brings back what was written in", async () => {
      const place = await asked("retry");
      expect(await ground.chat.openForm(place, A_FORM, "sealed.form")).toBe(true);
      await ground.fills("ada", { task: "17", state: "failed", all: "yes" });
      expect(ground.taken.at(-1)).toMatchObject({
        account: { name: "ada" },
        asking: { kind: "form", seal: "sealed.form", values: { arg_task: "17", arg_state: "failed", opt_all: "yes" } },
      });
      await answer(placeOf(ground.taken.at(-1)), [say`It is tried again.`]);
      expect(ground.shown("#timing", "ada").at(-1)?.text).toContain("It is tried again.");
    });

    test("what is left empty in a form is empty", async () => {
      await ground.chat.openForm(await asked("retry"), A_FORM, "sealed.form");
      await ground.fills("ada", { task: "17" });
      const { asking } = ground.taken.at(-1) as Incoming;
      expect(asking.kind === "form" && asking.values["arg_task"]).toBe("17");
      expect(asking.kind === "form" && (asking.values["opt_all"] ?? "")).not.toBe("yes");
    });

    test("a form that comes too late does not open, and says so", async () => {
      const place = await asked("retry");
      ground.pass(60_000);
      expect(await ground.chat.openForm(place, A_FORM, "sealed.form")).toBe(false);
    });

    test("what cannot be taken is told at once, to the asker alone", async () => {
      ground.refuse([say`The disk is full; ask again in a minute.`]);
      await ground.types(`${ground.command} status`, { channel: "#timing", user: "ada" });
      expect(ground.taken).toEqual([]);
      expect(ground.shown("#timing", "ada").at(-1)?.text).toContain("The disk is full");
      expect(
        ground
          .shown("#timing", "bob")
          .map(({ text }) => text)
          .join(),
      ).not.toContain("The disk is full");
    });

    test("text of jobs and people calls nobody, leads nowhere and ends no code", async () => {
      const bad =
        "<!channel> @channel @all @here <@U0ADA> @ada <http://evil.example|log> [log](http://evil.example) ``` *b* _i_ ~s~ # h";
      await send({ blocks: [say`${bad}`, code(`${bad}\n\`\`\`\n${bad}`), list([bad]), say`After.`] });
      const text = texts().at(-1) ?? "";
      expect(text).not.toMatch(/is called\]|leads to/);
      expect(text).toContain("After.");
    });

    test("a message of any size keeps its links and buttons, and says that something was left out", async () => {
      await send({
        key: "large",
        blocks: [
          { kind: "text", parts: ["Task 17 failed: ", { url: "https://calops.example.org/log/17", label: "its log" }] },
          code("an ünusual line 👩‍🔬 of a log\n".repeat(3_000)),
          buttons({ label: "Retry", words: ["retry", "17"] }),
        ],
      });
      const shown = ground.shown("#timing", "ada").at(-1);
      expect(shown?.text).toContain("its log");
      expect(shown?.text).toMatch(/left out/i);
      expect(shown?.text.isWellFormed()).toBe(true);
      expect(shown?.buttons).toEqual(["Retry"]);
    });
  });
}

function delivery(more: Partial<Delivery>): Delivery {
  return {
    key: "a message",
    channel: "#timing",
    edition: 1,
    blocks: [say`A message.`],
    remoteRef: null,
    thread: null,
    unsure: false,
    place: null,
    ...more,
  };
}

function placeOf(incoming: Incoming | undefined): Place {
  if (!incoming) throw new Error("nothing was taken");
  return incoming.place;
}
