/** The orders of attempts that are handed over a second time: the same keys, the same work. */
import type { Order } from "../core/job/order.ts";
import type { Ledger } from "./ledger.ts";
import { orderFor } from "./order-contexts.ts";
import type { Scene } from "./scene.ts";

export async function remakeOrders(ledger: Ledger, scene: Scene, keys: readonly string[]): Promise<Order[]> {
  const orders: Order[] = [];
  for (const key of keys) {
    const attempt = await ledger.attempts.get(key);
    const job = attempt && (await ledger.jobs.get(attempt.jobId));
    const task = job && (await ledger.tasks.get(job.taskId));
    const context = task && (await scene.contexts.of(ledger, scene, task, job));
    if (context) orders.push(orderFor(scene, context, task, job, attempt));
  }
  return orders;
}
