import { describe, expect, test } from "vitest";
import { inOrder } from "../../../src/core/chat/in-order.ts";
import { edited, type Message, newMessage } from "../../../src/core/message.ts";
import { say } from "../../../src/core/say.ts";
import { AT } from "../../contracts/things.ts";

const card = newMessage({ key: "card", chat: "slack", channel: "#runs", blocks: [] }, AT);
const detail = newMessage(
  { key: "detail", chat: "slack", channel: "#runs", blocks: [], thread: { under: "card" } },
  AT,
);
const other = newMessage({ key: "other", chat: "slack", channel: "#runs", blocks: [] }, AT + 1);
const keys = (unsent: readonly Message[]) => inOrder(unsent).map(({ message }) => message.key);

describe("a channel's messages", () => {
  test("are sent as they are due, and as they were made where they are due together", () => {
    expect(keys([other, card])).toEqual(["card", "other"]);
    expect(keys([{ ...card, dueAt: AT + 60_000 }, other])).toEqual(["other", "card"]);
  });

  test("are sent in a thread after what the thread hangs from, also where that is put off", () => {
    expect(keys([detail, card])).toEqual(["card", "detail"]);
    const late = { ...card, dueAt: AT + 60_000, failures: 3 };
    expect(inOrder([detail, late, other]).map(({ message, dueAt }) => [message.key, dueAt])).toEqual([
      ["other", AT + 1],
      ["card", AT + 60_000],
      ["detail", AT + 60_000],
    ]);
  });

  test("go into the thread of a card that is there, whenever it is edited next", () => {
    const there = edited({ ...card, sentEdition: 1, remoteRef: "1700.1" }, [say`more`], AT);
    expect(keys([there, detail])).toEqual(["detail", "card"]);
  });
});
