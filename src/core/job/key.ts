/**
 * The key of an attempt: the name of the job at the batch system, and what its claim is filed under.
 *
 * It is made from what the attempt is (which task of which group, which attempt, from which values), not drawn at random:
 * a store restored from yesterday's backup comes to the same key for the same work, finds its claim, and adopts the result
 * instead of running it again. The instance keeps two bots on one batch system apart.
 */

export type AttemptIdentity = {
  readonly instance: string;
  readonly environment: string;
  readonly campaign: string;
  readonly workflow: string;
  readonly task: string;
  readonly group: string;
  readonly taskAttempt: number;
  readonly iteration: number;
  readonly role: string;
  readonly index: number;
  readonly attempt: number;
  readonly commit: string;
  /** Digest of the values that its task was begun with. */
  readonly used: string;
};

/** Turns any text into a digest in hexadecimal; SHA-256 outside tests. */
export type Digest = (text: string) => string;

/** At most 63 characters of `a-z0-9-`, so that it serves as a Kubernetes name, a batch job name and a directory. */
export function attemptKey(identity: AttemptIdentity, digest: Digest): string {
  const readable = slug(`${identity.workflow}-${identity.task}-${identity.group}`).slice(0, 38).replace(/-+$/, "");
  return `${readable}-${digest(JSON.stringify(identity)).slice(0, 20)}`;
}

/** Where an attempt works, relative to the data directory: a path that a person can find. */
export function attemptDirectory(identity: AttemptIdentity, key: string): string {
  const job = `${identity.iteration > 1 ? `i${identity.iteration}.` : ""}${identity.role === "combine" ? "combine" : identity.index}.${identity.attempt}`;
  const steps = [
    environmentStep(identity.environment),
    identity.campaign,
    identity.workflow,
    identity.group,
    `${identity.task}.${identity.taskAttempt}`,
    `${job}-${key.slice(-8)}`,
  ];
  return `jobs/${steps.map((step) => step.replace(/[^A-Za-z0-9._-]/g, "_")).join("/")}`;
}

/** One step of a path for an environment, and no two have the same: branches may be called `a/b` and `a_b`. */
export function environmentStep(environment: string): string {
  return environment.replace(/^\.|[^A-Za-z0-9.-]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `_${code.padStart(2, "0")}` : `_u${code.padStart(4, "0")}`;
  });
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "");
}
