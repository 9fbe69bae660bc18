/** Opens a form before the one who asked, and reads what came back. */
import type { Form } from "../../../core/chat/form.ts";
import type { Place } from "../../../core/chat/request.ts";
import type { Incoming } from "../../../ports/chat.ts";
import { dialogOf, valuesOf } from "./dialog.ts";
import type { Submission } from "./parse.ts";
import { nameFor, readState, writeState } from "./proof.ts";
import { readRemote, writeRemote } from "./remote.ts";
import { Refusal, type Server } from "./server.ts";

export type FormParts = {
  readonly server: Server;
  readonly token: string;
  /** Where the server sends forms to. */
  readonly url: string;
};

export async function openForm(
  { server, token, url }: FormParts,
  place: Place,
  form: Form,
  seal: string,
): Promise<boolean> {
  const { trigger, user, hook } = readRemote(place.remote);
  if (trigger === undefined || user === undefined) return false;
  const once = nameFor("form", trigger);
  const state = writeState(
    { seal, user: user.id, userName: user.name, once, place: { ...place, remote: writeRemote(hook ? { hook } : {}) } },
    token,
  );
  try {
    await server.openDialog({ trigger_id: trigger, url, dialog: dialogOf(form, once, state) });
    return true;
  } catch (error) {
    // It is too late for this trigger, or somebody else's.
    if (error instanceof Refusal && error.status === 400) return false;
    throw error;
  }
}

/** Undefined for one that the bot did not open for this account. */
export function incomingOfForm(given: Submission, token: string): Incoming | undefined {
  const opened = readState(given.state, given.user_id, token);
  return (
    opened && {
      key: `mattermost form ${opened.once}`,
      account: { chat: "mattermost", id: opened.user, name: opened.userName },
      place: opened.place,
      asking: { kind: "form", seal: opened.seal, values: valuesOf(given.submission ?? {}) },
    }
  );
}
