/** What adapters say of themselves: every kind of run source, executor, chat and code host, with the options of each. */
import type { Guarded } from "../permission/rights.ts";
import type { KindSchemas } from "./calops-yaml.ts";

export type Kinds = {
  readonly sources: KindSchemas;
  readonly executors: KindSchemas;
  /** Where messages go and commands come from. */
  readonly chats?: KindSchemas;
  /** Servers that keep conditions. */
  readonly conditions?: KindSchemas;
  /** Trackers of tickets. */
  readonly tickets?: KindSchemas;
  /** Where the repository is reviewed. */
  readonly hosts?: KindSchemas;
  /** How accounts of people look, by chat. */
  readonly accounts?: Readonly<Record<string, AccountShape>>;
  /** What people can give, and rights speak of. */
  readonly commands?: readonly Guarded[];
};

/** What a chat calls an account, and nobody can choose. */
export type AccountShape = { readonly pattern: RegExp; readonly example: string };
