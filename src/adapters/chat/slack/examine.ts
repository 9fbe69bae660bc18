/** Slack, looked at as its administrator would: the tokens, what they may, the sockets, the channels, the clock. */
import { webApi } from "@slack/bolt";
import type { Finding } from "../../../core/doctor/finding.ts";
import { formatDuration } from "../../../core/time.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { SlackOptions } from "./config.ts";
import { chatErrorOf, refusalOf } from "./failure.ts";
import { SCOPES } from "./needs.ts";
import { REQUEST_PATH } from "./signed.ts";
import type { Sockets } from "./sockets.ts";

export type ExamineParts = {
  readonly client: webApi.WebClient;
  readonly clock: Clock;
  readonly options: SlackOptions;
  readonly token: string;
  readonly appToken: string | undefined;
  readonly sockets: Sockets | undefined;
  readonly url: () => string | null;
  /** `#name`s that messages go to. */
  readonly channels: readonly string[];
  readonly clientOptions: webApi.WebClientOptions;
};

/** Slack refuses what is five minutes off. */
const BAD_SKEW_MS = 5 * 60_000;
const DOUBTFUL_SKEW_MS = 30_000;
const INSTALL = "on api.slack.com/apps choose the app, then OAuth & Permissions";

export async function examine(parts: ExamineParts): Promise<Finding[]> {
  const { client } = parts;
  let seen: webApi.AuthTestResponse;
  try {
    seen = await client.auth.test();
  } catch (error) {
    return [tokenFinding(parts, error)];
  }
  return [
    good("the bot token", `it is ${seen.user ?? "the bot"}'s in the workspace ${seen.team ?? "of the app"}`),
    ...scopeFindings(seen.response_metadata?.scopes),
    await clockFinding(parts),
    await wayFinding(parts),
    ...(await channelFindings(parts)),
  ];
}

function tokenFinding({ options }: ExamineParts, error: unknown): Finding {
  const found = chatErrorOf(error, "look at its own token").message;
  if (refusalOf(error) === undefined)
    return {
      about: "slack: the connection",
      state: "unknown",
      found,
      fix: `let the bot's machine reach ${new URL(options.api).host} over HTTPS`,
    };
  const name = options["bot-token"].secret;
  return bad(
    "the bot token",
    found,
    `${INSTALL}, Install to Workspace, and put the Bot User OAuth Token, which begins with xoxb-, into the secret ${name}`,
  );
}

function scopeFindings(scopes: readonly string[] | undefined): Finding[] {
  if (scopes === undefined)
    return [
      {
        about: "slack: the rights of the bot token",
        state: "unknown",
        found: "Slack did not say what the token may",
        fix: null,
      },
    ];
  const missing = Object.entries(SCOPES).filter(([scope]) => !scopes.includes(scope));
  if (missing.length === 0) return [good("the rights of the bot token", "it may all that calops needs")];
  return missing.map(([scope, without]) =>
    bad(
      `the right ${scope}`,
      `the bot token lacks it, so ${without}`,
      `${INSTALL}, Bot Token Scopes, add ${scope}, and Reinstall to Workspace`,
    ),
  );
}

async function clockFinding({ client, clock, clientOptions }: ExamineParts): Promise<Finding> {
  const about = "slack: the clock";
  try {
    const asked = clock.elapsed();
    const response = await fetch(`${client.slackApiUrl}api.test`, {
      method: "POST",
      signal: AbortSignal.timeout(clientOptions.timeout ?? 10_000),
    });
    const took = clock.elapsed() - asked;
    const theirs = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(theirs)) return { about, state: "unknown", found: "Slack did not say what time it is", fix: null };
    const off = Math.max(0, Math.abs(clock.now() - theirs) - took - 1_000);
    const found = `this machine's clock and Slack's are ${formatDuration(off)} apart`;
    const fix = "let the machine's clock follow a time server, for example with chrony";
    if (off >= BAD_SKEW_MS) return bad("the clock", `${found}, so Slack's requests are refused`, fix);
    return off >= DOUBTFUL_SKEW_MS ? { about, state: "doubtful", found, fix } : good("the clock", found);
  } catch (error) {
    return { about, state: "unknown", found: `Slack was not reached: ${(error as Error).message}`, fix: null };
  }
}

/** How Slack gets to the bot. */
async function wayFinding({ options, appToken, sockets, url, clientOptions }: ExamineParts): Promise<Finding> {
  if (appToken === undefined) return httpFinding(url());
  const name = options["app-token"]?.secret ?? "";
  try {
    await new webApi.WebClient(appToken, { ...clientOptions }).apps.connections.open({});
  } catch (error) {
    return bad(
      "the app token",
      chatErrorOf(error, "open a socket").message,
      `on api.slack.com/apps choose the app: under Socket Mode turn it on; under Basic Information, App-Level Tokens, generate one with connections:write, and put it, which begins with xapp-, into the secret ${name}`,
    );
  }
  if (sockets === undefined) return good("the app token", "it opens sockets");
  const open = sockets.open();
  if (open > 0) return good("the sockets", `${open} open`);
  return {
    about: "slack: the sockets",
    state: "doubtful",
    found: "the app token opens sockets, but none is open at the moment",
    fix: "wait a minute; if it stays so, let the bot's machine reach wss-primary.slack.com over HTTPS, and look into the bot's log",
  };
}

function httpFinding(url: string | null): Finding {
  if (url === null)
    return bad("the address for requests", "the bot does not listen", "start it with --port N, or use Socket Mode");
  const here = `${url.replace(/\/$/, "")}${REQUEST_PATH}`;
  if (!url.startsWith("https://"))
    return {
      about: "slack: the address for requests",
      state: "doubtful",
      found: `the bot listens at ${here}, which Slack reaches only through something that speaks HTTPS`,
      fix: `put a proxy with a certificate in front of it, and its address with ${REQUEST_PATH} into the app's manifest; or use Socket Mode`,
    };
  return good("the address for requests", `Slack is to send to ${here}`);
}

async function channelFindings({ client, channels }: ExamineParts): Promise<Finding[]> {
  const names = [...new Set(channels.filter((one) => one.startsWith("#")).map((one) => one.slice(1)))];
  if (names.length === 0) return [];
  try {
    const known = new Map<string, boolean>();
    let cursor: string | undefined;
    do {
      const page = await client.conversations.list({
        types: "public_channel,private_channel",
        exclude_archived: true,
        limit: 1_000,
        ...(cursor && { cursor }),
      });
      for (const { name, is_member } of page.channels ?? []) if (name) known.set(name, is_member === true);
      cursor = page.response_metadata?.next_cursor;
    } while (cursor);
    return names.map((name) => {
      if (known.get(name)) return good(`the channel #${name}`, "calops is in it");
      return bad(
        `the channel #${name}`,
        known.has(name) ? "calops is not in it, so nothing can be posted there" : "calops sees no such channel",
        known.has(name)
          ? `write /invite and the name of calops in #${name}`
          : `make #${name}, or write /invite and the name of calops in it if it is private`,
      );
    });
  } catch (error) {
    const found = chatErrorOf(error, "look at the channels").message;
    return [{ about: "slack: the channels", state: "unknown", found, fix: null }];
  }
}

function good(about: string, found: string): Finding {
  return { about: `slack: ${about}`, state: "good", found, fix: null };
}

function bad(about: string, found: string, fix: string): Finding {
  return { about: `slack: ${about}`, state: "bad", found, fix };
}
