/** `people.yaml`: who is who, by which accounts and keys they are known, and in which roles. */
import { z } from "zod";
import type { AccountShape } from "./kinds.ts";
import { rotasYaml } from "./oncall-yaml.ts";
import { publicKey } from "./public-key.ts";
import { name, text } from "./values.ts";

const address = z.email("not an e-mail address; write name@place");
const commandsOr = (words: string) => `not commands; write ${words} or a list of their names`;
const names = z.array(text).min(1);
/** `*` stands for anything within one step of a name, `**` for anything at all. */
const patterns = z.array(text).min(1);

type Shapes = Readonly<Record<string, AccountShape>>;

/** Made once for each, since a schema that is used again checks faster. */
const made = new WeakMap<Shapes, ReturnType<typeof schemaFor>>();
const anyChat = schemaFor(undefined);

/** @param shapes how accounts look, by chat; undefined where nobody can say which chats there are */
export function peopleYaml(shapes: Shapes | undefined): ReturnType<typeof schemaFor> {
  if (shapes === undefined) return anyChat;
  const schema = made.get(shapes) ?? schemaFor(shapes);
  made.set(shapes, schema);
  return schema;
}

function schemaFor(shapes: Shapes | undefined) {
  return z.strictObject({
    people: z
      .record(
        z.string().regex(/^[a-z][a-z0-9._-]*$/, "not an account; write lower-case letters, digits, dot, hyphen and _"),
        z.strictObject({
          name: text,
          email: address.optional(),
          emails: z.array(address).default([]).meta({ description: "Other addresses that they commit with" }),
          roles: z.array(name).default([]),
          accounts: accountsOf(shapes).default({}).meta({
            description: "Accounts in chats, by what the chat itself calls them; whoami in the chat shows it",
          }),
          keys: z
            .array(publicKey)
            .default([])
            .meta({ description: "Public keys that this person signs tags and commits with: OpenSSH or PGP" }),
        }),
      )
      .default({}),
    roles: z
      .record(
        name,
        z.strictObject({
          commands: z.union([z.enum(["all", "reading"]), names], { error: commandsOr("all, reading") }),
          workflows: patterns.optional(),
          environments: patterns.optional(),
          channels: patterns.optional(),
        }),
      )
      .default({})
      .meta({
        description: "What people with a role may, beside reading; shifter and expert mean something without it",
      }),
    unknown: z
      .strictObject({
        commands: z
          .union([z.enum(["overview", "reading", "none"]), names], { error: commandsOr("overview, reading, none") })
          .default("overview"),
        channels: patterns.optional(),
      })
      .optional()
      .meta({ description: "What people may read whom nobody knows; they never change anything" }),
    oncall: rotasYaml.meta({ description: "Who is on duty when, by the name of the rota" }),
  });
}

export type PeopleYaml = z.output<ReturnType<typeof peopleYaml>>;

type Accounts = z.ZodType<Readonly<Record<string, string | undefined>>>;

function accountsOf(shapes: Shapes | undefined): Accounts {
  if (shapes === undefined) return z.record(z.string(), text);
  const known = Object.entries(shapes).map(([chat, { pattern, example }]) => {
    const wrong = `not an account that nobody else can take; write what whoami shows there, like ${example}`;
    return [chat, z.string().regex(pattern, wrong).optional()] as const;
  });
  return z.strictObject<Record<string, z.ZodOptional<z.ZodString>>>(Object.fromEntries(known));
}
