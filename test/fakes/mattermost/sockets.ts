/** The server's event stream: a greeting, numbered events, and a connection that can be taken up again where it was lost. */
import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Post, World } from "./world.ts";

/** A connection as the server remembers it, also while nobody is connected. */
type Stream = { readonly id: string; readonly user: string; events: string[]; socket: WebSocket | undefined };

export type Sockets = {
  /** How many are connected now. */
  readonly connected: () => number;
  /** How many connections were made so far. */
  readonly greetings: () => number;
  /** All connections are cut; what happens meanwhile is kept for whoever comes back. */
  drop(): void;
  /** The same, and the server is a new one that remembers nothing. */
  restart(): void;
  /** An event to one person. */
  tell(user: string, event: string, data: unknown): void;
  close(): void;
};

export function openSockets(http: Server, world: World): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const streams = new Map<string, Stream>();
  const sockets = new Set<WebSocket>();
  let greetings = 0;

  http.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://here");
    if (url.pathname !== "/api/v4/websocket") return void socket.destroy();
    server.handleUpgrade(request, socket, head, (client) => serve(client, url.searchParams));
  });

  const serve = (socket: WebSocket, query: URLSearchParams) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      for (const stream of streams.values()) if (stream.socket === socket) stream.socket = undefined;
    });
    socket.on("error", () => {});
    let user: string | undefined;
    socket.on("message", (bytes) => {
      const { action, seq, data } = JSON.parse(String(bytes)) as {
        action: string;
        seq: number;
        data?: { token?: string };
      };
      if (action === "ping")
        return socket.send(
          JSON.stringify({ status: "OK", data: { text: "pong", version: world.settings.version }, seq_reply: seq }),
        );
      if (action !== "authentication_challenge") return void world.complaints.push(`WebSocket: ${action}`);
      user = world.users.find(({ token }) => token === data?.token)?.id;
      if (user === undefined) {
        socket.send(
          JSON.stringify({ status: "FAIL", error: { id: "api.web_socket_router.bad_seq.app_error" }, seq_reply: seq }),
        );
        return socket.close();
      }
      socket.send(JSON.stringify({ status: "OK", seq_reply: seq }));
      greetings += 1;
      takeUp(socket, user, query);
    });
  };

  const takeUp = (socket: WebSocket, user: string, query: URLSearchParams) => {
    const before = streams.get(query.get("connection_id") ?? "");
    const from = Number(query.get("sequence_number"));
    if (before && before.user === user && from > 0 && from <= before.events.length) {
      before.socket = socket;
      for (const event of before.events.slice(from)) socket.send(event);
      return;
    }
    const stream: Stream = { id: world.id(), user, events: [], socket };
    streams.set(stream.id, stream);
    push(stream, "hello", {
      connection_id: stream.id,
      server_version: `${world.settings.version}.1.hash.false`,
      server_hostname: "mattermost",
    });
  };

  const push = (stream: Stream, event: string, data: unknown, channel = "") => {
    const broadcast = {
      omit_users: null,
      user_id: "",
      channel_id: channel,
      team_id: "",
      connection_id: "",
      omit_connection_id: "",
    };
    const text = JSON.stringify({ event, data, broadcast, seq: stream.events.length });
    stream.events.push(text);
    if (stream.socket?.readyState === 1) stream.socket.send(text);
  };

  world.onPost = (post) => {
    const channel = world.channels.find(({ id }) => id === post.channel_id);
    const sender = world.users.find(({ id }) => id === post.user_id);
    for (const stream of streams.values()) {
      if (!channel?.members.has(stream.user)) continue;
      const named = world.users.find(({ id }) => id === stream.user)?.username ?? "";
      const mentioned = channel.type === "D" || new RegExp(`@${named}\\b`, "i").test(post.message);
      push(
        stream,
        "posted",
        {
          channel_display_name: channel.name,
          channel_name: channel.name,
          channel_type: channel.type,
          ...(mentioned && stream.user !== post.user_id && { mentions: JSON.stringify([stream.user]) }),
          post: JSON.stringify(clientPost(post)),
          sender_name: `@${sender?.username}`,
          set_online: true,
          team_id: channel.team_id,
        },
        channel.id,
      );
    }
  };

  const drop = () => {
    for (const socket of sockets) socket.terminate();
    for (const stream of streams.values()) stream.socket = undefined;
  };
  return {
    connected: () => [...streams.values()].filter(({ socket }) => socket?.readyState === 1).length,
    greetings: () => greetings,
    drop,
    restart() {
      drop();
      streams.clear();
    },
    tell(user, event, data) {
      for (const stream of streams.values()) if (stream.user === user) push(stream, event, data);
    },
    close() {
      drop();
      server.close();
    },
  };
}

/** A post as clients get it: where its buttons lead is the server's secret. */
export function clientPost({ only: _, ...post }: Post): Record<string, unknown> {
  const props: Record<string, unknown> = structuredClone(post.props);
  for (const attachment of (props["attachments"] ?? []) as { actions?: { integration?: unknown }[] }[])
    for (const action of attachment.actions ?? []) delete action.integration;
  if (props["mm_blocks_actions"] !== undefined) props["mm_blocks_actions"] = "encrypted";
  return { ...post, original_id: "", is_pinned: false, hashtags: "", reply_count: 0, metadata: {}, props };
}
