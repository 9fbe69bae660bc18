/** Conditions that are kept elsewhere, by what `conditions: server:` in `calops.yaml` says. */
import { join } from "node:path";
import type { Conditions } from "../../ports/conditions.ts";
import type { ServerAddress } from "./ask.ts";
import { belle2Server } from "./belle2/belle2.ts";
import type { Belle2Options } from "./belle2/config.ts";
import { bellePayloads } from "./belle2/payloads.ts";
import { talkTo } from "./belle2/talk.ts";
import { doneChangesIn } from "./done-changes.ts";
import { payloadsFinding } from "./examine-payloads.ts";
import type { HsfOptions } from "./hsf/config.ts";
import { hsfServer } from "./hsf/hsf.ts";
import { type OutsideOptions, outsideConditions } from "./outside.ts";
import { payloadPlace } from "./payload-place.ts";
import type { ConditionsServer } from "./server.ts";

export type ServerContext = Omit<OutsideOptions, "done"> & {
  /** The value of a secret, now; throws where it has none. */
  readonly secret: (name: string) => string;
  /** Data directory of the bot. */
  readonly data: string;
};

export function openHsf(options: HsfOptions, context: ServerContext): Conditions {
  const { address, over } = opening("nopayloaddb", options, context);
  const { payloads, token } = options;
  const place = payloadPlace(payloads, address, join(context.data, "conditions", "from-server"));
  const conditions = over(hsfServer(address, place, token?.secret));
  return {
    ...conditions,
    examine: async () => [...((await conditions.examine?.()) ?? []), payloadsFinding(payloads)],
  };
}

export function openBelle2(options: Belle2Options, context: ServerContext): Conditions {
  const { address, over } = opening("the conditions server of Belle II", options, context);
  const talk = talkTo(address);
  return over(
    belle2Server(address, talk, bellePayloads(talk, address, join(context.data, "conditions", "from-server"))),
  );
}

type Asked = Pick<HsfOptions, "url" | "timeout" | "token">;

function opening(kind: string, { url, timeout: timeoutMs, token }: Asked, context: ServerContext) {
  const closing = new AbortController();
  const address: ServerAddress = {
    kind,
    url,
    timeoutMs,
    authorization: () => (token === undefined ? undefined : `Bearer ${context.secret(token.secret)}`),
    closing: closing.signal,
  };
  const done = doneChangesIn(join(context.data, "conditions", "changes-on-server.jsonl"));
  const over = (server: ConditionsServer): Conditions => {
    const conditions = outsideConditions(server, { ...context, done });
    return {
      ...conditions,
      async close() {
        closing.abort();
        await conditions.close();
      },
    };
  };
  return { address, over };
}
