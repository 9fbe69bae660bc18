import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readBotAddress, writeBotAddress } from "../../../src/adapters/command-line/bot-address.ts";
import { openLog } from "../../../src/adapters/log/log.ts";
import { secretsFrom } from "../../../src/adapters/secrets/secrets.ts";
import { openAccess, readToken } from "../../../src/adapters/web/access.ts";
import { redactor } from "../../../src/core/text/redact.ts";
import { aDirectory } from "../sources/a-directory.ts";

let directory: ReturnType<typeof aDirectory>;
beforeEach(() => {
  directory = aDirectory();
  mkdirSync(directory.at("secrets"));
});
afterEach(() => directory.remove());

const from = (env: NodeJS.ProcessEnv = {}) => secretsFrom(env, directory.at("secrets"));
const file = (name: string, text: string) => writeFileSync(directory.at(`secrets/${name}`), text);

describe("a secret", () => {
  test("stands in the environment of the bot, or in a file, which may end with a line", () => {
    file("FROM_FILE", "geheim-geheim\n");
    file("BOTH", "of the file");
    const secrets = from({ FROM_ENV: "hunter2", BOTH: "of the environment" });
    expect(secrets.get("FROM_ENV")).toBe("hunter2");
    expect(secrets.get("FROM_FILE")).toBe("geheim-geheim");
    expect(secrets.get("BOTH")).toBe("of the environment");
  });

  test("may be changed in its file while the bot runs", () => {
    const secrets = from();
    file("TOKEN", "the old one");
    expect(secrets.get("TOKEN")).toBe("the old one");
    file("TOKEN", "the new one");
    expect(secrets.get("TOKEN")).toBe("the new one");
  });

  test("that is nowhere, or is empty, is asked for by name, with the two places where it could stand", () => {
    file("EMPTY", "\n");
    for (const name of ["NOWHERE", "EMPTY"])
      expect(() => from({ EMPTY: "" }).get(name)).toThrow(
        `the secret ${name} is not set; put it into the environment of the bot, or into the file secrets/${name} of its data directory`,
      );
    file("EMPTY_IN_ENV", "of the file");
    expect(from({ EMPTY_IN_ENV: "" }).get("EMPTY_IN_ENV")).toBe("of the file");
  });
});

describe("what was asked for", () => {
  test("is known, and so is kept out of everything that leaves, the older value too", () => {
    const secrets = from({ TOKEN: "hunter2-the-secret", OTHER: "never asked for" });
    expect(secrets.known()).toEqual([]);
    secrets.get("TOKEN");
    file("KEY", "line one of it\nline two of it\n");
    secrets.get("KEY");
    file("KEY", "another key");
    secrets.get("KEY");
    const redact = redactor(secrets.known());
    expect(redact("curl -H hunter2-the-secret; another key; line one of it")).toBe("curl -H ***; ***; ***");
    expect(redact("never asked for")).toBe("never asked for");
  });

  test("does not stand in the log of the bot, though it was asked for after that was opened", () => {
    const secrets = from({ TOKEN: "hunter2-the-secret" });
    const log = openLog(directory.at("calops.log"), () => redactor(secrets.known()));
    secrets.get("TOKEN");
    log.warn({ error: "401 for hunter2-the-secret", count: 7 }, "no answer");
    const text = readFileSync(directory.at("calops.log"), "utf8");
    expect(text).toContain('"error":"401 for ***","count":7');
    expect(text).not.toContain("hunter2");
  });
});

describe("files with secrets of the bot's own", () => {
  const modeOf = (name: string) => statSync(directory.at(name)).mode & 0o777;

  test("are for whoever runs the bot alone", () => {
    const { token } = openAccess(directory.at("access.json"));
    expect(modeOf("access.json")).toBe(0o600);
    expect(readToken(directory.at("access.json"))).toBe(token);
    writeBotAddress(directory.path, { url: "http://127.0.0.1:8470", pid: 7 });
    expect(modeOf("bot.json")).toBe(0o600);
    expect(readBotAddress(directory.path)).toEqual({ url: "http://127.0.0.1:8470", pid: 7 });
  });

  test("are the same after a restart, and others elsewhere", () => {
    const [first, again, elsewhere] = ["access.json", "access.json", "other.json"].map((name) =>
      openAccess(directory.at(name)),
    );
    expect(again?.token).toBe(first?.token);
    expect(again?.keyFor("log 1 1")).toBe(first?.keyFor("log 1 1"));
    expect(elsewhere?.token).not.toBe(first?.token);
    expect(elsewhere?.opens("log 1 1", first?.keyFor("log 1 1"))).toBe(false);
  });
});
