import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { writeBotAddress } from "../../src/adapters/command-line/bot-address.ts";
import { openAccess } from "../../src/adapters/web/access.ts";
import { type RunningBot, startBot } from "../../src/compose/bot.ts";
import type { Finding } from "../../src/core/doctor/finding.ts";
import { parseProgram } from "../../src/program/arguments.ts";
import { doctor } from "../../src/program/doctor.ts";
import { aMattermost } from "../fakes/fake-mattermost.ts";
import { APP_TOKEN, BOT_TOKEN, FakeSlack } from "../fakes/fake-slack.ts";
import { handClock } from "../fakes/hand-clock.ts";

let root: string;
let config: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-doctor-test-"));
  config = join(root, "config");
  data = join(root, "data");
  write("calops.yaml", "experiment: Test\n");
  write("workflows/t0/workflow.yaml", 'description: T0\nowner: ann\ntasks: { a: { run: ["true"] } }\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(config, path)), { recursive: true });
  writeFileSync(join(config, path), text);
}

type Given = { readonly code: number; readonly output: string; readonly errors: string };

async function give(env: Readonly<Record<string, string>> = {}, ...more: string[]): Promise<Given> {
  const [output, errors] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
  const args = ["doctor", "--config", config, "--data", data, "--port", "0", ...more];
  const all = { PATH: process.env["PATH"] ?? "", HOME: root, ...env };
  const world = { args, env: all, input: new PassThrough(), output, errors, onStop: () => {}, onReload: () => {} };
  const code = await doctor(parseProgram(args), world);
  return { code, output: output.read() ?? "", errors: errors.read() ?? "" };
}

async function findings(
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; ok: boolean; of: (about: string) => Finding | undefined; text: string }> {
  const { code, output } = await give(env, "--json");
  const read = JSON.parse(output) as { ok: boolean; findings: Finding[] };
  return { code, ok: read.ok, of: (about) => read.findings.find((one) => one.about === about), text: output };
}

