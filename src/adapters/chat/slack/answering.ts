/** Answers for the asker alone, by whichever way is open where they asked. */
import type { Form } from "../../../core/chat/form.ts";
import type { Place } from "../../../core/chat/request.ts";
import type { Reply } from "../../../ports/chat.ts";
import { chatErrorOf, reaching, refusalOf } from "./failure.ts";
import { modalOf } from "./form.ts";
import { showPictures } from "./pictures.ts";
import { messageOf, remoteOf } from "./place.ts";
import { type PostingParts, postMessage, rendered, withBlocksOrWithout } from "./posting.ts";
import type { Rendered } from "./render.ts";

/** The form was asked for too long ago, or was opened. */
const TOO_LATE = new Set(["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"]);
/** There they cannot be told, so they are told in direct messages. */
const NOT_THERE = new Set([
  "not_in_channel",
  "channel_not_found",
  "user_not_in_channel",
  "is_archived",
  "restricted_action",
]);

export async function answer(parts: PostingParts, reply: Reply): Promise<void> {
  const { place, key, account } = reply;
  const { home } = remoteOf(place);
  await reaching("answer", async () => {
    if (home !== undefined) return await showHome(parts, home, reply);
    const content = rendered(parts, key, reply.blocks);
    if (place.direct && place.channel !== null) {
      const where = { channel: place.channel, thread: threadOf(place) };
      await postMessage(parts, key, where, content);
      return await showPictures(parts, where, content.pictures);
    }
    if (!(await tellThere(parts, reply, content))) {
      const where = { channel: await parts.channels.direct(account.id), thread: undefined };
      await postMessage(parts, key, where, content);
    }
    if (content.pictures.length > 0)
      // A file is never for one reader of a channel alone.
      await showPictures(
        parts,
        { channel: await parts.channels.direct(account.id), thread: undefined },
        content.pictures,
      );
  });
}

/** False where nothing is open to the asker there. Within a thread only the one way reaches it. */
async function tellThere(parts: PostingParts, reply: Reply, content: Rendered): Promise<boolean> {
  const { responseUrl, at } = remoteOf(reply.place);
  const byAddress = async () =>
    responseUrl !== undefined && (await parts.responseUrls.use(responseUrl, at, { ...content, to: "asker" }));
  const bySight = () => postEphemeral(parts, reply, content);
  const ways = reply.place.thread === null ? [byAddress, bySight] : [bySight, byAddress];
  for (const way of ways) if (await way()) return true;
  return false;
}

async function postEphemeral(parts: PostingParts, { key, place, account }: Reply, content: Rendered): Promise<boolean> {
  const { channel } = place;
  if (channel === null) return false;
  const thread = threadOf(place);
  try {
    await withBlocksOrWithout(parts, key, content, (some) =>
      parts.client.chat.postEphemeral({
        channel,
        user: account.id,
        ...some,
        ...(thread !== undefined && { thread_ts: thread }),
      }),
    );
    return true;
  } catch (error) {
    if (NOT_THERE.has(refusalOf(error) ?? "")) return false;
    throw error;
  }
}

async function showHome(parts: PostingParts, user: string, { key, blocks }: Reply): Promise<void> {
  const content = rendered(parts, key, blocks, "home");
  await withBlocksOrWithout(parts, key, content, (some) =>
    parts.client.views.publish({
      user_id: user,
      view: {
        type: "home",
        blocks: some.blocks ?? [{ type: "section", text: { type: "plain_text", text: some.text } }],
      },
    }),
  );
}

export async function openForm(parts: PostingParts, place: Place, form: Form, seal: string): Promise<boolean> {
  const { trigger } = remoteOf(place);
  const view = modalOf(form, { seal, place });
  if (trigger === undefined || view === undefined) return false;
  try {
    await parts.client.views.open({ trigger_id: trigger, view });
    return true;
  } catch (error) {
    if (TOO_LATE.has(refusalOf(error) ?? "")) return false;
    throw chatErrorOf(error, "open a form");
  }
}

function threadOf({ thread }: Place): string | undefined {
  return thread === null ? undefined : messageOf(thread).ts;
}
