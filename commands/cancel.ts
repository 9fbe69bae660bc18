import { word } from "../src/core/command/args.ts";
import { defineCommand } from "../src/core/command/command.ts";
import type { Context } from "./context.ts";

export const cancel = defineCommand({
  name: "cancel",
  summary: "Say no to what you gave before and were shown.",
  allow: "person",
  args: { id: word("ID", "as it stood below what you were shown") },
  options: {},
  examples: ["cancel k7mq2x"],
  json: "{cancelled}",
  run: ({ id }, context: Context) => context.decide(id, "cancelled"),
});
