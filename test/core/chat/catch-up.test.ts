import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catchUp, catchUpWords } from "../../../src/core/chat/catch-up.ts";
import { type Message, newMessage } from "../../../src/core/message.ts";
import { say } from "../../../src/core/say.ts";

const AT = Date.UTC(2026, 10, 24, 13);
const HOUR = 3_600_000;
const message = (key: string, minute: number, more: Partial<Message> = {}): Message => ({
  ...newMessage({ key, chat: "slack", channel: "#t0", blocks: [say`about ${key}`] }, AT + minute * 60_000),
  ...more,
});
const many = (count: number, more: Partial<Message> = {}) =>
  Array.from({ length: count }, (_, index) => message(`m${index}`, index % 60, more));
const keys = (messages: readonly Message[]) => messages.map((one) => one.key);

describe("messages that could not be told for an hour", () => {
  test("are told one by one where they are few", () => {
    expect(catchUp(many(8), AT + HOUR).together).toEqual([]);
  });

  test("are told one by one where they have only just come, however many they are", () => {
    expect(catchUp(many(50, { createdAt: AT }), AT + 60_000).together).toEqual([]);
  });

  test("are told in one where they are many, but for the newest that somebody can still act on", () => {
    const { single, together } = catchUp(
      [...many(20, { over: true }), ...many(10).map((one) => ({ ...one, key: `open ${one.key}` }))],
      AT + HOUR,
    );
    expect(keys(single)).toEqual(["open m6", "open m7", "open m8", "open m9"]);
    expect(together).toHaveLength(26);
  });

  test("take what hangs from them in threads with them, and leave edits and answers alone", () => {
    const edit = message("old", -600, { sentEdition: 1, edition: 2, remoteRef: "r" });
    const answer = message("answer 1", 3, { place: { channel: "C", thread: null, direct: false, remote: "" } });
    const detail = message("detail", 4, { thread: { under: "m3" } });
    const { single, together } = catchUp([edit, answer, detail, ...many(20, { over: true })], AT + HOUR);
    expect(keys(single)).toEqual(["old", "answer 1"]);
    expect(keys(together)).toContain("detail");
  });

  test("are all named, whatever they are", () => {
    const anyMessage = fc.record({ minute: fc.nat(59), over: fc.boolean(), sent: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 40 }), (some) => {
        const messages = some.map(({ minute, over, sent }, index) =>
          message(`m${index}`, minute, { over, ...(sent && { sentEdition: 1, edition: 2 }) }),
        );
        const { single, together } = catchUp(messages, AT + HOUR);
        expect(new Set([...keys(single), ...keys(together)])).toEqual(new Set(keys(messages)));
        const told = JSON.stringify(together.length > 0 ? catchUpWords(together) : []);
        for (const one of together) expect(told).toContain(`about ${one.key}`.replace("about ", ""));
      }),
    );
  });
});
