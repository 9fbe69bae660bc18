/** What Slack's packages have to say, in the bot's own log. */
import { type Logger, LogLevel } from "@slack/bolt";
import type { Log } from "../../../ports/log.ts";

export type SlackLogger = Logger;

/** What is told by whoever asked, with what to do about it. */
const TOLD_ALREADY = /^(http request failed|Failed to retrieve a new WSS URL|Slack API error)/;

/** What goes on is not told: it has addresses in it that open a socket. */
export function slackLogger(log: Log): SlackLogger {
  const tell = (...what: readonly unknown[]): void => {
    const text = what.map((one) => (one instanceof Error ? one.message : String(one))).join(" ");
    if (!TOLD_ALREADY.test(text)) log.warn({ slack: text }, "the connection to Slack");
  };
  return {
    debug: () => {},
    info: () => {},
    warn: tell,
    error: tell,
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
