/** `people.yaml`: who is who, in which roles, and by which keys their signatures are known. */
import { z } from "zod";
import { publicKey } from "./public-key.ts";
import { name, text } from "./values.ts";

export const peopleYaml = z.strictObject({
  people: z
    .record(
      z.string().regex(/^[a-z][a-z0-9._-]*$/, "not an account; write lower-case letters, digits, dot, hyphen and _"),
      z.strictObject({
        name: text,
        email: z.email("not an e-mail address; write name@place").optional(),
        roles: z.array(name).default([]),
        keys: z
          .array(publicKey)
          .default([])
          .meta({ description: "Public keys that this person signs tags and commits with: OpenSSH or PGP" }),
      }),
    )
    .default({}),
});

export type PeopleYaml = z.output<typeof peopleYaml>;
