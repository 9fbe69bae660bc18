/** Posts and edits, by the bot's own account, so that a message is there once. */
import type { Post } from "@mattermost/types/posts";
import type { Block, Picture } from "../../../core/say.ts";
import type { Delivery } from "../../../ports/chat.ts";
import type { Channels } from "./channels.ts";
import type { Connection, Known } from "./connection.ts";
import { type Body, KEY, type PostParts, postOf } from "./post.ts";
import { nameFor } from "./proof.ts";
import { picturesOf } from "./render.ts";
import { Refusal, type Server } from "./server.ts";

export type Posting = {
  readonly server: Server;
  readonly connection: Connection;
  readonly channels: Channels;
  /** @param root of the thread in which presses are answered */
  readonly partsFor: (known: Known, key: string, root: string | "self") => PostParts;
};

/** So many of the newest posts are looked through for one that may be there. */
const LOOKED_THROUGH = 100;

export async function deliver(posting: Posting, delivery: Delivery): Promise<{ readonly remoteRef: string }> {
  const { connection, channels, partsFor } = posting;
  const known = await connection.ask();
  const { key, blocks, thread, remoteRef } = delivery;
  const body = postOf(blocks, key, partsFor(known, key, thread ?? "self"));
  if (remoteRef !== null && (await edit(posting.server, remoteRef, body))) return { remoteRef };
  const channel = await channels.idOf(delivery.channel, known);
  if (delivery.unsure) {
    const there = await find(posting.server, { channel, thread, key, self: known.self.id });
    if (there !== undefined && (await edit(posting.server, there, body))) return { remoteRef: there };
  }
  try {
    return { remoteRef: await post(posting, { channel, thread, body, key, blocks, before: remoteRef }) };
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) channels.forget(delivery.channel);
    throw error;
  }
}

type New = {
  readonly channel: string;
  readonly thread: string | null;
  readonly body: Body;
  readonly key: string;
  readonly blocks: readonly Block[];
  /** The post that is gone in whose place this one comes. */
  readonly before: string | null;
};

export async function post(posting: Posting, of: New): Promise<string> {
  const { server, connection } = posting;
  const known = await connection.ask();
  const files = await upload(server, of.channel, picturesOf(of.blocks));
  const draft = {
    channel_id: of.channel,
    message: of.body.message,
    props: of.body.props,
    root_id: of.thread ?? "",
    file_ids: files,
    // By this the server itself makes one post of two that come close together.
    pending_post_id: `${known.self.id}:${nameFor(of.key, of.before ?? "", of.body.message)}`,
  };
  try {
    return await create(server, draft);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // What it hung from is gone, or is somewhere else: it is told all the same.
    if (error.id === "api.post.create_post.root_id.app_error" && draft.root_id !== "")
      return await create(server, { ...draft, root_id: "" });
    if (error.status !== 403 || !(await join(server, known.self.id, of.channel))) throw error;
    return await create(server, draft);
  }
}

async function create(server: Server, draft: Parameters<Server["createPost"]>[0]): Promise<string> {
  return (await server.createPost(draft)).id;
}

/** @returns whether the post was there, and could still be edited */
async function edit(server: Server, id: string, { message, props }: Body): Promise<boolean> {
  try {
    await server.patchPost({ id, message, props: { ...props } });
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 404 || error.id === "api.post.update_post.permissions_time_limit.app_error") return false;
    // The server does not tell a post that is gone from one that may not be edited.
    if (error.status === 403 && (await isGone(server, id))) return false;
    throw error;
  }
}

async function isGone(server: Server, id: string): Promise<boolean> {
  try {
    return (await server.getPost(id)).delete_at > 0;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return true;
    throw error;
  }
}

async function find(
  server: Server,
  of: { readonly channel: string; readonly thread: string | null; readonly key: string; readonly self: string },
): Promise<string | undefined> {
  const { posts } =
    of.thread === null
      ? await server.getPosts(of.channel, 0, LOOKED_THROUGH, false)
      : await server.getPostThread(of.thread, false).catch((error) => {
          if (error instanceof Refusal && error.status === 404) return { posts: {} as Record<string, Post> };
          throw error;
        });
  return Object.values(posts).find(
    (one) => one.user_id === of.self && one.props?.[KEY] === of.key && one.delete_at === 0,
  )?.id;
}

/** A public channel is open to the bot, which has to go in by itself. */
async function join(server: Server, self: string, channel: string): Promise<boolean> {
  try {
    await server.addToChannel(self, channel);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Pictures go with the post when it is made; an edit leaves them as they are. */
async function upload(server: Server, channel: string, pictures: readonly Picture[]): Promise<string[]> {
  const ids: string[] = [];
  // The server takes ten with a post.
  for (const [index, { png }] of pictures.slice(0, 10).entries()) {
    const form = new FormData();
    form.append("channel_id", channel);
    form.append("files", new Blob([Buffer.from(png, "base64")], { type: "image/png" }), `picture-${index + 1}.png`);
    const { file_infos } = await server.uploadFile(form);
    ids.push(...file_infos.map(({ id }) => id));
  }
  return ids;
}
