/** What people do to global tags: checked against what git declares, done once for each request, and told in the history. */
import type { ChangeReport, TagChange } from "../../core/conditions/change.ts";
import type { Iov } from "../../core/conditions/iov.ts";
import { misfits } from "../../core/conditions/misfits.ts";
import type { Moment } from "../../core/conditions/moment.ts";
import { momentOfRun } from "../../core/conditions/moment-of.ts";
import type { TagRef } from "../../core/conditions/tag.ts";
import type { Config } from "../../core/config/config.ts";
import type { Instant } from "../../core/time.ts";
import type { Conditions } from "../../ports/conditions.ts";
import { type Exporter, ExportFailed } from "../../ports/conditions-export.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Changed, TagOperations } from "../../ports/tag-operations.ts";
import { whoAsked } from "../asked-by.ts";
import { CALOPS } from "../doer.ts";
import type { Engine } from "../engine.ts";
import { nextByUses, refusedByUses } from "./tag-uses.ts";

export type TagParts = {
  readonly engine: Engine;
  readonly queries: Pick<Queries, "runs" | "usedUntil">;
  readonly conditions: Conditions;
  readonly exporter: Exporter;
  /** What runs in an environment. */
  readonly config: (environment: string) => Config;
  /** When this bot began. */
  readonly since: Instant;
};

/** Changes of a tag since the one that a dead bot was about are few. */
const LOOKED_AT = 50;

type Told = {
  readonly event: string;
  readonly by: string;
  readonly why: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

export function tagOperationsOf(parts: TagParts): TagOperations {
  const { engine, conditions } = parts;
  let asked = 0;
  // What a chat asked for keeps its key when it is taken up again after a crash.
  const keyOf = (request: string) => `asked ${request}`;
  const newKey = () => keyOf(whoAsked()?.request ?? `${parts.since}.${++asked}`);

  const preview = async (tag: TagRef, change: TagChange): Promise<Changed> => {
    const tried = await conditions.change({ tag, change, key: "preview", by: "nobody", why: null, dryRun: true });
    if (!tried.ok) return tried;
    const wrong = await misfitsOf(tag, newOnes(change, tried.report), parts);
    if (wrong.length > 0) return { ok: false, reason: "declared", detail: wrong.join("; ") };
    return (await refusedByUses(tag, change, parts.queries)) ?? (await nextByUses(tag, tried, parts.queries));
  };
  const tell = async ({ environment, name }: TagRef, report: ChangeReport, told: Told): Promise<void> => {
    const { event, by, why, detail } = told;
    const counts = { added: report.added.length, removed: report.removed.length, cut: report.cut.length };
    await engine.do("tag", async (ledger) =>
      ledger.record(
        { kind: "tag", ref: `${environment}/${name}`, event, detail: { ...detail, ...counts } },
        why === null ? { by } : { by, why },
      ),
    );
  };

  return {
    preview,
    async change(tag, change, { by, why }) {
      const key = newKey();
      const tried = await preview(tag, change);
      if (!tried.ok) return tried;
      const changed = await conditions.change({ tag, change, key, by, why });
      if (!changed.ok) return changed;
      await tell(tag, changed.report, { event: change.kind, by, why, detail: detailOf(change) });
      return await nextByUses(tag, changed, parts.queries);
    },
    async resumed() {
      const request = whoAsked()?.request;
      const done = request === undefined ? undefined : await conditions.outcome(keyOf(request));
      if (request === undefined || !done) return undefined;
      const { tag } = done;
      const event = (await conditions.history(tag, LOOKED_AT)).find(({ key }) => key === keyOf(request));
      // Under its key nothing is done again, and whoever waits for what it did hears of it at last.
      const { by, why } = event ?? { by: CALOPS.by, why: null };
      const change = { kind: "describe", description: tag.description, upstream: tag.upstream } as const;
      const changed = await conditions.change({ tag, change, key: keyOf(request), by, why });
      if (changed.ok) await tell(tag, changed.report, { event: event?.kind ?? "changed", by, why, detail: {} });
      return changed;
    },
    async export(tag, form, by) {
      try {
        const exported = await parts.exporter.export(tag, form);
        if (exported.ok && exported.changed)
          await engine.do("export", async (ledger) => {
            const { place, intervals, payloads, written } = exported;
            const detail = { form, place, intervals, payloads, written };
            ledger.record({ kind: "tag", ref: `${tag.environment}/${tag.name}`, event: "exported", detail }, { by });
          });
        return exported;
      } catch (error) {
        if (!(error instanceof ExportFailed)) throw error;
        return { ok: false, reason: "not-written", detail: error.message };
      }
    },
    async keep(type, file, environment, by) {
      const payload = await conditions.keep(type, file);
      await engine.do("payload", async (ledger) => {
        const detail = { type, payload: payload.hash, bytes: payload.bytes, environment };
        ledger.record({ kind: "tag", ref: payload.hash, event: "kept", detail }, { by });
      });
      return payload;
    },
  };
}

/** What a change brings that was not there. What a clone has was there before, wherever it came from. */
function newOnes(change: TagChange, report: ChangeReport): readonly Iov[] {
  switch (change.kind) {
    case "put":
    case "append":
      return change.iovs;
    case "merge":
      return report.added;
    default:
      return [];
  }
}

async function misfitsOf(tag: TagRef, iovs: readonly Iov[], { queries, config }: TagParts): Promise<string[]> {
  const { tags, conditions: rule } = config(tag.environment);
  const declared = Object.hasOwn(tags, tag.name) ? tags[tag.name] : undefined;
  if (!declared || iovs.length === 0) return [];
  let first: Moment | undefined;
  if (declared.firstRun !== null) {
    const [run] = await queries.runs([declared.firstRun]);
    const placed = momentOfRun(run ?? { number: declared.firstRun, attributes: {} }, rule);
    if (placed.known) first = placed.moment;
  }
  return misfits(declared, iovs, first);
}

function detailOf(change: TagChange): Record<string, unknown> {
  switch (change.kind) {
    case "state":
      return { to: change.to };
    case "clone":
      return { of: change.of.name };
    case "merge":
      return { of: change.of.map(({ name }) => name) };
    case "remove":
      return { type: change.type };
    default:
      return {};
  }
}
