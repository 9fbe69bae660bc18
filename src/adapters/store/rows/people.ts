import type { LinkCode, LinkedAccount } from "../../../core/person/link.ts";

export type LinkCodeRow = {
  chat: string;
  account: string;
  name: string;
  digest: string;
  until: number;
  used_at: number | null;
};

export type LinkedAccountRow = { chat: string; account: string; person: string | null; since: number };

export function linkCodeRow({ account, digest, until, usedAt }: LinkCode): LinkCodeRow {
  return { chat: account.chat, account: account.id, name: account.name, digest, until, used_at: usedAt };
}

export function linkCodeOf({ chat, account, name, digest, until, used_at }: LinkCodeRow): LinkCode {
  return { account: { chat, id: account, name }, digest, until, usedAt: used_at };
}

export function linkedAccountRow({ chat, id, person, since }: LinkedAccount): LinkedAccountRow {
  return { chat, account: id, person, since };
}

export function linkedAccountOf({ chat, account, person, since }: LinkedAccountRow): LinkedAccount {
  return { chat, id: account, person, since };
}
