/** Groups that have a message each: whatever moves a task of theirs makes it say so, a little later, so that a burst is one edit. */
import { groupCard, isComplete } from "../../core/group/card.ts";
import { cardName, cardNamed, standsOnCard } from "../../core/group/card-rules.ts";
import { groupDetails } from "../../core/group/card-thread.ts";
import { EDIT_PAUSE_MS } from "../../core/message.ts";
import { showCard } from "../cards.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** Where no cards are declared this looks at nothing. */
export function wakeCards(ledger: Ledger, scene: Scene): void {
  const names = ledger.movedTasks.flatMap(({ after }) => {
    const { cards } = scene.revisions.current(after.environment).config;
    return cards && standsOnCard(cards, after) ? [cardName(after)] : [];
  });
  for (const ref of new Set(names)) ledger.wake({ kind: "card", ref }, ledger.now + EDIT_PAUSE_MS);
}

export async function showGroup(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const of = cardNamed(ref);
  const { cards, workflows } = scene.revisions.current(of.environment).config;
  if (!cards) return;
  const { environment, campaign, groupKey } = of;
  const found = await ledger.tasks.ask((loads) =>
    loads.tasksByKey({ environment, campaign }, groupKey, Object.keys(workflows)),
  );
  const tasks = found.filter((task) => standsOnCard(cards, task));
  const [first] = tasks;
  if (!first) return;
  const key = `group ${ref}`;
  const blocks = groupCard(of, tasks, workflows[first.workflow]?.grouping.by);
  await showCard(ledger, {
    key,
    channel: cards.channel,
    blocks,
    over: isComplete(tasks),
    details: groupDetails(key, tasks),
  });
}
