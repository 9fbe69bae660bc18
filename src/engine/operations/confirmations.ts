/** What people are to say yes to, as it is kept. */
import { askToConfirm, decideOn } from "../../core/chat/confirmation.ts";
import type { Confirmations } from "../../ports/operations.ts";
import type { Engine } from "../engine.ts";

/** Letters and digits that are not taken for each other. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const LONG = 6;

/** @param chance from 0 to 1 */
export function confirmationsOf(engine: Engine, chance: () => number): Confirmations {
  const anId = () => Array.from({ length: LONG }, () => LETTERS[Math.floor(chance() * LETTERS.length)]).join("");
  return {
    ask: (of) =>
      engine.do("ask to confirm", async (ledger) => {
        let id = anId();
        while (await ledger.ask((loads) => loads.confirmation(id))) id += anId();
        const asked = askToConfirm({ ...of, id }, ledger.now);
        ledger.put("confirmations", asked);
        return asked;
      }),
    decide: (id, outcome, by, request) =>
      engine.do("confirm", async (ledger) => {
        const confirmation = await ledger.ask((loads) => loads.confirmation(id));
        if (!confirmation) return { ok: false, reason: "unknown" };
        const decided = decideOn(confirmation, outcome, by, request, ledger.now);
        if (!decided.ok) return decided;
        ledger.put("confirmations", decided.next);
        return { ok: true, confirmation: decided.next };
      }),
  };
}
