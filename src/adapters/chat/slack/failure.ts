/** What Slack's refusals mean. */
import { webApi } from "@slack/bolt";
import { ChatError } from "../../../ports/chat.ts";

/** Slack would say the same however often it is asked. */
const HOPELESS = new Set([
  "as_user_not_supported",
  "invalid_arguments",
  "invalid_array_arg",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_metadata_format",
  "invalid_metadata_schema",
  "markdown_text_conflict",
  "metadata_too_large",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
  "too_many_attachments",
  "view_too_large",
]);

/** What people can do about it. */
const WHAT_TO_DO: Readonly<Record<string, string>> = {
  not_in_channel: "calops is not in that channel; write /invite and its name there",
  channel_not_found: "there is no such channel, or calops was not invited to it; write /invite and its name there",
  is_archived: "the channel is archived; take it out of the archive, or name another one in the configuration",
  invalid_auth: "Slack does not know the token; install the app again and put its token into the secret",
  not_authed: "Slack was given no token; put the token of the installed app into the secret",
  token_revoked: "the token was revoked; install the app again and put its new token into the secret",
  account_inactive: "the app was taken out of the workspace; install it again and put its new token into the secret",
  missing_scope: "the app lacks a right; give it the one that calops doctor names and install it again",
  restricted_action: "the workspace does not let apps post there; ask its administrators",
};

/** The name that Slack has for a refusal; undefined where it did not refuse, but was not reached. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
}

export function chatErrorOf(error: unknown, doing: string): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof webApi.WebAPIRateLimitedError)
    return new ChatError(`Slack asks to wait ${error.retryAfter} s before calops may ${doing}`, {
      cause: error,
      retryAfterMs: error.retryAfter * 1_000,
    });
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    const { needed } = (error as webApi.WebAPIPlatformError).data as { needed?: unknown };
    const scope = typeof needed === "string" ? ` (${needed})` : "";
    const instead = WHAT_TO_DO[refusal];
    return new ChatError(
      `Slack did not let calops ${doing}: ${refusal}${scope}${instead === undefined ? "" : `; ${instead}`}`,
      { cause: error, hopeless: HOPELESS.has(refusal) },
    );
  }
  return new ChatError(`calops could not ${doing}, since Slack was not reached: ${reasonOf(error)}`, { cause: error });
}

/** The last of those that are each the reason of the one before: "fetch failed" alone helps nobody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "its socket was closed";
  const deeper = error instanceof webApi.WebAPIRequestError ? error.original : error.cause;
  return deeper instanceof Error ? reasonOf(deeper) : error.message || error.name;
}

/** Does something, with every failure told as the bot knows them. */
export async function reaching<T>(doing: string, deed: () => Promise<T>): Promise<T> {
  try {
    return await deed();
  } catch (error) {
    throw chatErrorOf(error, doing);
  }
}
