import { word } from "../src/core/command/args.ts";
import { defineCommand } from "../src/core/command/command.ts";
import type { Context } from "./context.ts";

export const confirm = defineCommand({
  name: "confirm",
  summary: "Say yes to what you gave before and were shown; it is done then, if everything stands as it did.",
  allow: "person",
  args: { id: word("ID", "as it stood below what you were shown") },
  options: {},
  examples: ["confirm k7mq2x"],
  json: "the answer of the command that was asked for",
  run: ({ id }, context: Context) => context.decide(id, "confirmed"),
});
