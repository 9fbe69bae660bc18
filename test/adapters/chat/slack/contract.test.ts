import { expect } from "vitest";
import { chatContract } from "../../../contracts/chat.ts";
import { aSlack } from "./a-slack.ts";

chatContract("Slack", async () => {
  const ground = await aSlack();
  const { slack, chat, clock, taken } = ground;
  return {
    chat,
    taken,
    command: "/cal",
    types: (line, where) => slack.types(line, where),
    mentions: (line, where) =>
      where.channel.startsWith("@") ? slack.persons.writes(line, where) : slack.mentions(line, where),
    presses: (message, label, user) => slack.presses(message, label, user),
    fills: (user, values) => slack.fills(user, values),
    shown: (channel, user) => slack.shown(channel, user),
    deletes: (message) => slack.deletes(message),
    pass: (ms) => clock.pass(ms),
    trouble: (what) => slack.trouble(what === "away" ? "breaks off" : what),
    limited() {
      slack.posts("#timing");
      return 1_000;
    },
    refuse(say) {
      ground.refusing = say;
    },
    async close() {
      await ground.close();
      expect(slack.complaints).toEqual([]);
    },
  };
});
