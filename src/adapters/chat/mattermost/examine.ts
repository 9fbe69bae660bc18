/** Every connection and right that the bot needs in Mattermost, looked at one after the other, each with what to do about it. */
import type { Finding } from "../../../core/doctor/finding.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Channels } from "./channels.ts";
import type { Commands, Registration } from "./commands.ts";
import type { MattermostOptions } from "./config.ts";
import type { Connection, Known } from "./connection.ts";
import type { Reach } from "./reach.ts";
import { mayWhat, type Rights } from "./rights.ts";
import { asChatError, Refusal, type Server } from "./server.ts";

export type ExamineParts = {
  readonly options: MattermostOptions;
  readonly server: Server;
  readonly connection: Connection;
  readonly reach: Reach;
  readonly clock: Clock;
  /** Under which the server reaches the bot; null while it does not listen. */
  readonly url: string | null;
  readonly commands: Commands | undefined;
  readonly channels: Channels;
  /** `#name`s that messages go to. */
  readonly posted: readonly string[];
  readonly connected: () => boolean;
};

/** Blocks, dialogs and the rights that are asked for here are known since then. */
const OLDEST_VERSION = 10;
const CLOCK_APART_MS = 60_000;

export async function examine(parts: ExamineParts): Promise<Finding[]> {
  let known: Known;
  try {
    known = await parts.connection.refresh();
  } catch (error) {
    return [unreachable(parts, error)];
  }
  const findings = [
    serverFinding(parts, known),
    tokenFinding(known),
    siteUrlFinding(known, parts.options),
    clockFinding(parts),
  ];
  findings.push(...teamFindings(parts.options, known), socketFinding(parts), ...(await channelFindings(parts, known)));
  try {
    const rights = await mayWhat(parts.server, known);
    findings.push(
      ...commandFindings(parts, known, rights),
      ephemeralFinding(known, rights),
      await reachFinding(parts, known),
    );
  } catch (error) {
    findings.push({
      about: "mattermost: rights",
      state: "unknown",
      found: asChatError(error, "the rights of the bot could not be looked at").message,
      fix: "Give this command again when the server answers.",
    });
  }
  return findings;
}

/** As they are now, whatever was known of them before. */
async function channelFindings({ channels, posted }: ExamineParts, known: Known): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const channel of new Set(posted.filter((one) => one.startsWith("#")))) {
    const name = channel.slice(1);
    const about = `mattermost: the channel ~${name}`;
    channels.forget(channel);
    try {
      await channels.idOf(channel, known);
      findings.push({ about, state: "good", found: `The bot can post in ~${name}.`, fix: null });
    } catch (error) {
      const away = error instanceof Refusal;
      findings.push({
        about,
        state: away ? "unknown" : "bad",
        found: away
          ? asChatError(error, "it could not be looked at").message
          : `The bot sees no channel ~${name} in its teams.`,
        fix: away
          ? "Give this command again when the server answers."
          : `Make ~${name}, or type in it, where it is private: /invite @${known.self.username}`,
      });
    }
  }
  return findings;
}

function unreachable({ options }: ExamineParts, error: unknown): Finding {
  if (error instanceof Refusal && error.status === 401)
    return {
      about: "mattermost: the bot token",
      state: "bad",
      found: `The server does not know the token in ${options.token.secret}, or it was revoked.`,
      fix: `In Mattermost: Integrations > Bot Accounts > the bot > Create New Token. Write it into ${options.token.secret} and start the bot again.`,
    };
  return {
    about: "mattermost: the server",
    state: "bad",
    found: asChatError(error, `nothing can be told at ${options.url}`).message,
    fix: `From the machine of the bot try: curl ${options.url}/api/v4/system/ping. Then mend the address chats.mattermost.url in calops.yaml, or the network between.`,
  };
}

