import { flag, oneOf, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, refused } from "../src/core/command/command.ts";
import { TAG_STATES, type TagState } from "../src/core/conditions/tag.ts";
import { say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { CHANGE_FIELDS, noSuchTag, refOf } from "./tag-answers.ts";
import { carryOut, previewOf, type Wish } from "./tag-change.ts";

/** There is no way back from these. */
const FOR_EVER: Readonly<Partial<Record<TagState, string>>> = {
  PUBLISHED: "A published tag never changes again, and can only become INVALID.",
  INVALID: "An invalid tag stays invalid, and nobody is to use it any more.",
};

const FROM_STATE: Readonly<Record<TagState, string>> = {
  OPEN: "It can be changed.",
  TESTING: "It keeps what it has while it is looked at.",
  VALIDATED: "It was looked at and is good; it can be published.",
  PUBLISHED: "It never changes again.",
  RUNNING: "It takes only what is later than everything that it has: gt append. It stays RUNNING.",
  INVALID: "Nobody is to use it any more.",
};

export const gtState = defineCommand({
  name: "gt state",
  summary: "Bring a global tag into its next state. Publishing and invalidating ask for its name once more.",
  allow: "expert",
  args: {
    tag: word("TAG", "a global tag; gt list shows them"),
    state: oneOf(
      "STATE",
      TAG_STATES,
      "OPEN becomes TESTING or RUNNING; TESTING becomes VALIDATED or OPEN; VALIDATED becomes PUBLISHED or OPEN; PUBLISHED becomes INVALID",
    ),
  },
  options: {
    name: optional(word("TAG", "for PUBLISHED and INVALID: its name once more, since there is no way back")),
    why: optional(word("REASON", "for the history; put it in quotes")),
    "dry-run": flag("only tell what would be done"),
  },
  examples: ["gt state proc8 TESTING", "gt state proc8 PUBLISHED --name proc8"],
  json: CHANGE_FIELDS,
  preview: async (given, context: Context) => await previewOf(await wishOf(given, context), given, context),
  run: async (given, context: Context) => await carryOut(await wishOf(given, context), given, context),
});

async function wishOf(
  given: { readonly tag: string; readonly state: TagState; readonly name?: string | undefined },
  context: Context,
): Promise<Wish | Answer> {
  const { conditions, config } = context;
  const { tag: name, state, name: again } = given;
  const tag = await conditions.tag(refOf(name, context));
  if (!tag) return await noSuchTag(name, conditions, context);
  const forEver = FOR_EVER[state];
  if (forEver !== undefined && again !== name)
    return refused([
      again === undefined
        ? say`${forEver} If that is meant, type its name once more: gt state ${name} ${state} --name ${name}`
        : say`The names are not the same: ${name} and ${again}. Nothing was done.`,
    ]);
  const declared = config && Object.hasOwn(config.tags, name) ? config.tags[name]?.state : undefined;
  const drift =
    declared === undefined || declared === state ? "" : ` git says ${declared}: change tags/${name}.yaml, too.`;
  return {
    tag: refOf(name, context),
    change: { kind: "state", to: state },
    shown: [say`This makes ${name}, which is ${tag.state}, ${state}. ${forEver ?? FROM_STATE[state]}${drift}`],
    told: [say`${name} is ${state} now. ${FROM_STATE[state]}${drift}`],
  };
}
