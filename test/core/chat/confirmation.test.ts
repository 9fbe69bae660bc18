import { describe, expect, test } from "vitest";
import { askToConfirm, CONFIRM_WITHIN_MS, decideOn } from "../../../src/core/chat/confirmation.ts";

const AT = Date.UTC(2026, 10, 24);
const asked = askToConfirm({ id: "k7mq2x", words: ["rollback", "production"], by: "ann", basis: "c0ffee" }, AT);
const confirmed = decideOn(asked, "confirmed", "ann", "request 1", AT + 1);

describe("what a person is to say yes to", () => {
  test("is done when they say yes", () => {
    expect(confirmed).toMatchObject({ ok: true, next: { outcome: "confirmed", usedBy: "request 1" } });
  });

  test.each([
    ["by somebody else", asked, "ben", "request 2", AT + 1, { reason: "somebody-else", detail: "ann" }],
    ["too late", asked, "ann", "request 2", AT + CONFIRM_WITHIN_MS + 1, { reason: "too-late" }],
    [
      "a second time",
      confirmed.ok ? confirmed.next : asked,
      "ann",
      "request 2",
      AT + 2,
      { reason: "confirmed-before" },
    ],
    [
      "after they said no",
      { ...asked, outcome: "cancelled" as const, usedBy: "request 1" },
      "ann",
      "request 2",
      AT + 2,
      { reason: "cancelled-before" },
    ],
  ] as const)("is not done %s", (_when, confirmation, by, request, now, refusal) => {
    expect(decideOn(confirmation, "confirmed", by, request, now)).toMatchObject({ ok: false, ...refusal });
  });

  test("goes on after a crash, for the request that had said yes, whenever that is", () => {
    const again = decideOn(
      confirmed.ok ? confirmed.next : asked,
      "confirmed",
      "ann",
      "request 1",
      AT + 10 * CONFIRM_WITHIN_MS,
    );
    expect(again).toMatchObject({ ok: true });
  });
});
