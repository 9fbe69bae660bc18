/** What people do to global tags and payloads. Each resolves once it is on disk, and is in the history then. */
import type { ChangeReport, TagChange, TagRefusal } from "../core/conditions/change.ts";
import type { Payload } from "../core/conditions/iov.ts";
import type { GlobalTag, TagRef } from "../core/conditions/tag.ts";
import type { Exported, ExportForm } from "./conditions-export.ts";
import type { Done, Refusal } from "./operations.ts";

export interface TagOperations {
  /** What a change would come to: nothing is changed. */
  preview(tag: TagRef, change: TagChange): Promise<Changed>;
  change(tag: TagRef, change: TagChange, asked: { readonly by: string; readonly why: string | null }): Promise<Changed>;
  /** What this request had done already when the bot died over it; undefined where it had done nothing. It is in the history then. */
  resumed(): Promise<Changed | undefined>;
  /** Writes it where those read it who ask nobody. `not-written`: the disk did not let it be, and what was there still stands. */
  export(tag: TagRef, form: ExportForm, by: string): Promise<Exported | Refusal<"not-written">>;
  /** Keeps a file of the machine that the bot runs on. The tag is one that it may be for, and says whose rights are asked. */
  keep(type: string, file: string, environment: string, by: string): Promise<Payload>;
}

export type Changed =
  | Done<{ readonly tag: GlobalTag; readonly report: ChangeReport }>
  /** `declared`: git says otherwise of the tag. */
  | Refusal<TagRefusal | "declared">;
