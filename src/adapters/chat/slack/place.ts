/** Where somebody asked, as it is carried from the request to its answer. */
import type { Place } from "../../../core/chat/request.ts";
import type { Instant } from "../../../core/time.ts";

/** What Slack gave with a request, for its answer. */
export type Remote = {
  /** Takes five answers in half an hour, also where the bot is no member. */
  readonly responseUrl?: string;
  /** Opens a form within three seconds. */
  readonly trigger?: string;
  /** When it came. */
  readonly at: Instant;
  /** Whose home page it is. */
  readonly home?: string;
};

export function placeOf(
  where: { readonly channel: string | null; readonly thread?: string | undefined; readonly direct?: boolean },
  remote: Remote,
): Place {
  const { channel, thread, direct = false } = where;
  return {
    channel,
    thread: channel === null || thread === undefined ? null : refOf(channel, thread),
    direct,
    remote: JSON.stringify(remote),
  };
}

export function remoteOf({ remote }: Pick<Place, "remote">): Remote {
  return JSON.parse(remote) as Remote;
}

/** A message, as calops calls it: its channel and its moment, which together are its name. */
export function refOf(channel: string, ts: string): string {
  return `${channel}:${ts}`;
}

export function messageOf(ref: string): { readonly channel: string; readonly ts: string } {
  const [channel = "", ts = ""] = ref.split(":");
  return { channel, ts };
}
