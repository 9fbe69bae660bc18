/** What the server sends over HTTP: commands, presses and forms. Each is known to be the server's before anything is read into it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Block, say } from "../../../core/say.ts";
import type { ChatDesk, Incoming } from "../../../ports/chat.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type { Commands } from "./commands.ts";
import type { Connection } from "./connection.ts";
import { incomingOfForm } from "./form.ts";
import {
  asJson,
  incomingOfAction,
  incomingOfCommand,
  parseAction,
  parseCommand,
  parseSubmission,
  readTrigger,
} from "./parse.ts";
import { actionSecret, isSame } from "./proof.ts";
import type { Reach } from "./reach.ts";
import { renderBlocks } from "./render.ts";
import type { Server } from "./server.ts";
import type { Presses } from "./waiting.ts";

export type ListenParts = {
  readonly server: Server;
  readonly connection: Connection;
  readonly commands: () => Commands | undefined;
  readonly presses: Presses;
  readonly reach: Reach;
  readonly desk: ChatDesk;
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a press is held for its answer; everything has to be answered within a second. */
  readonly holdMs: number;
};

/** A post in which each character takes twelve in a form. */
const LONGEST_BODY = 256 * 1024;
const LOOK_UP_MS = 700;
const OLDEST_MS = 5 * 60_000;

type Answer = { readonly status: number; readonly body: unknown };

const refused: Answer = { status: 401, body: { message: "this does not come from the server" } };
const unreadable: Answer = { status: 400, body: { message: "this is not what the server sends" } };

export async function listen(parts: ListenParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let answer: Answer;
  try {
    answer = await answerTo(parts, request);
  } catch (error) {
    parts.log.error({ error: (error as Error).stack }, "what Mattermost sent could not be taken");
    answer = { status: 500, body: { message: "calops could not take this; its log says why" } };
  }
  if (response.destroyed) return;
  response.writeHead(answer.status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(answer.body));
}

async function answerTo(parts: ListenParts, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://here");
  const [, what = "", secret = ""] =
    /\/chat\/mattermost\/(command|action|dialog)(?:\/([0-9a-f]+))?$/.exec(pathname) ?? [];
  if (what === "") return { status: 404, body: { message: "nothing is here" } };
  if (request.method !== "POST") return { status: 405, body: { message: "only POST" } };
  if (what === "action" && !isSame(secret, actionSecret(parts.token))) return refused;
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== (what === "command" ? "application/x-www-form-urlencoded" : "application/json"))
    return { status: 415, body: { message: "not the type of what the server sends" } };
  const text = await bodyOf(request);
  if (text === undefined) return { status: 413, body: { message: "too long" } };
  if (what === "command") return await takeCommand(parts, request, text);
  const body = asJson(text);
  return what === "action" ? await takePress(parts, body) : await takeForm(parts, body);
}

async function takeCommand(parts: ListenParts, request: IncomingMessage, text: string): Promise<Answer> {
  const given = parseCommand(new URLSearchParams(text));
  if (!given) return unreadable;
  const known = await within(parts.connection.ask());
  const commands = parts.commands();
  if (!known || !commands) return toAsker([say`calops has just started and is not ready yet. Ask again in a minute.`]);
  const header = /^Token (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const ours = await within(commands.isOurs(given.team_id, [header, given.token], known));
  if (!ours || isStale(parts, given.trigger_id, given.user_id)) return refused;
  parts.reach.reached();
  // The bot gives its own command to see whether it arrives.
  if (given.user_id === known.self.id) return { status: 200, body: {} };
  const not = await take(parts, incomingOfCommand(given, known.self.id, parts.clock.now()));
  return not === undefined ? { status: 200, body: {} } : toAsker(not);
}

async function takePress(parts: ListenParts, body: unknown): Promise<Answer> {
  const given = parseAction(body);
  if (!given) return unreadable;
  if (isStale(parts, given.trigger_id, given.user_id)) return refused;
  parts.reach.reached();
  const { presses, holdMs } = parts;
  const press = incomingOfAction(given, parts.connection.known?.self.id ?? "");
  // Before it is taken, since the answer may be there before the promise of it.
  const answer = presses.hold(press.key, holdMs);
  const not = await take(parts, press);
  if (not !== undefined) {
    presses.answer(press.key, "");
    return pressed(textOf(not));
  }
  return pressed((await answer) ?? "");
}

async function takeForm(parts: ListenParts, body: unknown): Promise<Answer> {
  const given = parseSubmission(body);
  if (!given) return unreadable;
  const form = incomingOfForm(given, parts.token);
  if (!form) return refused;
  if (given.cancelled) return { status: 200, body: {} };
  const not = await take(parts, form);
  return { status: 200, body: not === undefined ? {} : { error: textOf(not) } };
}

/** Undefined once it is written down; otherwise what to say at once. */
async function take({ desk, log }: ListenParts, incoming: Incoming): Promise<readonly Block[] | undefined> {
  try {
    const taken = await desk.take(incoming);
    return taken.taken ? undefined : taken.say;
  } catch (error) {
    log.error(
      { key: incoming.key, error: (error as Error).stack },
      "a request from Mattermost could not be written down",
    );
    return [say`calops could not write this down, so nothing was done. Ask again in a minute.`];
  }
}

/** What the server sent long ago, or will send, somebody else sends now. */
function isStale({ clock, server }: ListenParts, trigger: string, user: string): boolean {
  const made = readTrigger(trigger);
  if (!made) return false;
  const thereNow = clock.now() + (server.aheadMs ?? 0);
  return made.user !== user || Math.abs(thereNow - made.at) > OLDEST_MS;
}

function toAsker(blocks: readonly Block[]): Answer {
  return { status: 200, body: { response_type: "ephemeral", text: textOf(blocks), skip_slack_parsing: true } };
}

function pressed(text: string): Answer {
  return { status: 200, body: text === "" ? {} : { ephemeral_text: text, skip_slack_parsing: true } };
}

function textOf(blocks: readonly Block[]): string {
  return renderBlocks(blocks, { most: 4_000, wholeUrl: null }).pieces.join("\n\n");
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Undefined where it takes too long, or fails: the server waits for an answer. */
async function within<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LOOK_UP_MS);
  });
  return await Promise.race([promise.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}