function serverFinding({ options }: ExamineParts, { version, blocks }: Known): Finding {
  const about = "mattermost: the server";
  const found = `${options.url} answers, with version ${version || "unknown"}${blocks ? " and Mattermost Blocks" : ""}.`;
  const major = Number(version.split(".")[0]);
  if (major >= OLDEST_VERSION) return { about, state: "good", found, fix: null };
  return {
    about,
    state: "doubtful",
    found,
    fix: `calops is tried with ${OLDEST_VERSION}.0 and newer; upgrade the server.`,
  };
}

function tokenFinding({ self }: Known): Finding {
  const about = "mattermost: the bot token";
  if (self.isBot)
    return {
      about,
      state: "good",
      found: `The token is valid, and is of the bot account @${self.username}.`,
      fix: null,
    };
  return {
    about,
    state: "doubtful",
    found: `The token is of @${self.username}, which is a person and no bot account; what the bot says looks as if they said it.`,
    fix: "In Mattermost: Integrations > Bot Accounts > Add Bot Account. Use its token.",
  };
}

function siteUrlFinding({ siteUrl }: Known, options: MattermostOptions): Finding {
  const about = "mattermost: SiteURL";
  if (siteUrl === "")
    return {
      about,
      state: "bad",
      found: "SiteURL is not set, so the server refuses all slash commands.",
      fix: `System Console > Environment > Web Server > Site URL: write ${options.url} and save.`,
    };
  return { about, state: "good", found: `SiteURL is ${siteUrl}.`, fix: null };
}

function clockFinding({ server }: ExamineParts): Finding {
  const about = "mattermost: clocks";
  const ahead = server.aheadMs;
  if (ahead === undefined)
    return { about, state: "unknown", found: "The server does not say what time it has.", fix: null };
  const seconds = Math.round(Math.abs(ahead) / 1_000);
  if (Math.abs(ahead) < CLOCK_APART_MS)
    return { about, state: "good", found: `The clocks of server and bot are ${seconds} s apart.`, fix: null };
  return {
    about,
    state: "doubtful",
    found: `The server's clock is ${seconds} s ${ahead > 0 ? "ahead of" : "behind"} the bot's.`,
    fix: "Let both machines follow the same time servers (timedatectl set-ntp true).",
  };
}

function teamFindings(options: MattermostOptions, { teams, closed, self }: Known): Finding[] {
  const inThem = teams.map(({ name }): Finding => {
    return { about: `mattermost: the team ${name}`, state: "good", found: `@${self.username} is in it.`, fix: null };
  });
  const outside = closed.map((name): Finding => {
    return {
      about: `mattermost: the team ${name}`,
      state: "bad",
      found: `There is no team ${name}, or @${self.username} is not in it.`,
      fix: `In the team's menu: Invite People > Add @${self.username}. If it has another name in its address, change chats.mattermost.team in calops.yaml${options.team.length > 1 ? " where it says so" : ""}.`,
    };
  });
  return [...inThem, ...outside];
}

function socketFinding({ connected, options, url }: ExamineParts): Finding {
  const about = "mattermost: WebSocket";
  if (url === null)
    return {
      about,
      state: "unknown",
      found: "No bot is running here that would be connected.",
      fix: "Start the bot, and give this command again.",
    };
  if (connected())
    return { about, state: "good", found: "It is connected: what people say to the bot arrives.", fix: null };
  return {
    about,
    state: "bad",
    found: "It is not connected, so the bot does not hear who speaks to it. Commands, buttons and messages work.",
    fix: `A proxy in front of ${options.url} must pass on WebSockets for /api/v4/websocket (headers Upgrade and Connection).`,
  };
}

function commandFindings({ commands, options, url }: ExamineParts, { teams, self }: Known, rights: Rights): Finding[] {
  const command = `/${options.command}`;
  if (url === null)
    return [
      {
        about: `mattermost: ${command}`,
        state: "unknown",
        found: "No bot is running here that the server could send commands to.",
        fix: "Start the bot, and give this command again.",
      },
    ];
  return teams.map(({ name }) => {
    const about = `mattermost: ${command} in ${name}`;
    const registration = commands?.registrations.get(name);
    return { about, ...commandFinding(registration, { command, url, bot: self.username, options, rights }) };
  });
}

