import type { SourceContext } from "../../../src/adapters/sources/source-context.ts";
import { type HandClock, handClock } from "../../fakes/hand-clock.ts";

export type TestContext = SourceContext & { readonly clock: HandClock };

/** The surroundings of a source in a test: a clock that is set by hand, and one secret. */
export function aContext(
  base: string,
  more: { readonly env?: NodeJS.ProcessEnv; readonly secrets?: Readonly<Record<string, string>> } = {},
): TestContext {
  const secrets: Readonly<Record<string, string>> = more.secrets ?? { REGISTRY_TOKEN: "Bearer sesame-7f3a9c" };
  return {
    base,
    clock: handClock(),
    secret: (name) => {
      const value = secrets[name];
      if (value === undefined) throw new Error(`the secret ${name} is not set`);
      return value;
    },
    env: more.env ?? process.env,
  };
}
