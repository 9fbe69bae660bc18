/** Conditions that are kept elsewhere, by what `conditions: server:` in `calops.yaml` says. */
import { join } from "node:path";
import type { Conditions } from "../../ports/conditions.ts";
import type { ServerAddress } from "./ask.ts";
import { doneChangesIn } from "./done-changes.ts";
import { payloadsFinding } from "./examine-payloads.ts";
import type { HsfOptions } from "./hsf/config.ts";
import { hsfServer } from "./hsf/hsf.ts";
import { type OutsideOptions, outsideConditions } from "./outside.ts";
import { payloadPlace } from "./payload-place.ts";

export type ServerContext = Omit<OutsideOptions, "done"> & {
  /** The value of a secret, now; throws where it has none. */
  readonly secret: (name: string) => string;
  /** Data directory of the bot. */
  readonly data: string;
};

export function openHsf({ url, timeout, payloads, token }: HsfOptions, context: ServerContext): Conditions {
  const closing = new AbortController();
  const server: ServerAddress = {
    kind: "nopayloaddb",
    url,
    timeoutMs: timeout,
    authorization: () => (token === undefined ? undefined : `Bearer ${context.secret(token.secret)}`),
    closing: closing.signal,
  };
  const place = payloadPlace(payloads, server, join(context.data, "conditions", "from-server"));
  const done = doneChangesIn(join(context.data, "conditions", "changes-on-server.jsonl"));
  const conditions = outsideConditions(hsfServer(server, place, token?.secret), { ...context, done });
  return {
    ...conditions,
    examine: async () => [...((await conditions.examine?.()) ?? []), payloadsFinding(payloads)],
    async close() {
      closing.abort();
      await conditions.close();
    },
  };
}
