/** What Slack calls a channel, from what people call it. */
import type { webApi } from "@slack/bolt";
import { ChatError } from "../../../ports/chat.ts";
import type { Clock } from "../../../ports/clock.ts";

const EACH = 1_000;
/** A name that Slack did not know is not asked for again before. */
const LOOK_AGAIN_MS = 60_000;

export type Channels = {
  /** @param channel `#name`, `@ACCOUNT` or `=ID` */
  idOf(channel: string): Promise<string>;
  /** `=ID` where that is known, and what it was called where it is not. */
  nameOf(channel: string): string;
  direct(account: string): Promise<string>;
  /** Something has changed there. */
  forget(channel: string): void;
};

export function openChannels(client: webApi.WebClient, clock: Clock): Channels {
  const byName = new Map<string, string>();
  const directs = new Map<string, string>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    let cursor: string | undefined;
    do {
      const page = await client.conversations.list({
        types: "public_channel,private_channel",
        exclude_archived: true,
        limit: EACH,
        ...(cursor && { cursor }),
      });
      for (const { id, name } of page.channels ?? []) if (id && name) byName.set(name, id);
      cursor = page.response_metadata?.next_cursor;
    } while (cursor);
    lookedAt = clock.elapsed();
  };

  const direct = async (account: string): Promise<string> => {
    const known = directs.get(account);
    if (known !== undefined) return known;
    const id = (await client.conversations.open({ users: account })).channel?.id;
    if (!id) throw new ChatError(`Slack opened no direct messages with ${account}`);
    directs.set(account, id);
    return id;
  };

  return {
    direct,
    nameOf(channel) {
      const known = channel.startsWith("@") ? directs.get(channel.slice(1)) : byName.get(channel.replace(/^#/, ""));
      return known === undefined ? channel : `=${known}`;
    },
    async idOf(channel) {
      if (channel.startsWith("=")) return channel.slice(1);
      if (channel.startsWith("@")) return await direct(channel.slice(1));
      const name = channel.replace(/^#/, "");
      if (!byName.has(name) && clock.elapsed() - lookedAt >= LOOK_AGAIN_MS) {
        looking ??= look().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      const id = byName.get(name);
      if (id === undefined)
        throw new ChatError(
          `there is no channel #${name} in Slack that calops can see; make it, or write /invite and the name of calops there if it is private`,
        );
      return id;
    },
    forget(channel) {
      byName.delete(channel.replace(/^#/, ""));
      directs.delete(channel.slice(1));
    },
  };
}
