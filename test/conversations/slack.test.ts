import { slackOptions } from "../../src/adapters/chat/slack/config.ts";
import { openSlack } from "../../src/adapters/chat/slack/slack.ts";
import { APP_TOKEN, BOT_TOKEN, FakeSlack } from "../fakes/fake-slack.ts";
import { handClock } from "../fakes/hand-clock.ts";
import { conversations, type Who } from "./conversations.ts";

conversations("Slack", async () => {
  const clock = handClock();
  const slack = await FakeSlack.open({ clock });
  slack.workspace.makeChannel("timing");
  const accountOf = (who: Who) => slack.workspace.user(who);
  const secrets: Readonly<Record<string, string>> = { BOT: BOT_TOKEN, APP: APP_TOKEN };
  const where = (who: Who) => ({ channel: "#timing", user: who });
  const options = slackOptions.parse({
    "bot-token": { secret: "BOT" },
    "app-token": { secret: "APP" },
    api: slack.api,
  });
  return {
    name: "slack",
    hasChannel: true,
    clock,
    accounts: { ann: { slack: accountOf("ann") }, ben: { slack: accountOf("ben") } },
    openChat: (parts) => openSlack(options, { ...parts, secret: (name) => secrets[name] ?? "" }),
    async begin() {
      await slack.connected();
    },
    async types(who, line) {
      await slack.types(`/cal ${line}`, where(who));
    },
    async mentions(who, line) {
      await slack.mentions(line, where(who));
    },
    async presses(who, label) {
      const shown = slack.shown("#timing", who).findLast(({ buttons }) => buttons.includes(label));
      await slack.presses(shown?.id ?? `nothing with ${label}`, label, who);
    },
    async fills(who, values) {
      await slack.fills(who, values);
    },
    seen: (who) =>
      [...slack.shown("#timing", who), ...slack.shown(`@${who}`, who)].map(({ id, text, ephemeral, buttons }) => ({
        id,
        text,
        alone: ephemeral,
        buttons,
      })),
    async end() {
      await slack.close();
      if (slack.complaints.length > 0) throw new Error(slack.complaints.join("\n"));
    },
  };
});
