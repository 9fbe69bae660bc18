/**
 * Global tags as files, for whoever reads constants without asking anybody: jobs on a farm, a file system that is spread all over
 * the world, a laptop without a network. Each export replaces the one before at once: whoever opens it sees one or the other whole.
 */
import type { TagRef } from "../core/conditions/tag.ts";

export const EXPORT_FORMS = ["files", "sqlite"] as const;
/** A tree of directories, or one SQLite file. */
export type ExportForm = (typeof EXPORT_FORMS)[number];

export interface Exporter {
  /** Rejects with `ConditionsUnavailable` when the tag cannot be read, and with `ExportFailed` when it cannot be written. */
  export(tag: TagRef, form: ExportForm): Promise<Exported>;
  /** The environment is gone, and what was exported of it with it. That of production stays. */
  forget(environment: string): Promise<void>;
}

export type Exported =
  | {
      readonly ok: true;
      /** Where it stands, as an absolute path. */
      readonly place: string;
      readonly intervals: number;
      readonly payloads: number;
      /** Payloads that were not there yet. */
      readonly written: number;
      /** False where it stood there like this already, and nothing was written. */
      readonly changed: boolean;
    }
  | { readonly ok: false; readonly reason: "unknown-tag" };

/** What was exported before still stands there, whole. */
export class ExportFailed extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "ExportFailed";
  }
}
