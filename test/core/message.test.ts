import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EDIT_PAUSE_MS, edited, type Message, newMessage } from "../../src/core/message.ts";
import { fields, list, moment, parts, plural, say, table } from "../../src/core/say.ts";
import { AT } from "../contracts/things.ts";

const sent = (message: Message, now: number): Message => ({
  ...message,
  sentEdition: message.edition,
  dueAt: now,
});

describe("a message", () => {
  test("is due at once when it is new, and stays so when it is edited before it was sent", () => {
    const message = newMessage({ key: "alert 1", chat: "console", channel: "#timing", blocks: [say`one`] }, AT);
    expect(message).toMatchObject({ edition: 1, sentEdition: 0, dueAt: AT });
    expect(edited(message, [say`two`], AT + 1)).toMatchObject({ edition: 2, blocks: [say`two`], dueAt: AT });
  });

  test("that was sent is edited after a pause, so that a burst of edits is one", () => {
    let message = sent(newMessage({ key: "alert 1", chat: "console", channel: "#timing", blocks: [] }, AT), AT);
    for (let edit = 1; edit <= 50; edit++) message = edited(message, [say`${edit}`], AT + edit * 10);
    expect(message.edition).toBe(51);
    expect(message.dueAt).toBeGreaterThan(AT + 500);
    expect(message.dueAt).toBeLessThanOrEqual(AT + 500 + EDIT_PAUSE_MS);
  });

  test("that is edited without end is sent all the same", () => {
    let message = sent(newMessage({ key: "k", chat: "console", channel: "#c", blocks: [] }, AT), AT);
    for (let second = 1; second <= 60; second++) {
      message = edited(message, [], AT + second * 1_000);
      expect(message.dueAt).toBeLessThanOrEqual(AT + EDIT_PAUSE_MS);
    }
  });

  test("never waits longer than the pause after its last edit, whatever happened before", () => {
    const steps = fc.array(fc.record({ wait: fc.nat(20_000), send: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (sequence) => {
        let now = AT;
        let message = newMessage({ key: "k", chat: "console", channel: "#c", blocks: [] }, now);
        for (const { wait, send } of sequence) {
          now += wait;
          if (send) message = sent(message, now);
          message = edited(message, [], now);
          expect(message.dueAt).toBeLessThanOrEqual(now + EDIT_PAUSE_MS);
        }
        expect(message.edition).toBe(sequence.length + 1);
      }),
    );
  });
});

describe("what is said", () => {
  test("keeps moments and links as what they are, numbers as texts, and a dash for what is missing", () => {
    const link = { url: "http://bot/log", label: "log" };
    expect(say`Run ${8215} at ${moment(AT)}: ${link}, ${null}, ${undefined}.`).toEqual({
      kind: "text",
      parts: ["Run ", "8215", " at ", { at: AT }, ": ", link, ", ", "-", ", ", "-", "."],
    });
    expect(moment(null)).toBeNull();
    expect(parts`${""}a`).toEqual(["a"]);
  });

  test("leaves fields without a value out, and keeps those that are empty, zero or of several parts", () => {
    expect(fields({ a: 1, b: undefined, c: null, d: "", e: 0, f: parts`x ${2}` })).toEqual({
      kind: "fields",
      fields: [
        ["a", ["1"]],
        ["d", [""]],
        ["e", ["0"]],
        ["f", ["x ", "2"]],
      ],
    });
  });

  test("has columns by title, and items of one part or of several", () => {
    expect(table(["a", { title: "b", align: "right" }], [[1, null]])).toEqual({
      kind: "table",
      columns: [{ title: "a" }, { title: "b", align: "right" }],
      rows: [["1", "-"]],
    });
    expect(list(["x", parts`y${1}`])).toEqual({ kind: "list", items: [["x"], ["y", "1"]] });
  });

  test.each([
    [0, "0 jobs"],
    [1, "1 job"],
    [2, "2 jobs"],
  ])("counts %i as %s", (count, words) => {
    expect(plural(count, "job")).toBe(words);
  });
});
