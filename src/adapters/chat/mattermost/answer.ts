/**
 * Answers that one person sees alone. A slash command has an address for them; beside that a server lets bots speak to one
 * person in a channel only where an administrator allowed it, so there is a row of ways, and the last is a direct message.
 */
import type { Place } from "../../../core/chat/request.ts";
import { type Block, say } from "../../../core/say.ts";
import type { Reply } from "../../../ports/chat.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Known } from "./connection.ts";
import { type Posting, post } from "./deliver.ts";
import { postOf, responseOf } from "./post.ts";
import { readRemote, stillOpen } from "./remote.ts";
import { buttonsOf, picturesOf } from "./render.ts";
import { Refusal } from "./server.ts";
import type { Waiting } from "./waiting.ts";

export type AnswerParts = Posting & { readonly clock: Clock; readonly waiting: Waiting };

export async function answer(parts: AnswerParts, reply: Reply): Promise<void> {
  const known = await parts.connection.ask();
  const { place, blocks, key } = reply;
  // Nobody else reads there, and a message by the bot stays when the page is loaded anew.
  if (place.direct && place.channel !== null) return await directly(parts, reply, known, place);
  if (picturesOf(blocks).length === 0) {
    if (await byHook(parts, reply, known)) return;
    if (await ephemerally(parts, reply, known)) return;
    const { message } = postOf(blocks, key, { ...parts.partsFor(known, key, "self"), press: null });
    if (buttonsOf(blocks).length === 0 && parts.waiting.answer(key, message)) return;
  }
  await directly(parts, reply, known, null);
  await pointThere(parts, reply, known);
}

async function byHook(parts: AnswerParts, { key, place, blocks }: Reply, known: Known): Promise<boolean> {
  const { hook } = readRemote(place.remote);
  if (!stillOpen(hook, parts.clock.now())) return false;
  const body = responseOf(blocks, parts.partsFor(known, key, place.thread ?? ""));
  return await tried(() =>
    parts.server.respond(hook.id, { response_type: "ephemeral", skip_slack_parsing: true, ...body }),
  );
}

async function ephemerally(parts: AnswerParts, { key, account, place, blocks }: Reply, known: Known): Promise<boolean> {
  if (place.channel === null) return false;
  const { channel, thread } = place;
  const { text, attachments } = responseOf(blocks, parts.partsFor(known, key, thread ?? ""));
  const props = attachments === undefined ? {} : { attachments };
  return await tried(() =>
    parts.server.createPostEphemeral(account.id, {
      channel_id: channel,
      root_id: thread ?? "",
      message: text,
      props,
    } as unknown as Parameters<typeof parts.server.createPostEphemeral>[1]),
  );
}

/** @param place in which the two talk already; null for their conversation as a whole */
async function directly(
  parts: AnswerParts,
  { key, account, blocks }: Reply,
  known: Known,
  place: Place | null,
): Promise<void> {
  const channel = place?.channel ?? (await parts.channels.idOf(`@${account.id}`, known));
  const thread = place?.thread ?? null;
  const body = postOf(blocks, key, parts.partsFor(known, key, thread ?? "self"));
  await post(parts, { channel, thread, body, key: `answer ${key}`, blocks, before: null });
}

/** Where somebody asked, they are told where the answer is, if anything can be told there. */
async function pointThere(parts: AnswerParts, reply: Reply, known: Known): Promise<void> {
  const blocks: Block[] = [say`The answer is in your direct messages.`];
  const pointing = { ...reply, blocks };
  if (await byHook(parts, pointing, known).catch(() => false)) return;
  if (await ephemerally(parts, pointing, known).catch(() => false)) return;
  parts.waiting.answer(reply.key, `The answer is in your direct messages with @${known.self.username}.`);
}

/** @returns false where this way is closed, and another is to be tried */
async function tried(way: () => Promise<unknown>): Promise<boolean> {
  try {
    await way();
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.status !== 429 && error.status < 500) return false;
    throw error;
  }
}

/** The answer for all to see, where the bot cannot speak: the one who asked sees it, and why the others do not. */
export async function answerInstead(
  parts: AnswerParts,
  place: Place,
  key: string,
  blocks: readonly Block[],
): Promise<boolean> {
  const known = await parts.connection.ask();
  const note = say`Only you see this, since @${known.self.username} is not in this channel. To let all see such answers: /invite @${known.self.username}`;
  const reply: Reply = { key, account: { chat: "mattermost", id: "", name: "" }, place, blocks: [note, ...blocks] };
  return await byHook(parts, reply, known);
}
