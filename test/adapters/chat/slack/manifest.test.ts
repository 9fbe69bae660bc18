import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { slackOptions } from "../../../../src/adapters/chat/slack/config.ts";
import { EVENTS, GLOBAL_SHORTCUT, MESSAGE_SHORTCUT, SCOPES } from "../../../../src/adapters/chat/slack/needs.ts";
import { REQUEST_PATH } from "../../../../src/adapters/chat/slack/signed.ts";
import { scopesOf } from "../../../fakes/slack/methods.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const text = readFileSync(join(ROOT, "docs/slack-manifest.yaml"), "utf8");

type Manifest = {
  readonly features: {
    readonly shortcuts: readonly { readonly name: string; readonly type: string; readonly callback_id: string }[];
    readonly slash_commands: readonly { readonly command: string; readonly url?: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[]; readonly request_url?: string };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly socket_mode_enabled: boolean;
  };
};
const manifest = parse(text) as Manifest;

/** The rights without which Slack does not send what calops listens to. */
const FOR_EVENTS: Readonly<Record<(typeof EVENTS)[number], readonly string[]>> = {
  app_home_opened: [],
  app_mention: ["app_mentions:read"],
  "message.im": ["im:history"],
};

test("the manifest asks for the rights that calops needs, and no others", () => {
  expect(manifest.oauth_config.scopes.bot).toEqual(Object.keys(SCOPES));
  const needed = new Set([
    ...methodsCalled().flatMap(scopesOf),
    ...EVENTS.flatMap((one) => FOR_EVENTS[one]),
    "commands",
  ]);
  expect([...needed].sort()).toEqual(Object.keys(SCOPES).sort());
});

test("the manifest has the events, shortcuts and the command that calops listens to, and no others", () => {
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(EVENTS);
  expect(manifest.features.shortcuts.map(({ type, callback_id }) => [type, callback_id])).toEqual([
    ["global", GLOBAL_SHORTCUT],
    ["message", MESSAGE_SHORTCUT],
  ]);
  const { command } = slackOptions.parse({ "bot-token": { secret: "B" }, "app-token": { secret: "A" } });
  expect(manifest.features.slash_commands.map((one) => one.command)).toEqual([command]);
  const listening = sourceOf("listening.ts").matchAll(/app\.event\("([a-z_]+)"/g);
  expect([...listening].map(([, name]) => name).sort()).toEqual(EVENTS.map((one) => one.split(".")[0]).sort());
});

test("the manifest is for sockets, and turned into one for HTTP as it says", () => {
  expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
  const http = parse(text.replaceAll("#HTTP ", "")) as Manifest;
  const url = `https://calops.example.org${REQUEST_PATH}`;
  expect(http.features.slash_commands[0]?.url).toBe(url);
  expect(http.settings.event_subscriptions.request_url).toBe(url);
  expect(http.settings.interactivity.request_url).toBe(url);
});

test("names of shortcuts are no longer than Slack takes", () => {
  for (const { name } of manifest.features.shortcuts) expect(name.length).toBeLessThanOrEqual(24);
});

function sourceOf(file: string): string {
  return readFileSync(join(ROOT, "src/adapters/chat/slack", file), "utf8");
}

/** As the sources call them. */
function methodsCalled(): string[] {
  const sources = ["posting", "answering", "pictures", "channels", "examine", "listening"].map((one) =>
    sourceOf(`${one}.ts`),
  );
  return sources.flatMap((source) =>
    [...source.matchAll(/client(?:Options \}\))?\s*\.([a-z]+(?:\.[a-zA-Z0-9]+)+)\(/g)].map(([, name = ""]) => name),
  );
}
