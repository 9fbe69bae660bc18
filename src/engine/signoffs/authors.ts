/** Whose own work an attempt of a task is: who wrote the commit that it ran on, and who asked for it to be made anew. */
import { wroteBy } from "../../core/person/author.ts";
import type { Task } from "../../core/task/task.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

export async function authorsOf(ledger: Ledger, scene: Scene, task: Task): Promise<string[]> {
  const people = scene.people();
  const deployed = await ledger.ask((loads) => loads.lastDeploymentOf(task.environment, task.commit));
  const wrote = deployed ? Object.entries(people).filter(([, person]) => wroteBy(person, deployed)) : [];
  const remade = task.attempt > 1 ? await ledger.ask((loads) => loads.remadeBy(task.id)) : undefined;
  const known = remade !== undefined && Object.hasOwn(people, remade) ? [remade] : [];
  return [...new Set([...wrote.map(([id]) => id), ...known])];
}
