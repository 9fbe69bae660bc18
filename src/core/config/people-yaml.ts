/** `people.yaml`: who is who, and in which roles. */
import { z } from "zod";
import { name, text } from "./values.ts";

export const peopleYaml = z.strictObject({
  people: z
    .record(
      z.string().regex(/^[a-z][a-z0-9._-]*$/, "not an account; write lower-case letters, digits, dot, hyphen and _"),
      z.strictObject({
        name: text,
        email: z.email("not an e-mail address; write name@place").optional(),
        roles: z.array(name).default([]),
      }),
    )
    .default({}),
});

export type PeopleYaml = z.output<typeof peopleYaml>;
