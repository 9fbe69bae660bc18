/** Whether a button may still be pressed: whether what it is about stands as it did when the button was shown. */
import type { Alert } from "../alert/alert.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Standing } from "../say.ts";
import type { Task } from "../task/task.ts";

export type Now = {
  readonly task?: Task | undefined;
  readonly alert?: Alert | undefined;
  readonly deployment?: Deployment | undefined;
};

export type Stands =
  | { readonly ok: true }
  | { readonly ok: false; readonly kind: "task" | "alert" | "deployment"; readonly id: number; readonly state: string };

/** @param now the thing that it is about, as it is; undefined where it is gone */
export function stillStands(then: Standing, now: Now): Stands {
  if ("task" in then) {
    const { task } = now;
    const same = task?.state === then.state && (task.endedAt ?? task.modifiedAt) === then.since;
    return same ? { ok: true } : { ok: false, kind: "task", id: then.task, state: task?.state ?? "gone" };
  }
  if ("alert" in then) {
    const state = now.alert?.state ?? "gone";
    return state === then.state ? { ok: true } : { ok: false, kind: "alert", id: then.alert, state };
  }
  const state = now.deployment?.state ?? "gone";
  return state === then.state ? { ok: true } : { ok: false, kind: "deployment", id: then.deployment, state };
}
