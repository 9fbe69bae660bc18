import { expect, test } from "vitest";
import type { Config } from "../../../src/core/config/config.ts";
import { secretFindings, secretsNamedIn } from "../../../src/core/doctor/secrets.ts";
import { DEFAULT_RULES } from "../../../src/core/environment/rules.ts";

const config = {
  chats: { slack: { "bot-token": { secret: "SLACK_BOT_TOKEN" }, api: "https://slack.com/api/" } },
  sources: {
    registry: { kind: "http", options: { headers: { authorization: { secret: "REGISTRY" }, accept: "x" } } },
    program: { kind: "command", options: { run: ["./list"], secrets: { TOKEN: { secret: "REGISTRY" } } } },
  },
  executors: { local: { kind: "local", options: { slots: 4 } } },
  keeping: { rest: { secret: "HSF_TOKEN" }, server: { kind: "hsf", options: { token: { secret: "SERVER" } } } },
} as unknown as Config;
const rules = {
  ...DEFAULT_RULES,
  host: { kind: "github", options: { repository: "a/b", token: { secret: "GITHUB_TOKEN" } } },
  webhooks: { gitlab: "HOOK" },
};

test("secrets are found wherever a configuration names one, with the way to it", () => {
  expect(secretsNamedIn(config, rules)).toEqual([
    { name: "SLACK_BOT_TOKEN", where: "calops.yaml: chats.slack.bot-token" },
    { name: "REGISTRY", where: "calops.yaml: sources.registry.http.headers.authorization" },
    { name: "REGISTRY", where: "calops.yaml: sources.program.command.secrets.TOKEN" },
    { name: "SERVER", where: "calops.yaml: conditions.server.hsf.token" },
    { name: "HSF_TOKEN", where: "calops.yaml: conditions.rest.token" },
    { name: "GITHUB_TOKEN", where: "environments.yaml: host.github.token" },
    { name: "HOOK", where: "environments.yaml: webhooks.gitlab" },
  ]);
});

test("one that is not set is told once, with all who name it, and with what to type", () => {
  const findings = secretFindings(secretsNamedIn(config, rules), (name) => name !== "REGISTRY", "/data/secrets");
  expect(findings).toEqual([
    {
      about: "the secret REGISTRY",
      state: "bad",
      found:
        "it is not set, and calops.yaml: sources.registry.http.headers.authorization and calops.yaml: sources.program.command.secrets.TOKEN name it",
      fix: "put its value into the environment of the bot as REGISTRY, or type install -m 600 /dev/stdin /data/secrets/REGISTRY, paste it, and press Enter and Ctrl-D",
    },
  ]);
});

test("when all are set, that is one good finding; and none where none is named", () => {
  expect(secretFindings(secretsNamedIn(config, rules), () => true, "/x")).toMatchObject([
    { state: "good", found: "6 secrets named, and all are set" },
  ]);
  expect(secretFindings([], () => false, "/x")).toEqual([]);
});
