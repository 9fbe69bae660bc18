/**
 * A Mattermost server on loopback that stands in for the real one: its API, its event stream and what it sends to a bot, with
 * its limits, its refusals and its time, which is a hand clock's. What it does is taken from the server's own sources, its
 * documents and the types of its client. What it is asked beyond that is a complaint, which a test looks at in the end.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { HandClock } from "./hand-clock.ts";
import { Integrations, labelsOf, type OpenDialog } from "./mattermost/integrations.ts";
import { type Asked, restOf } from "./mattermost/rest.ts";
import { openSockets, type Sockets } from "./mattermost/sockets.ts";
import { type Post, required, World } from "./mattermost/world.ts";
import type { Trouble } from "./strict-server.ts";

export type Shown = {
  readonly id: string;
  readonly text: string;
  /** What its thread hangs from; null outside of threads. */
  readonly thread: string | null;
  readonly buttons: readonly string[];
  /** Only this person sees it. */
  readonly ephemeral: boolean;
  readonly by: string;
};

/** Where somebody does something: `#timing`, or `@calops` for their conversation with the bot. */
export type Where = { readonly channel: string; readonly user: string; readonly thread?: string };

export type FakeMattermost = {
  readonly origin: string;
  readonly world: World;
  readonly sockets: Sockets;
  readonly integrations: Integrations;
  /** What was asked so far, in order. */
  readonly calls: Asked[];
  readonly complaints: string[];
  readonly botToken: string;
  /** From now on, for all that is asked or for what fits; without a trouble everything is well again. */
  trouble(what?: Trouble, when?: (asked: Asked) => boolean): void;
  /** Resolves when the server has what the bot answered; with what the person sees as an error. */
  types(line: string, where: Where): Promise<string | undefined>;
  /** Says something to the bot by its name. */
  mentions(line: string, where: Where): string;
  presses(messageId: string, label: string, user: string): Promise<string | undefined>;
  /** Fills in and sends the form that stands before this person: by the names of its fields or what stands beside them. */
  fills(user: string, values: Readonly<Record<string, string>>): Promise<Record<string, unknown>>;
  /** The form that stands before this person, if one does. */
  form(user: string): Readonly<Record<string, unknown>> | undefined;
  shown(channel: string, user: string): Shown[];
  /** Somebody deletes a message. */
  deletes(messageId: string): void;
  close(): Promise<void>;
};