type CommandContext = {
  readonly command: string;
  readonly url: string;
  readonly bot: string;
  readonly options: MattermostOptions;
  readonly rights: Rights;
};

function commandFinding(registration: Registration | undefined, of: CommandContext): Omit<Finding, "about"> {
  const { command, url, bot, options, rights } = of;
  const address = `${url.replace(/\/+$/, "")}/chat/mattermost/command`;
  switch (registration?.state) {
    case undefined:
      return { state: "unknown", found: "It was not looked at yet.", fix: "Give this command again in a minute." };
    case "registered":
      return { state: "good", found: `It is registered, leads to ${address}, and its token is known.`, fix: null };
    case "taken":
      return {
        state: "bad",
        found: `Somebody else has a command ${command} there.`,
        fix: `Delete it (Integrations > Slash Commands), or choose another word: chats.mattermost.command in calops.yaml.`,
      };
    case "switched off":
      return {
        state: "bad",
        found: "The server has no custom slash commands.",
        fix: "System Console > Integrations > Integration Management > Enable Custom Slash Commands: true.",
      };
    case "not allowed":
      if (options["command-token"])
        return {
          state: "doubtful",
          found: `@${bot} may not see it; a command that was made by hand is expected to lead to ${address}.`,
          fix: null,
        };
      return {
        state: "bad",
        found: `@${bot} may not manage slash commands${rights.teamAdmin ? "" : ": it is no administrator of the team"}.`,
        fix: `Make @${bot} an administrator of the team (Manage Members > Team Admin) and start the bot again. Or make the command by hand: Integrations > Slash Commands > Add, word ${options.command}, URL ${address}, method POST; write its token into a secret and name that as chats.mattermost.command-token in calops.yaml.`,
      };
  }
}

function ephemeralFinding({ self }: Known, rights: Rights): Finding {
  const about = "mattermost: answers for one person";
  if (rights.ephemeral)
    return { about, state: "good", found: "The bot may show something to one person alone.", fix: null };
  return {
    about,
    state: "doubtful",
    found: `@${self.username} may not show something to one person alone in a channel, so answers to mentions, and answers with buttons to pressed ones, come as direct messages. Slash commands are answered in place.`,
    fix: "Nothing needs to be done. If they are wanted in place: give the bot the right create_post_ephemeral, which by itself only system administrators have.",
  };
}

async function reachFinding({ reach, server, options, url }: ExamineParts, known: Known): Promise<Finding> {
  const about = "mattermost: the way to the bot";
  if (url === null)
    return {
      about,
      state: "unknown",
      found: "No bot listens here.",
      fix: "Start the bot, and give this command again.",
    };
  const reached = await reach.find(server, options.command, known);
  const { host, hostname } = new URL(url);
  switch (reached.state) {
    case "reached":
      return { about, state: "good", found: `What the server sends arrives at ${url}.`, fix: null };
    case "cannot be tried":
      return {
        about,
        state: "unknown",
        found: `Whether the server reaches ${url} could not be tried: ${reached.why}.`,
        fix: `Type /${options.command} help in a channel. If it fails, see docs/mattermost.md, "When it does not work".`,
      };
    case "not reached":
      return {
        about,
        state: "bad",
        found: `The server could not give /${options.command} to ${url}: ${reached.why}.`,
        fix: `If its log says "address forbidden": System Console > Environment > Developer > Allow untrusted internal connections to: add ${hostname}. If it says "connection refused" or "timeout": from the machine of the server, curl ${url}/chat/mattermost/command must say "only POST"; open ${host} in firewalls, and make sure that the bot listens on an address that the server can reach.`,
      };
  }
}
