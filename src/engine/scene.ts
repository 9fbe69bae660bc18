/** What every stage of the engine works with, beside the ledger of its unit. */
import type { Config } from "../core/config/config.ts";
import type { Digest } from "../core/job/key.ts";
import type { Conditions } from "../ports/conditions.ts";
import type { Exporter } from "../ports/conditions-export.ts";
import type { Revisions } from "../ports/revisions.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { Ids } from "./ids.ts";
import type { OrderContexts } from "./order-contexts.ts";
import type { Standing } from "./standing.ts";

export type Scene = {
  readonly revisions: Revisions;
  readonly workspace: Workspace;
  /** Payloads and global tags. Never changed within a unit of work, which such a change would wait for. */
  readonly conditions: Conditions;
  /** Writes global tags where others read them. */
  readonly exporter: Exporter;
  readonly standing: Standing;
  readonly contexts: OrderContexts;
  readonly ids: Ids;
  readonly digest: Digest;
  /** Identity of this installation, part of every key. */
  readonly instance: string;
  /** Whether branches are reviewed somewhere: whoever reviews them is told how their mirrors do. */
  readonly isReviewed: () => boolean;
  /** Names of the chats that messages go to. */
  readonly chats: () => readonly string[];
  /** Those in force, whatever is deployed. */
  readonly people: () => Config["people"];
  /** Where a person can read the log of an attempt. */
  readonly logUrl: (log: LogName) => string;
  /** Where a person can look at a file that an attempt has written; null where nobody serves it. */
  readonly outputUrl: (output: LogName & { readonly path: string }) => string | null;
};

export type LogName = {
  readonly workflow: string;
  readonly task: string;
  readonly group: string;
  readonly jobId: number;
  readonly attempt: number;
};
