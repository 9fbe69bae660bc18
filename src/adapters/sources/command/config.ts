import { z } from "zod";
import { command, duration, secret } from "../../../core/config/values.ts";

/** `sources: NAME: command: ...` in `calops.yaml`: a program that prints runs, one JSON record a line. */
export const commandOptions = z.strictObject({
  run: command.meta({
    description:
      "The program and its arguments; a word that begins with ./ is a path in the configuration. It finds its last cursor in $CALOPS_CURSOR",
  }),
  secrets: z
    .record(
      z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/, "not a variable's name; write capitals, digits and _, for example REGISTRY_TOKEN"),
      secret,
    )
    .default({})
    .meta({ description: "Variables of its environment that hold a secret; all other secrets stay hidden from it" }),
  timeout: duration.prefault("1m").meta({ description: "How long it may run" }),
});

export type CommandOptions = z.output<typeof commandOptions>;
