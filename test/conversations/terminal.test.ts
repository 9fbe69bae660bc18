import { once } from "node:events";
import { PassThrough } from "node:stream";
import { openTerminal } from "../../src/adapters/chat/console/terminal.ts";
import type { Harness } from "../engine/harness.ts";
import { handClock } from "../fakes/hand-clock.ts";
import { conversations, PEOPLE, type Seen, type Who } from "./conversations.ts";

/** Each of them sits at a prompt. */
conversations("a terminal", async () => {
  const clock = handClock();
  const seen: Record<Who, Seen[]> = { ann: [], ben: [], eve: [] };
  const prompts = new Map<Who, { types(line: string): Promise<string>; close(): void }>();
  let channel: () => readonly string[] = () => [];
  const open = (harness: Harness, who: Who) => {
    const [input, output] = [new PassThrough(), new PassThrough({ encoding: "utf8" })];
    const terminal = openTerminal({
      input,
      output,
      channel: { recent: () => [], onEntry: () => {} } as never,
      desk: harness.desk,
      actor: { id: who, roles: PEOPLE[who], owner: false, via: "terminal" },
      clock,
      follow: async () => {},
      onLeave: () => {},
    });
    return {
      async types(line: string) {
        input.write(`${line}\n`);
        const [text] = await once(output, "data");
        return String(text);
      },
      close: terminal.close,
    };
  };
  const types = async (who: Who, line: string) => {
    const text = (await prompts.get(who)?.types(line)) ?? "";
    seen[who].push({ id: String(seen[who].length), text, alone: true, buttons: [] });
  };
  return {
    clock,
    hasChannel: false,
    accounts: {},
    async begin(harness) {
      channel = () => harness.chat.texts;
      for (const who of ["ann", "ben", "eve"] as const) prompts.set(who, open(harness, who));
    },
    types,
    mentions: types,
    async presses(who, label) {
      const texts = [...seen[who].map(({ text }) => text), ...channel()];
      const lines = texts.flatMap((text) => /type: (.*)/.exec(text)?.[1]?.split(" | ") ?? []);
      // What a message of the channel offers is the command itself; what somebody asked for, they say yes to.
      const begins = ["Approve", "Cancel"].includes(label) ? label.toLowerCase() : "confirm";
      const line = lines.findLast((one) => one.startsWith(begins));
      await types(who, line ?? `nothing like ${label}`);
    },
    async fills() {},
    seen: (who) => seen[who],
    async end() {
      for (const prompt of prompts.values()) prompt.close();
    },
  };
});
