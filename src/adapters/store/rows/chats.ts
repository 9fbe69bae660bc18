import type { Confirmation } from "../../../core/chat/confirmation.ts";
import type { ChatRequest } from "../../../core/chat/request.ts";
import type { Message } from "../../../core/message.ts";
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from "./json.ts";

export type MessageRow = {
  key: string;
  chat: string;
  channel: string;
  blocks: string;
  edition: number;
  sent_edition: number;
  remote_ref: string | null;
  thread: string | null;
  place: string | null;
  over: number;
  created_at: number;
  changed_at: number;
  due_at: number;
  sending: number;
};

export type RequestRow = {
  key: string;
  account: string;
  place: string;
  asking: string;
  state: string;
  at: number;
  answer: string | null;
  failures: number;
};

export type ConfirmationRow = {
  id: string;
  words: string;
  asked_by: string;
  basis: string;
  at: number;
  until: number;
  used_by: string | null;
  outcome: string | null;
};

export function messageRow(message: Message): MessageRow {
  return {
    key: message.key,
    chat: message.chat,
    channel: message.channel,
    blocks: toJson(message.blocks),
    edition: message.edition,
    sent_edition: message.sentEdition,
    remote_ref: message.remoteRef,
    thread: toJsonOrNull(message.thread),
    place: toJsonOrNull(message.place),
    over: message.over ? 1 : 0,
    created_at: message.createdAt,
    changed_at: message.changedAt,
    due_at: message.dueAt,
    sending: message.sending ? 1 : 0,
  };
}

export function messageOf(row: MessageRow): Message {
  return {
    key: row.key,
    chat: row.chat,
    channel: row.channel,
    blocks: fromJson(row.blocks),
    edition: row.edition,
    sentEdition: row.sent_edition,
    remoteRef: row.remote_ref,
    thread: fromJsonOrNull(row.thread),
    place: fromJsonOrNull(row.place),
    over: row.over === 1,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    dueAt: row.due_at,
    sending: row.sending === 1,
  };
}

export function requestRow(request: ChatRequest): RequestRow {
  return {
    key: request.key,
    account: toJson(request.account),
    place: toJson(request.place),
    asking: toJson(request.asking),
    state: request.state,
    at: request.at,
    answer: toJsonOrNull(request.answer),
    failures: request.failures,
  };
}

export function requestOf(row: RequestRow): ChatRequest {
  return {
    key: row.key,
    account: fromJson(row.account),
    place: fromJson(row.place),
    asking: fromJson(row.asking),
    state: row.state as ChatRequest["state"],
    at: row.at,
    answer: fromJsonOrNull(row.answer),
    failures: row.failures,
  };
}

export function confirmationRow(confirmation: Confirmation): ConfirmationRow {
  return {
    id: confirmation.id,
    words: toJson(confirmation.words),
    asked_by: confirmation.by,
    basis: confirmation.basis,
    at: confirmation.at,
    until: confirmation.until,
    used_by: confirmation.usedBy,
    outcome: confirmation.outcome,
  };
}

export function confirmationOf(row: ConfirmationRow): Confirmation {
  return {
    id: row.id,
    words: fromJson(row.words),
    by: row.asked_by,
    basis: row.basis,
    at: row.at,
    until: row.until,
    usedBy: row.used_by,
    outcome: row.outcome as Confirmation["outcome"],
  };
}
