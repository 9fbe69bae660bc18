/** Accounts that become people's by a code, each step as one piece of work of the engine. */
import { randomInt } from "node:crypto";
import type { Account } from "../../core/chat/request.ts";
import type { Actor } from "../../core/command/command.ts";
import type { Digest } from "../../core/job/key.ts";
import { CODE_LENGTH, guessesSince, guessesTooMuch, offerCode, useCode } from "../../core/person/link.ts";
import type { Linking } from "../../ports/linking.ts";
import type { Queries } from "../../ports/queries.ts";
import { CALOPS } from "../doer.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import type { People } from "../talk/people.ts";

export type LinkingParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly people: People;
  readonly digest: Digest;
};

/** Letters and digits that are not taken for each other. */
const LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

export function linkingOf({ engine, queries, people, digest }: LinkingParts): Linking {
  /** As it may be typed: in small letters, and with hyphens. */
  const digestOf = (code: string) => digest(`link ${code.toUpperCase().replaceAll(/[^A-Z0-9]/g, "")}`);
  return {
    offer: (account) =>
      engine.do("offer a link", async (ledger) => {
        const code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
        const offered = offerCode(account, digestOf(code), ledger.now);
        ledger.put("linkCodes", offered);
        const name = nameOf(account);
        ledger.record({ kind: "person", ref: name, event: "asked for a code" }, { by: name });
        return { ok: true, code, until: offered.until };
      }),
    async look(code, by) {
      if (await guessed(by)) return undefined;
      const offered = await queries.linkCode(digestOf(code));
      return offered && useCode(offered, engine.now()).ok ? offered.account : undefined;
    },
    async confirm(code, person, by) {
      if (!by.owner && (by.unknown || by.id !== person)) return { ok: false, reason: "not-yours" };
      if (people.nameOf(person) === undefined) return { ok: false, reason: "unknown-person" };
      if (await guessed(by)) return { ok: false, reason: "too-many-guesses" };
      return await engine.do("link", async (ledger) => {
        const offered = await ledger.ask((loads) => loads.linkCode(digestOf(code)));
        const used = offered && useCode(offered, ledger.now);
        if (!used?.ok) {
          ledger.record({ kind: "person", ref: by.id, event: WRONG_CODE }, { by: by.id });
          return { ok: false, reason: "unknown-code" };
        }
        const { account } = used.next;
        ledger.put("linkCodes", used.next);
        ledger.put("linkedAccounts", { chat: account.chat, id: account.id, person, since: ledger.now });
        tell(ledger, person, "linked", account, by.id);
        return { ok: true, account };
      });
    },
    async unlink(account, by) {
      const linked = await queries.linkedAccount(account.chat, account.id);
      const declared = people.ownerIn(account);
      if (declared !== undefined)
        return declared === by.id || by.owner
          ? { ok: false, reason: "in-people-yaml", detail: declared }
          : { ok: false, reason: "not-yours" };
      if (!linked || linked.person === null) return { ok: false, reason: by.owner ? "not-linked" : "not-yours" };
      const was = linked.person;
      if (!by.owner && (by.unknown || by.id !== was)) return { ok: false, reason: "not-yours" };
      await engine.do("unlink", async (ledger) => {
        ledger.put("linkedAccounts", { ...linked, person: null });
        tell(ledger, was, "unlinked", account, by.id);
      });
      return { ok: true, was };
    },
    accountsOf: (person) => people.accountsOf(person),
    nameOf: (person) => people.nameOf(person),
  };

  async function guessed(by: Actor): Promise<boolean> {
    const since = guessesSince(engine.now());
    const recent = await queries.history({ kind: "person", ref: by.id, since, limit: 100 });
    return guessesTooMuch(recent.filter((entry) => entry.event === WRONG_CODE).length);
  }
}

const WRONG_CODE = "typed a wrong code";

/** Whoever is not in people.yaml any more has no accounts, also if somebody of that name comes later. */
export async function unlinkGone(ledger: Ledger, people: Readonly<Record<string, unknown>>): Promise<void> {
  const linked = await ledger.ask((loads) => loads.linkedAccounts());
  for (const account of linked) {
    const { person } = account;
    if (person === null || Object.hasOwn(people, person)) continue;
    ledger.put("linkedAccounts", { ...account, person: null });
    tell(ledger, person, "unlinked", account, CALOPS.by, "not in people.yaml any more");
  }
}

function tell(
  ledger: Ledger,
  person: string,
  event: string,
  account: Pick<Account, "chat" | "id">,
  by: string,
  why?: string,
): void {
  ledger.record(
    { kind: "person", ref: person, event, detail: { account: nameOf(account) } },
    { by, ...(why !== undefined && { why }) },
  );
}

function nameOf({ chat, id }: Pick<Account, "chat" | "id">): string {
  return `${chat}:${id}`;
}
