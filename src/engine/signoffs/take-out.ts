/**
 * Constants whose sign-off was revoked are taken out of the tag that they were published in, so that nothing more is made with
 * them. A tag that takes nothing back keeps them, and people are told. Each interval goes under a key of its own: once.
 */
import type { ChangeReport } from "../../core/conditions/change.ts";
import { spanInWords } from "../../core/conditions/iov.ts";
import { ITSELF } from "../../core/history.ts";
import { withdraw } from "../../core/publication/life.ts";
import type { Publication } from "../../core/publication/publication.ts";
import { say } from "../../core/say.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Queries } from "../../ports/queries.ts";
import { endOf } from "../constants/publication.ts";
import { constantsChanged } from "../constants/uses.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { channelOf } from "./show.ts";

const AGAIN_MS = 60_000;

type Parts = { readonly engine: Engine; readonly queries: Queries; readonly conditions: Conditions };
const NOTHING: ChangeReport = { added: [], removed: [], cut: [], unchanged: 0, next: {} };

/** @param ref the name of a publication */
export async function takeOut({ engine, queries, conditions }: Parts, ref: string): Promise<void> {
  const [taskId = 0, attempt] = ref.split(" ").map(Number);
  const publication = (await queries.publications(taskId)).find((one) => one.attempt === attempt);
  // Whether one that is under way got there is known in a while.
  if (publication?.state === "publishing") return await later(engine, ref);
  if (publication?.state !== "published")
    return await engine.do("nothing to take out", (ledger) => finish(ledger, ref));
  try {
    const kept = await remove(conditions, publication, ref);
    const tag = await conditions.tag({ environment: publication.environment, name: publication.tag });
    await engine.do("take out", async (ledger) => {
      await finish(ledger, ref);
      // Also where a bot that died had taken it out and had not told.
      if (tag) await constantsChanged(ledger, engine.scene, tag, { ...NOTHING, removed: publication.iovs });
      if (kept.length > 0) tellKept(ledger, engine.scene, publication, kept);
      else await endOf(ledger, ref, (now) => withdraw(now, "its sign-off was revoked", ledger.now));
    });
  } catch (error) {
    if (!(error instanceof ConditionsUnavailable)) throw error;
    await later(engine, ref);
  }
}

/** Where something else holds by now, it stays. */
async function remove(conditions: Conditions, publication: Publication, ref: string) {
  const { environment, tag: name, iovs } = publication;
  const tag = { environment, name };
  const kept: string[] = [];
  for (const { type, payload, from, until } of iovs) {
    const there = await conditions.iovs(tag, { type, span: { from, until } });
    for (const iov of there.filter((one) => one.payload === payload)) {
      const span = { from: iov.from, until: iov.until };
      const what = `${type} ${spanInWords(span)}`;
      const change = { kind: "remove", type, span } as const;
      const key = `revoked ${environment} ${ref} ${what}`;
      const done = await conditions.change({ tag, change, key, by: ITSELF, why: "its sign-off was revoked" });
      if (!done.ok) kept.push(`${what}: ${done.detail}`);
    }
  }
  return kept;
}

function tellKept(ledger: Ledger, scene: Scene, publication: Publication, kept: readonly string[]): void {
  const { tag, task, workflow, taskId, attempt } = publication;
  ledger.post(`kept ${taskId} ${attempt}`, channelOf(scene, publication), [
    say`The sign-off of ${workflow}/${task} (task ${taskId}) was revoked, but its constants are in ${tag} still, which takes nothing back: ${kept.join("; ")}. Constants that are to hold instead must be put there: gt show ${tag}`,
  ]);
}

async function later(engine: Engine, ref: string): Promise<void> {
  await engine.do("put off", async (ledger) => {
    await finish(ledger, ref);
    ledger.wake({ kind: "take-out", ref }, ledger.now + AGAIN_MS);
  });
}

async function finish(ledger: Ledger, ref: string): Promise<void> {
  await ledger.transaction.finishErrand({ kind: "take-out", ref });
}
