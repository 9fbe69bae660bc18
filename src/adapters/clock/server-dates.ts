/**
 * What time servers say it is, heard in what is asked of them anyway: every answer over HTTP has a date. Nothing is sent for it.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClockReading } from "../../core/doctor/clocks.ts";
import type { Clock } from "../../ports/clock.ts";

export type ServerDates = {
  /** The surest of each server. */
  readings(): ClockReading[];
  stop(): void;
};

type Asked = { readonly origin?: string | URL };
type Heard = { readonly request: Asked; readonly response: { readonly headers: readonly Buffer[] } };

/** A date is of a whole second, and somewhere in it. */
const HALF_A_SECOND_MS = 500;

/** @param counts whether the clock of this host is another one than ours */
export function listenForDates(clock: Clock, counts: (host: string) => boolean): ServerDates {
  const asked = new WeakMap<object, number>();
  const surest = new Map<string, ClockReading>();
  const onAsked = (message: unknown) => {
    asked.set((message as Heard).request, clock.elapsed());
  };
  const onHeard = (message: unknown) => {
    const { request, response } = message as Heard;
    const began = asked.get(request);
    const headers = headersOf(response.headers);
    const said = Date.parse(headers.get("date") ?? "");
    // What a server in between had kept says what time it was then.
    if (began === undefined || Number.isNaN(said) || headers.has("age")) return;
    const { hostname } = new URL(String(request.origin));
    if (!counts(hostname)) return;
    const took = clock.elapsed() - began;
    const aheadMs = Math.round(clock.now() - took / 2 - (said + HALF_A_SECOND_MS));
    const reading = { of: hostname, aheadMs, unsureMs: took / 2 + HALF_A_SECOND_MS };
    if (reading.unsureMs < (surest.get(hostname)?.unsureMs ?? Number.POSITIVE_INFINITY)) surest.set(hostname, reading);
  };
  subscribe("undici:request:create", onAsked);
  subscribe("undici:request:headers", onHeard);
  return {
    readings: () => [...surest.values()],
    stop() {
      unsubscribe("undici:request:create", onAsked);
      unsubscribe("undici:request:headers", onHeard);
    },
  };
}

/** Names and values take turns. */
function headersOf(raw: readonly Buffer[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) headers.set(String(raw[at]).toLowerCase(), String(raw[at + 1]));
  return headers;
}
