/** Commands over HTTP: for the command line of this machine, and for whoever has the token. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CommandDesk } from "../../ports/command-desk.ts";
import type { Access } from "./access.ts";

export type CommandRouteParts = {
  readonly desk: CommandDesk;
  readonly access: Access;
  readonly backup: (file: string) => Promise<void>;
};

const commandBody = z.strictObject({
  words: z.array(z.string().max(10_000)).max(10_000),
  by: z
    .string()
    .max(100)
    .regex(/^[\w.@-]+$/),
});
const backupBody = z.strictObject({ file: z.string().min(1) });

export function commandRoutes(server: FastifyInstance, { desk, access, backup }: CommandRouteParts): void {
  server.register(async (api) => {
    api.addHook("onRequest", async (request, reply) => {
      const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
      if (!access.isToken(given))
        await reply.code(401).send({
          error:
            "The token is missing or wrong. It stands in access.json of the data directory; CALOPS_TOKEN gives it to the command line.",
        });
    });
    api.post("/api/commands", async (request, reply) => {
      const body = commandBody.safeParse(request.body);
      if (!body.success) return await reply.code(400).send({ error: "The body is { words: [...], by: NAME }." });
      return await desk.answer(body.data.words, { id: body.data.by, roles: [], owner: true, via: "command-line" });
    });
    api.post("/api/backup", async (request, reply) => {
      const body = backupBody.safeParse(request.body);
      if (!body.success) return await reply.code(400).send({ error: "The body is { file: PATH }." });
      await backup(body.data.file);
      return { file: body.data.file };
    });
  });
}
