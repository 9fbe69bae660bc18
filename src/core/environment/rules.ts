/**
 * `environments.yaml` as it is in force: what production and mirrors follow, and what a deployment must have first. It is
 * read from the head of the protected branch, so that no branch and no tag can loosen the rules that it is judged by.
 */
import type { RunInterval } from "../config/values.ts";
import type { Instant } from "../time.ts";

export type EnvironmentRules = {
  readonly production: ProductionRules;
  /** Undefined where branches get none. */
  readonly mirrors: MirrorRules | undefined;
  /** How often the remote is asked. */
  readonly pollMs: number;
  /** Where pull requests and statuses are told, with the options that its adapter declared. */
  readonly host: { readonly kind: string; readonly options: unknown } | undefined;
  /** By the kind of whoever sends them, the name of the secret that they prove to know. */
  readonly webhooks: Readonly<Partial<Record<WebhookKind, string>>>;
};

export const WEBHOOK_KINDS = ["github", "gitlab", "gitea", "bitbucket"] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

export type ProductionRules = {
  readonly follow: Follow;
  readonly deploy: "automatic" | "on-request";
  readonly requires: {
    /** A signature by a person's key; by one of a role where that is named. */
    readonly signed: { readonly role: string | undefined } | undefined;
    readonly approval: { readonly role: string; readonly count: number } | undefined;
    /** The author of the commit does not count among those who approve it. */
    readonly otherThanAuthor: boolean;
  };
  readonly freezes: readonly FreezeWindow[];
};

export type Follow =
  /** The newest by version of the tags that match (`versions.ts`, `matching.ts`). */
  | { readonly kind: "tag"; readonly pattern: string }
  /** The protected branch where it is undefined. */
  | { readonly kind: "branch"; readonly branch: string | undefined }
  | { readonly kind: "commit"; readonly commit: string };

/** Nothing is deployed in it. */
export type FreezeWindow = { readonly reason: string } & (
  | { readonly from: Instant; readonly until: Instant }
  | { readonly cron: string; readonly timezone: string; readonly lengthMs: number }
);

export type MirrorRules = {
  /** Patterns of branch names, as `matching.ts` reads them. */
  readonly branches: readonly string[];
  readonly except: readonly string[];
  /** So many of the newest, or these. */
  readonly runs: { readonly last: number } | readonly RunInterval[];
  /** Where everything about mirrors is told. */
  readonly channel: string;
  /** Between the end of a branch and that of its mirror. */
  readonly graceMs: number;
  /** Jobs of one mirror in flight at most. */
  readonly jobs: number;
  /** `none`: whoever can push a branch can read what the bot's user can read. */
  readonly isolation: "required" | "none";
};

/** What holds where there is no `environments.yaml`: production is the protected branch, and nothing else is. */
export const DEFAULT_RULES: EnvironmentRules = {
  production: {
    follow: { kind: "branch", branch: undefined },
    deploy: "automatic",
    requires: { signed: undefined, approval: undefined, otherThanAuthor: false },
    freezes: [],
  },
  mirrors: undefined,
  pollMs: 30_000,
  host: undefined,
  webhooks: {},
};
