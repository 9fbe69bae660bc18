/**
 * Global tags that git declares and that are not there are made, after each deployment. What is there otherwise is drift: only what
 * nobody has to decide is brought, the description and what it feeds. Nothing is ever deleted, and no state is changed by it.
 */
import type { TagChange } from "../../core/conditions/change.ts";
import type { DeclaredTag } from "../../core/conditions/declared.ts";
import type { GlobalTag, TagRef } from "../../core/conditions/tag.ts";
import { refusedByState } from "../../core/conditions/tag-life.ts";
import type { Config } from "../../core/config/config.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import { CALOPS } from "../doer.ts";
import type { Engine } from "../engine.ts";

export type DeclareParts = {
  readonly engine: Engine;
  readonly conditions: Conditions;
  /** What runs in an environment. */
  readonly config: (environment: string) => Config;
};

const AGAIN_MS = 60_000;

/** Where the conditions do not answer, it is tried again a little later. */
export async function declareTags(parts: DeclareParts, environment: string): Promise<void> {
  const away = await declare(parts, environment).then(
    () => false,
    (error) => {
      if (error instanceof ConditionsUnavailable) return true;
      throw error;
    },
  );
  const errand = { kind: "tags", ref: environment } as const;
  await parts.engine.do("tags", async (ledger) => {
    await ledger.transaction.finishErrand(errand);
    if (away) ledger.wake(errand, ledger.now + AGAIN_MS);
  });
}

async function declare(parts: DeclareParts, environment: string): Promise<void> {
  const { conditions, config } = parts;
  const declared = Object.values(config(environment).tags);
  const there = declared.length === 0 ? [] : await conditions.tags(environment);
  for (const tag of declared) {
    const ref = { environment, name: tag.name };
    const found = there.find(({ name }) => name === tag.name);
    if (!found) await make(parts, ref, tag);
    // A mirror sees the tag of production, and would get a copy of all that it holds.
    else if (found.environment === environment && isOtherwise(found, tag)) await changeTo(parts, ref, describing(tag));
  }
}

async function make(parts: DeclareParts, ref: TagRef, tag: DeclaredTag): Promise<void> {
  const { description, upstream, state } = tag;
  const made = await changeTo(parts, ref, { kind: "create", description, upstream });
  // An empty tag can be in its first state at once. Whatever comes later is for people to decide.
  if (made && state !== made.state && !refusedByState(made, { kind: "state", to: state }))
    await changeTo(parts, ref, { kind: "state", to: state });
}

function isOtherwise(tag: GlobalTag, { description, upstream }: DeclaredTag): boolean {
  return tag.description !== description || tag.upstream !== upstream;
}

function describing({ description, upstream }: DeclaredTag): TagChange {
  return { kind: "describe", description, upstream };
}

/** An outside server may not be able to, and then it stays drift. */
async function changeTo(
  { engine, conditions }: DeclareParts,
  tag: TagRef,
  change: TagChange,
): Promise<GlobalTag | undefined> {
  const why = `as tags/${tag.name}.yaml declares it`;
  const key = `declared ${tag.environment} ${tag.name} ${change.kind} ${engine.now()}`;
  const changed = await conditions.change({ tag, change, key, by: CALOPS.by, why });
  if (!changed.ok) return undefined;
  await engine.do("tag", async (ledger) =>
    ledger.record({ kind: "tag", ref: `${tag.environment}/${tag.name}`, event: change.kind }, { ...CALOPS, why }),
  );
  return changed.tag;
}