describe("calops doctor, where no bot runs", () => {
  test("looks before the first start, finds nothing bad, and leaves nothing behind", async () => {
    const { code, output } = await give();
    expect(output).toMatch(/^Nothing is bad: /);
    expect(output).toContain("✓ the configuration: ");
    expect(output).toContain("✓ executor local: it runs ");
    expect(code).toBe(0);
    expect(existsSync(data)).toBe(false);
    expect(readdirSync(config).sort()).toEqual(["calops.yaml", "workflows"]);
  });

  test("ends with 1 where something is bad, and says what to type", async () => {
    write(
      "calops.yaml",
      "experiment: Test\nsources: { registry: { http: { url: 'http://127.0.0.1:9/runs', headers: { authorization: { secret: REGISTRY } } } } }\n",
    );
    const { code, ok, of } = await findings();
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(of("the secret REGISTRY")).toMatchObject({
      state: "bad",
      found: "it is not set, and calops.yaml: sources.registry.http.headers.authorization names it",
      fix: expect.stringContaining(`install -m 600 /dev/stdin ${data}/secrets/REGISTRY`),
    });
  });

  test("reads sources as the bot would, and shows no secret that is named", async () => {
    write(
      "calops.yaml",
      "experiment: Test\nsources: { registry: { http: { url: 'http://127.0.0.1:9/runs', headers: { authorization: { secret: REGISTRY } } } } }\n",
    );
    const { of, text } = await findings({ REGISTRY: "a-secret-that-nobody-may-see" });
    expect(of("secrets")?.state).toBe("good");
    expect(of("run source registry")).toMatchObject({
      state: "bad",
      found: expect.stringContaining("cannot be reached"),
    });
    expect(text).not.toContain("nobody-may-see");
  });

  test("says of a configuration with mistakes where the first is, and looks at the rest", async () => {
    write("calops.yaml", "experiment: Test\nchanel: x\n");
    const { code, of } = await findings();
    expect(code).toBe(1);
    expect(of("the configuration")).toMatchObject({
      state: "bad",
      found: expect.stringContaining("calops.yaml:2:1: "),
    });
    expect(of("git")?.state).toBe("good");
  });

  test("says of a repository that is not there what is wrong, and that nothing it names was looked at", async () => {
    rmSync(config, { recursive: true });
    const { code, of } = await findings();
    expect(code).toBe(1);
    expect(of("the config repository")?.state).toBe("bad");
    expect(of("the configuration")?.state).toBe("unknown");
  });

  test("says of a store that is damaged how to go back", async () => {
    mkdirSync(data);
    writeFileSync(join(data, "calops.sqlite"), "this is no database, and as long as one would be ".repeat(100));
    expect((await findings()).of("the store")).toMatchObject({ state: "bad", fix: expect.stringContaining("backup") });
  });

  test("looks at Slack without hearing anything there", async () => {
    const slack = await FakeSlack.open({ clock: systemClock() });
    slack.workspace.makeChannel("calibration");
    write(
      "calops.yaml",
      `experiment: Test\nchats: { slack: { bot-token: { secret: BOT }, app-token: { secret: APP }, api: ${slack.api} } }\n`,
    );
    try {
      const { of, text } = await findings({ BOT: BOT_TOKEN, APP: APP_TOKEN });
      expect(of("slack: the bot token")?.state).toBe("good");
      expect(of("slack: the app token")).toMatchObject({ state: "good", found: "it opens sockets" });
      expect(of("slack: the channel #calibration")).toBeDefined();
      expect(slack.sockets.open).toBe(0);
      expect(
        slack.calls
          .map(({ method }) => method)
          .filter((method) => /^(chat|views|conversations\.(join|open))/.test(method)),
      ).toEqual([]);
      expect(text).not.toContain(BOT_TOKEN);
    } finally {
      await slack.close();
    }
  });

  test("looks at Mattermost without registering anything there", async () => {
    const server = await aMattermost(handClock());
    write(
      "calops.yaml",
      `experiment: Test\nchats: { mattermost: { url: "${server.origin}", token: { secret: TOKEN }, team: na62 } }\n`,
    );
    try {
      const { of } = await findings({ TOKEN: server.botToken });
      expect(of("mattermost: the bot token")?.state).toBe("good");
      expect(of("mattermost: WebSocket")?.state).toBe("unknown");
      expect(server.world.commands).toEqual([]);
      expect(server.sockets.connected()).toBe(0);
    } finally {
      await server.close();
    }
  });

  test("takes a bot that was killed for one that does not run", async () => {
    mkdirSync(data, { mode: 0o700 });
    openAccess(join(data, "access.json"));
    writeBotAddress(data, { url: "http://127.0.0.1:9", pid: 1 });
    expect((await findings()).of("the port")?.found).toMatch(/is free for the bot$/);
  });

  test("knows no other words", async () => {
    await expect(give({}, "slack")).rejects.toThrow("doctor takes no slack");
  });
});

describe("calops doctor, where a bot runs", () => {
  let running: RunningBot;
  beforeEach(async () => {
    chmodSync(root, 0o711);
    running = await startBot({
      data,
      config,
      store: undefined,
      host: "127.0.0.1",
      port: 0,
      publicUrl: undefined,
      quiet: true,
      version: "1.2.3",
      env: { PATH: process.env["PATH"], HOME: root },
    });
  });
  afterEach(() => running.stop());

  test("lets it look at itself", async () => {
    const { code, of } = await findings();
    expect(code).toBe(0);
    expect(of("the port")).toMatchObject({ state: "good", found: `the bot listens at ${running.url}` });
    expect(of("versions")?.found).toMatch(/^calops 1\.2\.3 on Node /);
    expect(of("the configuration")?.found).toMatch(/^production runs commit [0-9a-f]{8}$/);
    expect(of("console")?.state).toBe("good");
  });

  test("is the same as doctor given to the bot", async () => {
    const answer = await running.desk.answer(["doctor"], { id: "ann", roles: [], owner: true, via: "terminal" });
    expect(answer).toMatchObject({ ok: true, to: "asker", data: { ok: true, bad: 0 } });
  });
});
