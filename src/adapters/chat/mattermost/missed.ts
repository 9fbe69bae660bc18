/** What people said to the bot while no event of it arrived: read again from the channels that it is in. */
import type { Channel } from "@mattermost/types/channels";
import type { Instant } from "../../../core/time.ts";
import type { Incoming } from "../../../ports/chat.ts";
import type { Known } from "./connection.ts";
import { incomingOfPost, parsePost } from "./parse.ts";
import type { Server } from "./server.ts";

/** @param since by the server's clock; what was said at this very moment is read again */
export async function missedSince(server: Server, { self }: Known, since: Instant): Promise<Incoming[]> {
  const channels = (await server.getAllTeamsChannels()) as Channel[];
  const found: Incoming[] = [];
  for (const channel of channels.filter(({ last_post_at }) => last_post_at >= since)) {
    const { posts } = await server.getPostsSince(channel.id, since - 1);
    const direct = channel.type === "D";
    for (const given of Object.values(posts)) {
      const post = parsePost(given);
      if (!post || post.create_at < since) continue;
      const asked = incomingOfPost(post, self, { direct, channelName: channel.name, sender: "" });
      if (asked) found.push(await named(server, asked));
    }
  }
  return found;
}

/** A post says who wrote it by a number alone. */
async function named(server: Server, incoming: Incoming): Promise<Incoming> {
  const { username } = await server.getUser(incoming.account.id);
  return { ...incoming, account: { ...incoming.account, name: username } };
}
