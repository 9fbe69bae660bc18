/** What a command works with. */
import type { Actor, Answer, Command as AnyCommand } from "../src/core/command/command.ts";
import type { Config } from "../src/core/config/config.ts";
import type { Issue } from "../src/core/config/issue.ts";
import type { Finding } from "../src/core/doctor/finding.ts";
import type { Instant } from "../src/core/time.ts";
import type { Campaigns } from "../src/ports/campaigns.ts";
import type { ReadConditions } from "../src/ports/conditions.ts";
import type { Duty } from "../src/ports/duty.ts";
import type { Environments } from "../src/ports/environments.ts";
import type { Linking } from "../src/ports/linking.ts";
import type { Operations } from "../src/ports/operations.ts";
import type { Painter } from "../src/ports/painter.ts";
import type { Queries } from "../src/ports/queries.ts";
import type { TagOperations } from "../src/ports/tag-operations.ts";
import type { Workspace } from "../src/ports/workspace.ts";

export type Context = {
  readonly queries: Queries;
  /** Null where no bot runs and the store is only read. */
  readonly operations: Operations | null;
  /** Null where no bot runs: what the store says of environments is asked by `queries`. */
  readonly environments: Environments | null;
  /** Null where no bot runs. */
  readonly linking: Linking | null;
  /** Null where no bot runs: what the store says of alerts and silences is asked by `queries`. */
  readonly duty: Duty | null;
  /** Null where no bot runs. */
  readonly campaigns: Campaigns | null;
  /** Payloads and global tags, to be read; changes of them are operations. */
  readonly conditions: ReadConditions;
  /** Null where no bot runs. */
  readonly tags: TagOperations | null;
  /** What runs in the environment; null where it cannot be read. */
  readonly config: Config | null;
  /** The one that the command is about. */
  readonly environment: string;
  readonly actor: Actor;
  readonly now: Instant;
  /** Says yes or no to what was asked before. */
  readonly decide: (id: string, outcome: "confirmed" | "cancelled") => Promise<Answer>;
  /** A program asks: it gets data, and longer lists. */
  readonly json: boolean;
  readonly workspace: Workspace;
  /** Makes the pictures of charts. */
  readonly painter: Painter;
  readonly links: Links;
  /** Takes known secrets out of text that will be shown. */
  readonly redact: (text: string) => string;
  /** Checks a directory, or the newest commit of the repository. */
  readonly check: (directory: string | undefined) => Promise<Checked>;
  /** Looks at everything that the bot is connected to; null where no bot runs, and `calops doctor` does it. */
  readonly examine: (() => Promise<readonly Finding[]>) | null;
  readonly commands: readonly Command[];
};

export type Command = AnyCommand<Context>;

/** Stable addresses of pages. */
export type Links = {
  log(of: { workflow: string; task: string; group: string; jobId: number; attempt: number }): string | null;
  output(of: { jobId: number; attempt: number; path: string }): string | null;
};

export type Checked = { readonly what: string; readonly issues: readonly Issue[]; readonly workflows: number };
