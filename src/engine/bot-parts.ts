/** What a bot is put together from: everything that it is connected to, and what it is told about itself. */
import type { TrackerConfig } from "../core/config/config.ts";
import type { Kinds } from "../core/config/kinds.ts";
import type { EnvironmentRules } from "../core/environment/rules.ts";
import type { CodeHost } from "../ports/code-host.ts";
import type { CommandDesk } from "../ports/command-desk.ts";
import type { Conditions } from "../ports/conditions.ts";
import type { Exporter } from "../ports/conditions-export.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Heartbeat } from "../ports/heartbeat.ts";
import type { Outside } from "../ports/outside.ts";
import type { Store } from "../ports/store.ts";
import type { Tickets } from "../ports/tickets.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { Bot } from "./bot.ts";
import type { ProductionParts } from "./production.ts";
import type { LogName, Scene } from "./scene.ts";
import type { TalkParts } from "./talk/talk.ts";

type Connected = Omit<ProductionParts, "revisions" | "engine" | "readers" | "chats"> &
  Omit<TalkParts, "engine" | "queries" | "rules" | "desk">;

export type BotParts = Connected & {
  readonly store: Store;
  readonly repository: ConfigRepository;
  readonly kinds: Kinds;
  /** Where commands are given, in chats and elsewhere. */
  readonly makeDesk: (bot: Bot) => CommandDesk;
  readonly workspace: Workspace;
  readonly conditions: Conditions;
  readonly exporter: Exporter;
  readonly outside: Outside;
  readonly heartbeat: Heartbeat;
  /** Undefined where nobody knows it. */
  readonly secret: (name: string) => string | undefined;
  readonly version: string;
  /** See `Engine`; short for tests. */
  readonly paceMs?: number;
  readonly logUrl: (log: LogName) => string;
  readonly outputUrl: Scene["outputUrl"];
  readonly url: () => string | null;
  /** Where tickets are, as calops.yaml declares it. */
  readonly openTracker: (declared: TrackerConfig) => Tickets;
  /** Where branches are reviewed, as the rules declare it. */
  readonly openHost: (host: NonNullable<EnvironmentRules["host"]>) => CodeHost;
};
