/** Messages in channels: posted once, edited, and posted anew where they are gone. */
import type { types, webApi } from "@slack/bolt";
import type { Block } from "../../../core/say.ts";
import { ChatError, type ChatParts, type Delivery } from "../../../ports/chat.ts";
import type { Channels } from "./channels.ts";
import { chatErrorOf, reaching, refusalOf } from "./failure.ts";
import { showPictures } from "./pictures.ts";
import { messageOf, refOf, remoteOf } from "./place.ts";
import { type Rendered, renderBlocks } from "./render.ts";
import type { ResponseUrls } from "./response-url.ts";

export type PostingParts = Pick<ChatParts, "desk" | "wholeUrl" | "log"> & {
  readonly client: webApi.WebClient;
  readonly channels: Channels;
  readonly responseUrls: ResponseUrls;
};

const METADATA = "calops_message";
/** As far back as a message is looked for that may be there already. */
const PAGES = 5;
const EACH = 200;
const GONE = new Set(["message_not_found", "cant_update_message", "edit_window_closed"]);
const THREAD_GONE = new Set(["thread_not_found", "cannot_reply_to_message", "invalid_thread_ts"]);
const CLOSED = new Set(["not_in_channel", "channel_not_found", "is_archived", "restricted_action"]);
/** Too much for Slack's blocks, but perhaps not for its words. */
const BLOCKS_REFUSED = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "invalid_attachments",
]);

type Content = { readonly text: string; readonly blocks?: types.KnownBlock[] };
type Where = { readonly channel: string; readonly thread: string | undefined };

export function rendered(
  { desk, wholeUrl }: Pick<ChatParts, "desk" | "wholeUrl">,
  key: string,
  blocks: readonly Block[],
  surface: "message" | "home" = "message",
): Rendered {
  return renderBlocks(blocks, { seal: (button) => desk.seal(button), wholeUrl: wholeUrl(key), surface });
}

export async function deliver(parts: PostingParts, delivery: Delivery): Promise<{ remoteRef: string | null }> {
  const content = rendered(parts, delivery.key, delivery.blocks);
  return await reaching("post a message", async () => {
    if (delivery.remoteRef !== null && (await edit(parts, delivery, delivery.remoteRef, content)))
      return { remoteRef: delivery.remoteRef };
    const where: Where = {
      channel: await parts.channels.idOf(delivery.channel),
      thread: delivery.thread === null ? undefined : messageOf(delivery.thread).ts,
    };
    const there = delivery.unsure ? await lookFor(parts, delivery.key, where) : undefined;
    if (there !== undefined && (await edit(parts, delivery, there, content))) return { remoteRef: there };
    return await post(parts, delivery, where, content);
  });
}

/** False where it is not there any more. */
async function edit(parts: PostingParts, { key }: Delivery, ref: string, content: Rendered): Promise<boolean> {
  try {
    await withBlocksOrWithout(parts, key, content, (some) =>
      parts.client.chat.update({ ...messageOf(ref), ...some, metadata: metadataOf(key) }),
    );
    return true;
  } catch (error) {
    if (GONE.has(refusalOf(error) ?? "")) return false;
    throw error;
  }
}

async function post(
  parts: PostingParts,
  delivery: Delivery,
  where: Where,
  content: Rendered,
): Promise<{ remoteRef: string | null }> {
  const { key, place } = delivery;
  try {
    const ts = await postMessage(parts, key, where, content);
    await showPictures(parts, where, content.pictures);
    return { remoteRef: refOf(where.channel, ts) };
  } catch (error) {
    const refusal = refusalOf(error) ?? "";
    if (THREAD_GONE.has(refusal) && where.thread !== undefined)
      return await post(parts, delivery, { ...where, thread: undefined }, content);
    if (!CLOSED.has(refusal)) throw error;
    parts.channels.forget(delivery.channel);
    const { responseUrl, at } = place === null ? { at: 0 } : remoteOf(place);
    if (responseUrl && (await parts.responseUrls.use(responseUrl, at, { ...content, to: "channel" })))
      return { remoteRef: null };
    throw error;
  }
}

/** Posts, and gives its moment. */
export async function postMessage(
  parts: Pick<PostingParts, "client" | "log">,
  key: string,
  { channel, thread }: Where,
  content: Rendered,
): Promise<string> {
  const posted = await withBlocksOrWithout(parts, key, content, (some) =>
    parts.client.chat.postMessage({
      channel,
      ...some,
      ...(thread !== undefined && { thread_ts: thread }),
      unfurl_links: false,
      unfurl_media: false,
      metadata: metadataOf(key),
    }),
  );
  if (posted.ts === undefined) throw new ChatError("Slack did not say what it calls the message");
  return posted.ts;
}

/** A message that Slack does not take with all that belongs to it is still worth its words. */
export async function withBlocksOrWithout<T>(
  { log }: Pick<PostingParts, "log">,
  key: string,
  { text, blocks }: Rendered,
  send: (content: Content) => Promise<T>,
): Promise<T> {
  try {
    return await send({ text, blocks });
  } catch (error) {
    if (!BLOCKS_REFUSED.has(refusalOf(error) ?? "")) throw error;
    log.error({ key, error: chatErrorOf(error, "show it").message }, "Slack takes a message only without its form");
    return await send({ text });
  }
}

/** The message of this key, where it got there though nobody heard of it. */
async function lookFor({ client }: PostingParts, key: string, { channel, thread }: Where): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const asked = { channel, include_all_metadata: true, limit: EACH, ...(cursor && { cursor }) };
    const { messages, response_metadata } =
      thread === undefined
        ? await client.conversations.history(asked)
        : await client.conversations.replies({ ...asked, ts: thread });
    for (const { ts, metadata } of messages ?? []) {
      const payload = metadata?.event_payload as { readonly key?: unknown } | undefined;
      if (ts !== undefined && metadata?.event_type === METADATA && payload?.key === key) return refOf(channel, ts);
    }
    cursor = response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

function metadataOf(key: string): types.MessageMetadata {
  return { event_type: METADATA, event_payload: { key } };
}
