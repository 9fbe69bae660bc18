/**
 * Bolt, with what calops listens to. Slack hears that something was taken once it is on disk, and not before: what it does
 * not hear of, it brings again.
 */
import { App, type Receiver, type ReceiverEvent, type types, type webApi } from "@slack/bolt";
import { type Block, say } from "../../../core/say.ts";
import type { ChatParts, Incoming } from "../../../ports/chat.ts";
import { answer } from "./answering.ts";
import type { SlackOptions } from "./config.ts";
import { chatErrorOf } from "./failure.ts";
import { firstField, lineModal } from "./form.ts";
import { cutTo } from "./graphemes.ts";
import {
  commandIncoming,
  formIncoming,
  homeIncoming,
  pressIncoming,
  type Said,
  saidIncoming,
  shortcutPlace,
} from "./incoming.ts";
import type { SlackLogger } from "./logger.ts";
import { GLOBAL_SHORTCUT, MESSAGE_SHORTCUT } from "./needs.ts";
import { placeOf } from "./place.ts";
import { type PostingParts, rendered } from "./posting.ts";

export type ListeningParts = PostingParts &
  Pick<ChatParts, "clock" | "desk" | "log"> & {
    readonly options: SlackOptions;
    readonly token: string;
    readonly logger: SlackLogger;
    readonly clientOptions: webApi.WebClientOptions;
  };

type Envelope = { readonly event_id: string; readonly authorizations?: readonly { readonly user_id: string }[] };
const MOST_IN_ERROR = 150;

export function listenWith(receivers: readonly Receiver[], parts: ListeningParts): void {
  const { clock, options, token, logger, clientOptions } = parts;
  const [receiver] = receivers;
  if (!receiver) return;
  const app = new App({
    receiver,
    logger,
    clientOptions,
    convoStore: false,
    // Nobody is asked whose token it is, or a bot could not be started while Slack is away.
    authorize: async () => ({ botToken: token }),
  });

  app.command(/.*/, async ({ command, ack }) => {
    if (command.command !== options.command)
      return await ack(`calops listens to ${options.command}; change the app's manifest, or command in calops.yaml.`);
    const told = await take(parts, commandIncoming(command, clock.now()));
    await ack(told && { response_type: "ephemeral", ...contentOf(parts, told) });
  });

  app.event("app_mention", async ({ event, body }) => {
    await takeOrTell(parts, saidIn(event as Said, body as Envelope, parts));
  });
  app.event("message", async ({ event, body }) => {
    await takeOrTell(parts, saidIn(event as Said, body as Envelope, parts));
  });
  app.event("app_home_opened", async ({ event, body }) => {
    await takeOrTell(parts, homeIncoming(event, body.event_id, clock.now()));
  });

  app.action({ type: "block_actions" }, async ({ body, ack }) => {
    const incoming = pressIncoming(body, clock.now());
    const told = incoming && (await take(parts, incoming));
    await ack();
    if (told) await tell(parts, incoming, told);
  });

  app.shortcut(GLOBAL_SHORTCUT, async ({ shortcut, ack }) => {
    await ack();
    await openLine(parts, shortcut.trigger_id, placeOf({ channel: null }, { at: clock.now() }));
  });
  app.shortcut({ callback_id: MESSAGE_SHORTCUT, type: "message_action" }, async ({ shortcut, ack }) => {
    await ack();
    await openLine(parts, shortcut.trigger_id, shortcutPlace(shortcut, clock.now()));
  });

  app.view(/.*/, async ({ body, view, ack }) => {
    if (body.type !== "view_submission") return await ack();
    const incoming = formIncoming(body.user, view, body.trigger_id);
    const told = incoming && (await take(parts, incoming));
    if (!told) return await ack();
    const error = cutTo(contentOf(parts, told).text, MOST_IN_ERROR);
    await ack({ response_action: "errors", errors: { [firstField(view.state)]: error } });
  });

  for (const one of receivers) one.init(taken(app));
}

/** Bolt tells Slack of an event that it was taken before anybody has seen it; here it is told after. */
function taken(app: App): App {
  const processEvent = async (event: ReceiverEvent): Promise<void> => {
    if (event.body["event"] === undefined) return await app.processEvent(event);
    let heard = false;
    await app.processEvent({
      ...event,
      ack: async () => {
        heard = true;
      },
    });
    if (heard) await event.ack();
  };
  return { processEvent } as App;
}

function saidIn(said: Said, { event_id, authorizations }: Envelope, { clock }: ListeningParts): Incoming | undefined {
  return saidIncoming(said, event_id, authorizations?.[0]?.user_id, clock.now());
}

/** What to tell the asker at once, where it was not taken. */
async function take({ desk, log }: ListeningParts, incoming: Incoming): Promise<readonly Block[] | undefined> {
  try {
    const took = await desk.take(incoming);
    return took.taken ? undefined : took.say;
  } catch (error) {
    log.error({ key: incoming.key, error: (error as Error).stack }, "a request from Slack could not be taken");
    return [say`It failed inside calops, so nothing was taken. Ask again in a minute.`];
  }
}

async function takeOrTell(parts: ListeningParts, incoming: Incoming | undefined): Promise<void> {
  if (!incoming) return;
  const told = await take(parts, incoming);
  if (told) await tell(parts, incoming, told);
}

async function tell(parts: ListeningParts, incoming: Incoming, blocks: readonly Block[]): Promise<void> {
  try {
    await answer(parts, { ...incoming, blocks });
  } catch (error) {
    parts.log.warn({ error: (error as Error).message }, "somebody could not be told that nothing was taken");
  }
}

async function openLine(parts: ListeningParts, trigger: string, place: Incoming["place"]): Promise<void> {
  try {
    await parts.client.views.open({ trigger_id: trigger, view: lineModal(place, parts.options.command) });
  } catch (error) {
    // Whoever asked for it sees that nothing opens, and asks again.
    parts.log.warn({ error: chatErrorOf(error, "open a form").message }, "a form could not be opened");
  }
}

function contentOf(parts: ListeningParts, blocks: readonly Block[]): { text: string; blocks: types.KnownBlock[] } {
  const { text, blocks: shown } = rendered({ ...parts, wholeUrl: () => null }, "", blocks);
  return { text, blocks: shown };
}