/** With a team `na62`, its channel `#timing`, a bot `@calops` that administrates the team, and people. */
export async function aMattermost(
  clock: HandClock,
  people: readonly string[] = ["ada", "bob"],
): Promise<FakeMattermost> {
  const world = new World(clock);
  const integrations = new Integrations(world);
  const rest = restOf(world, integrations);
  const calls: Asked[] = [];
  let trouble: Trouble | undefined;
  let concerns: (asked: Asked) => boolean = () => true;

  const http = createServer(async (request, response) => {
    const asked = await read(request);
    calls.push(asked);
    const troubled = trouble !== undefined && concerns(asked) ? trouble : undefined;
    if (troubled === "hangs") return;
    const reply = troubled === undefined || troubled === "loses its answer" ? await rest(asked) : undefined;
    if (troubled === "breaks off" || troubled === "loses its answer") return void response.destroy();
    const { status, body, headers } = { headers: {}, ...(reply ?? (troubled as Exclude<Trouble, string>)) };
    const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
    response.writeHead(status, {
      "content-type": typeof body === "string" ? "text/plain" : "application/json",
      date: new Date(clock.now()).toUTCString(),
      "x-version-id": `${world.settings.version}.1.hash.false`,
      ...headers,
    });
    response.end(text);
  });
  const sockets = openSockets(http, world);
  integrations.tell = sockets.tell;
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  world.settings.siteUrl = origin;
  world.addTeam("na62");
  const bot = world.addUser("calops", { bot: true, team: "na62" });
  world.team("na62").members.set(bot.id, "team_user team_admin");
  for (const person of people) world.addUser(person, { team: "na62" });
  world.addChannel("timing", { team: "na62", members: ["calops", ...people] });

  const speak = (message: string, { channel, user, thread = "" }: Where): Post => {
    const { id } = world.channel(channel, user);
    return world.add({ user_id: world.user(user).id, channel_id: id, message, root_id: thread });
  };
  const openForm = (user: string): OpenDialog | undefined =>
    integrations.dialogs.findLast((one) => one.user === world.user(user).id);

  return {
    origin,
    world,
    sockets,
    integrations,
    calls,
    complaints: world.complaints,
    botToken: bot.token,
    trouble(what, when = () => true) {
      trouble = what;
      concerns = when;
    },
    async types(line, where) {
      if (!line.startsWith("/")) {
        speak(line, where);
        return undefined;
      }
      const channel = world.channel(where.channel, where.user);
      const team = channel.team_id || (world.teams[0]?.id ?? "");
      return await integrations.command(line, {
        user: world.user(where.user),
        channel,
        root: where.thread ?? "",
        team,
      });
    },
    mentions: (line, where) => speak(`@calops ${line}`, where).id,
    async presses(messageId, label, user) {
      const post = required(
        world.posts.find(({ id }) => id === messageId),
        `no message ${messageId}`,
      );
      if (post.only && post.only !== world.user(user).id) throw new Error(`@${user} does not see this message`);
      return await integrations.press(post, label, world.user(user));
    },
    async fills(user, values) {
      const open = required(openForm(user), `no form stands before @${user}`);
      const submission = submissionOf(open.dialog, values);
      const missing = missingIn(open.dialog, submission);
      if (missing) return { errors: { [missing]: "This field is required." } };
      const answer = await integrations.submit(open, submission);
      if (!answer["error"] && !answer["errors"]) integrations.dialogs.splice(integrations.dialogs.indexOf(open), 1);
      return answer;
    },
    form: (user) => openForm(user)?.dialog,
    shown(channel, user) {
      const { id } = world.channel(channel, user);
      const me = world.user(user).id;
      return world.posts
        .filter((post) => post.channel_id === id && post.delete_at === 0 && (post.only === "" || post.only === me))
        .map((post) => ({
          id: post.id,
          text: post.message,
          thread: post.root_id || null,
          buttons: labelsOf(post),
          ephemeral: post.only !== "",
          by: world.users.find((one) => one.id === post.user_id)?.username ?? "",
        }));
    },
    deletes(messageId) {
      const post = world.posts.find((one) => one.id === messageId);
      if (post) Object.assign(post, { delete_at: clock.now(), update_at: clock.now() });
    },
    async close() {
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

type Element = {
  readonly name: string;
  readonly display_name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly default: string;
};

function submissionOf(dialog: OpenDialog["dialog"], values: Readonly<Record<string, string>>): Record<string, unknown> {
  const elements = dialog["elements"] as Element[];
  const unknown = Object.keys(values).filter(
    (key) => !elements.some(({ name, display_name }) => name === key || display_name === key),
  );
  if (unknown.length > 0) throw new Error(`the form has no field ${unknown.join(", ")}`);
  return Object.fromEntries(
    elements.map((element) => {
      const value = values[element.name] ?? values[element.display_name] ?? element.default;
      return [element.name, element.type === "bool" ? value === "yes" || value === "true" : value];
    }),
  );
}

function missingIn(dialog: OpenDialog["dialog"], submission: Readonly<Record<string, unknown>>): string | undefined {
  return (dialog["elements"] as Element[]).find(({ name, optional }) => !optional && submission[name] === "")?.name;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
  const bytes = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  const type = request.headers["content-type"] ?? "";
  return {
    method: request.method ?? "",
    path: pathname,
    query: searchParams,
    token: (request.headers.authorization ?? "").replace(/^bearer /i, ""),
    body: type.startsWith("multipart/")
      ? await parts(bytes, type)
      : ((bytes.length > 0 ? JSON.parse(bytes.toString("utf8")) : {}) as Record<string, unknown>),
  };
}

async function parts(bytes: Buffer, type: string): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
  const files = form.getAll("files").map((file) => ({ name: (file as File).name, size: (file as File).size }));
  return { channel_id: String(form.get("channel_id")), files };
}
