/** Whether a button may still be pressed: whether what it is about stands as it did when the button was shown. */
import type { Alert } from "../alert/alert.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Standing } from "../say.ts";
import type { Signoff } from "../signoff/signoff.ts";
import type { Task } from "../task/task.ts";
import type { Instant } from "../time.ts";

export type Now = {
  /** Those that it speaks of, as far as they are there. */
  readonly tasks?: readonly Task[];
  readonly alert?: Alert | undefined;
  readonly deployment?: Deployment | undefined;
  readonly signoff?: Signoff | undefined;
};

export type Stands =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly kind: "task" | "alert" | "deployment" | "signoff";
      readonly id: number;
      readonly state: string;
    };

/** Since when a task is as it is, for a button that is shown for it. */
export function stateSince({ endedAt, modifiedAt }: Task): Instant {
  return endedAt ?? modifiedAt;
}

/** @param now the thing that it is about, as it is; undefined where it is gone */
export function stillStands(then: Standing, now: Now): Stands {
  if ("task" in then) {
    const [task] = now.tasks ?? [];
    const same = task?.state === then.state && stateSince(task) === then.since;
    return same ? { ok: true } : { ok: false, kind: "task", id: then.task, state: task?.state ?? "gone" };
  }
  if ("tasks" in then) {
    const found = then.tasks.map((id) => ({ id, task: now.tasks?.find((one) => one.id === id) }));
    const moved = found.find(({ task }) => task?.state !== then.state || stateSince(task) > then.since);
    return moved ? { ok: false, kind: "task", id: moved.id, state: moved.task?.state ?? "gone" } : { ok: true };
  }
  if ("alert" in then) {
    const state = now.alert?.state ?? "gone";
    return state === then.state ? { ok: true } : { ok: false, kind: "alert", id: then.alert, state };
  }
  if ("signoff" in then) {
    const { state = "gone", shown } = now.signoff ?? {};
    if (state === then.state && shown === then.shown) return { ok: true };
    // Votes do not move it: what was shown does.
    return { ok: false, kind: "signoff", id: then.signoff, state: state === then.state ? "moved" : state };
  }
  const state = now.deployment?.state ?? "gone";
  return state === then.state ? { ok: true } : { ok: false, kind: "deployment", id: then.deployment, state };
}
