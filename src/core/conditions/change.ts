/** What may be done to a global tag, and what it came to. */
import type { Iov, Span } from "./iov.ts";
import type { Moment } from "./moment.ts";
import type { GlobalTag, TagRef, TagState } from "./tag.ts";

export type TagChange =
  /** A new tag, empty, or as a declared one is to be. */
  | { readonly kind: "create"; readonly description: string; readonly upstream: string | null }
  /** A new tag with what another holds now. */
  | { readonly kind: "clone"; readonly of: TagRef; readonly description: string }
  /** These hold where they say; what was there before is cut, closed or taken out. */
  | { readonly kind: "put"; readonly iovs: readonly Iov[] }
  /** Only later than anything before: for a running tag. Open intervals of the same types are closed; a gap or an overlap is refused. */
  | {
      readonly kind: "append";
      readonly iovs: readonly Iov[];
      /** The first moment that nothing was processed for yet, where the asker knows it: what begins earlier is refused as `used`. */
      readonly unusedFrom?: Moment;
    }
  | { readonly kind: "remove"; readonly type: string; readonly span: Span }
  /** Everything that these hold within the span; where several do, the first of the list. */
  | { readonly kind: "merge"; readonly of: readonly TagRef[]; readonly span: Span }
  /** As if it were new: for a staging tag when a campaign begins. */
  | { readonly kind: "empty" }
  | { readonly kind: "state"; readonly to: TagState }
  | { readonly kind: "describe"; readonly description: string; readonly upstream: string | null };

export type ChangeRequest = {
  readonly tag: TagRef;
  readonly change: TagChange;
  /** The same key again is answered with what it came to the first time, and changes nothing. */
  readonly key: string;
  readonly by: string;
  readonly why: string | null;
  /** Says what would become of it, and changes nothing. */
  readonly dryRun?: boolean;
  /** The tag's version when the change was shown; another one by now is refused as `moved`. */
  readonly basis?: number;
};

/** What a change did, interval by interval. */
export type ChangeReport = {
  readonly added: readonly Iov[];
  readonly removed: readonly Iov[];
  /** Those that end otherwise, or begin otherwise, than before. */
  readonly cut: readonly { readonly before: Iov; readonly after: Iov }[];
  readonly unchanged: number;
  /** For a running tag: the first moment that may be appended next, by type. */
  readonly next: Readonly<Record<string, Moment>>;
};

export type TagChanged =
  | { readonly ok: true; readonly tag: GlobalTag; readonly report: ChangeReport }
  | { readonly ok: false; readonly reason: TagRefusal; readonly detail: string };

export type TagRefusal =
  | "unknown-tag"
  | "already-there"
  | "unknown-payload"
  /** The tag's state does not allow it. */
  | "state"
  | "gap"
  | "overlap"
  /** Earlier than something that may have been used. */
  | "used"
  /** Changed since it was shown. */
  | "moved"
  /** What holds the tags cannot do this; an outside server, for example. */
  | "unsupported";
