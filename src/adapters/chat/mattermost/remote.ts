/** What has to be known beside the place to answer there, as it is stored with a request. */
import { z } from "zod";
import type { Instant } from "../../../core/time.ts";

/** A slash command's own address for answers: five uses in half an hour. */
const hook = z.strictObject({ id: z.string().regex(/^[a-z0-9]{26}$/), at: z.number() });

const remote = z.strictObject({
  /** Opens a form, for a few seconds. */
  trigger: z.string().max(2_000).optional(),
  /** Whose trigger it is. */
  user: z.strictObject({ id: z.string(), name: z.string() }).optional(),
  hook: hook.optional(),
});

export type Remote = z.output<typeof remote>;
export type Hook = z.output<typeof hook>;

const HOOK_LIVES_MS = 30 * 60_000;
/** A little less than the server allows, so that it is not used in vain. */
const HOOK_SPARE_MS = 30_000;

export function writeRemote(of: Remote): string {
  return JSON.stringify(of);
}

/** What another version wrote, or none, is nothing that could be used. */
export function readRemote(text: string): Remote {
  try {
    return remote.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

export function stillOpen(hook: Hook | undefined, now: Instant): hook is Hook {
  return hook !== undefined && now - hook.at < HOOK_LIVES_MS - HOOK_SPARE_MS;
}
