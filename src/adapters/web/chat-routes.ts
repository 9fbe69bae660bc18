/** What chat servers send: handed to the chat as it comes, since what it is signed by are its bytes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";

export type ChatListener = (request: IncomingMessage, response: ServerResponse) => void;

export type ChatRouteParts = {
  /** Undefined for a chat that is not used, or that is not sent anything. */
  readonly chatListener: (chat: string) => ChatListener | undefined;
};

export function chatRoutes(server: FastifyInstance, { chatListener }: ChatRouteParts): void {
  server.register(async (chats) => {
    chats.removeAllContentTypeParsers();
    chats.addContentTypeParser("*", (_request, _payload, done) => done(null));
    chats.all("/chat/:chat/*", async (request, reply) => {
      const { chat } = request.params as { chat: string };
      const listener = chatListener(chat);
      if (!listener) return await reply.callNotFound();
      reply.hijack();
      listener(request.raw, reply.raw);
    });
  });
}
