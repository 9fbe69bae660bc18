/** What Slack's packages have to say, in the bot's own log. */
import { type Logger, LogLevel } from "@slack/bolt";
import type { Log } from "../../../ports/log.ts";

export type SlackLogger = Logger;

/** What goes on is not told: it has addresses in it that open a socket. */
export function slackLogger(log: Log): SlackLogger {
  const text = (what: readonly unknown[]) =>
    what.map((one) => (one instanceof Error ? one.message : String(one))).join(" ");
  return {
    debug: () => {},
    info: () => {},
    warn: (...what) => log.warn({ slack: text(what) }, "the connection to Slack"),
    error: (...what) => log.warn({ slack: text(what) }, "the connection to Slack"),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
