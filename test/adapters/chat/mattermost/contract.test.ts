import { expect, vi } from "vitest";
import { chatContract } from "../../../contracts/chat.ts";
import { aBot } from "./a-mattermost.ts";

for (const blocks of [false, true])
  chatContract(blocks ? "Mattermost with Blocks" : "Mattermost", async () => {
    const ground = await aBot({
      server({ world }) {
        if (blocks) Object.assign(world.settings, { version: "11.10.0", mmBlocks: true });
      },
    });
    await ground.connected();
    const { server, chat, clock, taken } = ground;
    /** People speak on one connection, and are heard on another. */
    const heard = async (say: () => unknown) => {
      const before = taken.length;
      say();
      await vi.waitFor(() => expect(taken.length).toBeGreaterThan(before), { interval: 2 });
    };
    const own = (channel: string) => (channel.startsWith("@") ? "@calops" : channel);
    return {
      chat,
      taken,
      command: "/cal",
      types: (line, where) => server.types(line, whereOf(where)),
      mentions: (line, where) =>
        heard(() =>
          where.channel.startsWith("@")
            ? server.types(line, { channel: "@calops", user: where.user })
            : server.mentions(line, whereOf(where)),
        ),
      presses: (message, label, user) => server.presses(message, label, user),
      fills: (user, values) => server.fills(user, values),
      shown: (channel, user) => server.shown(own(channel), user),
      deletes: (message) => server.deletes(message),
      pass: (ms) => clock.pass(ms),
      trouble: (what) => server.trouble(what === "away" ? "breaks off" : what),
      limited() {
        server.trouble({ status: 429, headers: { "x-ratelimit-reset": "3" }, body: "limit exceeded" });
        return 3_000;
      },
      refuse(say) {
        ground.refusing = say;
      },
      async close() {
        await ground.close();
        expect(server.complaints).toEqual([]);
      },
    };
  });

function whereOf({ channel, user, thread }: { channel: string; user: string; thread?: string | null }) {
  return { channel, user, ...(thread ? { thread } : {}) };
}
