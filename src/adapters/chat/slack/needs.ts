/** What the app must be allowed and be sent. `docs/slack-manifest.yaml` asks for just this; a test keeps it so. */

/** Each with what does not work without it. */
export const SCOPES: Readonly<Record<string, string>> = {
  "app_mentions:read": "nobody can mention calops",
  "channels:history": "after a crash a message in a public channel may be told twice",
  "channels:read": "channels cannot be found by their names",
  "chat:write": "nothing can be posted",
  commands: "there is no slash command, and no shortcut",
  "files:write": "pictures cannot be shown",
  "groups:history": "after a crash a message in a private channel may be told twice",
  "groups:read": "private channels cannot be found by their names",
  "im:history": "direct messages to calops are not heard",
  "im:write": "calops cannot begin a direct message",
};

export const EVENTS = ["app_home_opened", "app_mention", "message.im"] as const;

/** By the identifiers that the manifest gives them. */
export const GLOBAL_SHORTCUT = "calops_command";
export const MESSAGE_SHORTCUT = "calops_command_here";
