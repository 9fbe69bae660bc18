/** Exports of global tags, below one directory: that of each experiment, and beside it one for each mirror. */
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TagRef } from "../../core/conditions/tag.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import type { ReadConditions } from "../../ports/conditions.ts";
import { ConditionsUnavailable } from "../../ports/conditions.ts";
import { type Exported, type Exporter, ExportFailed, type ExportForm } from "../../ports/conditions-export.ts";
import { writeFiles } from "./files.ts";
import { segment } from "./segment.ts";
import { writeSqlite } from "./sqlite-file.ts";

export type ExporterParts = {
  readonly conditions: ReadConditions;
  readonly root: string;
  /** The experiment's name. */
  readonly experiment: () => string;
};

export function exporterOf({ conditions, root, experiment }: ExporterParts): Exporter {
  const placeOf = (hash: string) => conditions.placeOf(hash);
  const homeOf = (environment: string) =>
    environment === PRODUCTION
      ? join(resolve(root), segment(experiment()))
      : join(resolve(root), segment(environment), segment(experiment()));

  const write = async (ref: TagRef, form: ExportForm): Promise<Exported> => {
    const tag = await conditions.tag(ref);
    if (!tag) return { ok: false, reason: "unknown-tag" };
    const iovs = await conditions.iovs(ref);
    if ((await conditions.tag(ref))?.version !== tag.version) return await write(ref, form);
    const home = homeOf(ref.environment);
    const facts = { intervals: iovs.length, payloads: new Set(iovs.map(({ payload }) => payload)).size };
    const written =
      form === "files"
        ? await writeFiles(join(home, "conditions"), tag, iovs, placeOf)
        : await writeSqlite(join(home, "sqlite"), tag, iovs, placeOf);
    return { ok: true, ...facts, ...written };
  };

  // One after the other: two at once would sweep away what the other has just written.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {
      // Whoever asked for it is told.
    });
    return done;
  };
  return {
    export: (ref, form) =>
      inTurn(() =>
        write(ref, form).catch((error) => {
          if (error instanceof ConditionsUnavailable) throw error;
          const where = homeOf(ref.environment);
          throw new ExportFailed(`${ref.name} could not be exported to ${where}: ${(error as Error).message}`, error);
        }),
      ),
    forget: (environment) =>
      inTurn(async () => {
        if (environment === PRODUCTION) return;
        await rm(join(resolve(root), segment(environment)), { recursive: true, force: true });
      }),
  };
}
