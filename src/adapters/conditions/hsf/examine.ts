/** A nopayloaddb, looked at as whoever uses it would: whether it answers, how it counts, what it is called, and what the token may. */
import { z } from "zod";
import { STATUSES } from "../../../core/conditions/hsf-wire.ts";
import { bad, doubtful, type Finding, good, told, unknown } from "../../../core/doctor/finding.ts";
import { plural } from "../../../core/say.ts";
import { ConditionsUnavailable } from "../../../ports/conditions.ts";
import type { ServerAddress } from "../ask.ts";
import { readNames, readTags } from "./parse.ts";
import { talkTo } from "./talk.ts";

const ABOUT = "conditions server";
const TOKEN = `${ABOUT}: the token`;
const readMode = z.object({ CDB_IOV_MODE: z.string() });

/** @param secret the name of the token's; undefined where none is named */
export async function examineHsf(address: ServerAddress, secret: string | undefined): Promise<Finding[]> {
  const { read, ask } = talkTo(address);
  try {
    const tags = await read("globalTags", readTags);
    const statuses = await read("gtstatus", readNames);
    return [
      good(ABOUT, `the nopayloaddb at ${address.url} answers, with ${plural(tags.length, "global tag")}`),
      ...statusFindings(statuses),
      ...modeFindings(await ask("GET", "user_settings/CDB_IOV_MODE/")),
      await tokenFinding(),
    ];
  } catch (error) {
    const { found, fix } = told((error as Error).message, `try curl ${address.url} on this machine`);
    return [bad(ABOUT, found, fix)];
  }

  /** A status without a name is refused there, but only after the token was looked at. */
  async function tokenFinding(): Promise<Finding> {
    try {
      const { status } = await ask("POST", "gtstatus", {});
      if (status === 400)
        return good(TOKEN, secret === undefined ? "anybody may change something there" : "it may change something");
      return unknown(TOKEN, `the server answers with ${status}, which says nothing of it`, null);
    } catch (error) {
      if (!(error instanceof ConditionsUnavailable)) throw error;
      return secret === undefined
        ? doubtful(
            TOKEN,
            "none is named, and the server asks for one: nothing is published there",
            "name it as token: { secret: NAME }",
          )
        : bad(
            TOKEN,
            "the server refuses it, so nothing is published there",
            `ask who runs the server for a new one, and store it as the secret ${secret}`,
          );
    }
  }
}

function statusFindings(there: readonly string[]): Finding[] {
  const missing = STATUSES.filter((status) => !there.includes(status));
  if (missing.length === 0) return [];
  return [
    doubtful(
      `${ABOUT}: statuses`,
      `it has no ${missing.join(", ")}, so no tag gets there`,
      "whoever runs the server adds them with POST gtstatus, where they are wanted",
    ),
  ];
}

/** Old servers do not say, and count as calops does. */
function modeFindings({ status, body }: { readonly status: number; readonly body: unknown }): Finding[] {
  const mode = status === 200 ? readMode.safeParse(body).data?.CDB_IOV_MODE : undefined;
  if (mode === undefined || mode === "continuous") return [];
  return [
    bad(
      `${ABOUT}: how it counts`,
      `its CDB_IOV_MODE is ${mode}, where the end of an interval belongs to it; calops takes it for the first moment after`,
      "set CDB_IOV_MODE=continuous there, or use another server",
    ),
  ];
}
