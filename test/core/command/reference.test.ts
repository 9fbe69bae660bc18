import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../../commands/index.ts";
import { referenceOf } from "../../../src/core/command/reference.ts";

const PAGE = join(import.meta.dirname, "../../../docs/commands.md");

test("docs/commands.md tells of the commands as they are; where it does not, npm run docs makes it anew", async () => {
  await expect(referenceOf(COMMANDS)).toMatchFileSnapshot(PAGE);
});
