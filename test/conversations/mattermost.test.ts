import { vi } from "vitest";
import { mattermostOptions } from "../../src/adapters/chat/mattermost/config.ts";
import { openMattermost } from "../../src/adapters/chat/mattermost/mattermost.ts";
import { aWebServer, PATIENCE, untilConnected } from "../adapters/chat/mattermost/a-mattermost.ts";
import { aMattermost } from "../fakes/fake-mattermost.ts";
import { handClock } from "../fakes/hand-clock.ts";
import { conversations, type Who } from "./conversations.ts";

conversations("Mattermost", async () => {
  const clock = handClock();
  const server = await aMattermost(clock, ["ann", "ben", "eve"]);
  const web = await aWebServer();
  const where = (who: Who) => ({ channel: "#timing", user: who });
  const options = mattermostOptions.parse({ url: server.origin, token: { secret: "TOKEN" }, team: "na62" });
  let asked = 0;
  return {
    name: "mattermost",
    hasChannel: true,
    clock,
    accounts: {
      ann: { mattermost: server.world.user("ann").id },
      ben: { mattermost: server.world.user("ben").id },
    },
    openChat(parts) {
      const desk = {
        ...parts.desk,
        take: (incoming: Parameters<typeof parts.desk.take>[0]) => {
          asked += 1;
          return parts.desk.take(incoming);
        },
        seal: (button: Parameters<typeof parts.desk.seal>[0]) => parts.desk.seal(button),
      };
      const chat = openMattermost(
        options,
        { ...parts, desk, secret: () => server.botToken, url: () => web.origin },
        () => [],
        PATIENCE,
      );
      web.listener = chat.listen;
      return chat;
    },
    begin: () => untilConnected(server),
    async types(who, line) {
      await server.types(`/cal ${line}`, where(who));
    },
    async mentions(who, line) {
      const before = asked;
      server.mentions(line, where(who));
      await vi.waitFor(() => {
        if (asked === before) throw new Error("not heard yet");
      });
    },
    async presses(who, label) {
      const shown = [...server.shown("#timing", who), ...server.shown("@calops", who)];
      const found = shown.findLast(({ buttons }) => buttons.includes(label));
      await server.presses(found?.id ?? `nothing with ${label}`, label, who);
    },
    async fills(who, values) {
      await server.fills(who, values);
    },
    seen: (who) =>
      [...server.shown("#timing", who), ...server.shown("@calops", who)].map(
        ({ id, text, ephemeral, buttons, by }) => ({
          id,
          text,
          alone: ephemeral || by === who,
          buttons,
        }),
      ),
    async end() {
      await web.close();
      await server.close();
      if (server.complaints.length > 0) throw new Error(server.complaints.join("\n"));
    },
  };
});
