import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openIsolation } from "../../../src/adapters/isolation/isolation.ts";
import { outside } from "../../../src/adapters/outside/outside.ts";
import { until } from "../../contracts/executor.ts";
import { commandLines } from "../../remotes/processes.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { type Answerer, aRegistry, type Registry } from "../sources/a-registry.ts";

const SMALL = { timeoutMs: 200, mostBytes: 1_000 };
/** Where nothing can be isolated, and nothing of that is asked for. */
const PLAIN = openIsolation(tmpdir(), { PATH: "/nowhere" });
const ENV = { PATH: process.env["PATH"], HOME: "/home/ann", REGISTRY_TOKEN: "hunter2-the-secret" };

const missing = (await openIsolation(tmpdir(), ENV).cannot())?.includes("not installed") === true;

describe("a page", () => {
  let page: Registry;
  beforeEach(async () => {
    page = await aRegistry();
  });
  afterEach(() => page.close());

  const host = () => new URL(page.origin).host;
  const answered = async (how: Answerer, bounds = SMALL) => {
    page.answer(how);
    return await outside(ENV, PLAIN, bounds).fetchJson(page.url);
  };
  const sent =
    (status: number, text: string, headers = {}) =>
    (_query: unknown, _request: unknown, response: ServerResponse) => {
      response.writeHead(status, headers).end(text);
    };

  test("is asked for as JSON, and its answer is the data", async () => {
    let accepted: string | undefined;
    const how: Answerer = (_query, request) => {
      accepted = request.headers.accept;
      return { ready: [true, null, 8215] };
    };
    expect(await answered(how)).toEqual({ ready: [true, null, 8215] });
    expect(accepted).toBe("application/json");
    expect(await answered(sent(200, "null"))).toBeNull();
  });

  test("that has no answer says whose it is, and why there is none", async () => {
    const wrong = (how: Answerer) => expect(answered(how)).rejects;
    await wrong(sent(503, "{}")).toThrow(`${host()} answers 503`);
    await wrong(sent(200, "<html>Log in</html>")).toThrow(`the answer of ${host()} is not JSON: <html>Log in</html>`);
    await wrong(sent(200, "")).toThrow(`the answer of ${host()} is not JSON: `);
    await wrong(sent(302, "{}", { location: "http://elsewhere" })).toThrow(
      `${host()} answers with a redirect, which is not followed`,
    );
    await wrong(() => undefined).toThrow(`${host()} did not answer within 200ms`);
    await wrong((_query, request) => void request.socket.destroy()).toThrow(`${host()} cannot be reached: `);
  });

  test("that answers too much is not read to its end, whether it says how much or not", async () => {
    const tooMuch = `${host()} answers more than 1000 bytes, which is too much`;
    await expect(answered(sent(200, JSON.stringify("x".repeat(2_000))))).rejects.toThrow(tooMuch);
    const endless: Answerer = (_query, _request, response) => {
      const more = () => {
        while (response.write("x".repeat(300)));
        response.once("drain", more);
      };
      more();
    };
    await expect(answered(endless, { ...SMALL, timeoutMs: 10_000 })).rejects.toThrow(tooMuch);
  });

  test("that nobody serves cannot be reached", async () => {
    const { url } = page;
    await page.close();
    await expect(outside(ENV, PLAIN).fetchJson(url)).rejects.toThrow(`${host()} cannot be reached: ECONNREFUSED`);
  });

  test("whose address has a secret in it does not tell it", async () => {
    page.answer(sent(401, ""));
    const asked = outside(ENV, PLAIN).fetchJson(`${page.url}?key=hunter2-the-secret`);
    await expect(asked).rejects.toThrow(`${host()} answers 401`);
    await expect(asked).rejects.not.toThrow("hunter2");
  });
});

describe("a command", () => {
  let directory: ReturnType<typeof aDirectory>;
  beforeEach(() => {
    directory = aDirectory();
  });
  afterEach(() => directory.remove());

  const sh = (script: string, bounds = SMALL) => outside(ENV, PLAIN, bounds).runJson(["sh", "-c", script], false);

  test("is a list of words, of which none means anything to a shell", async () => {
    const program = directory.at("program with spaces");
    writeFileSync(program, '#!/bin/sh\nprintf \'["%s","%s"]\' "$1" "$2"\n', { mode: 0o755 });
    expect(await outside(ENV, PLAIN).runJson([program, "$(id); *", "a b"], false)).toEqual(["$(id); *", "a b"]);
  });

  test("gets none of the secrets of the bot", async () => {
    const seen = (await sh(`env | sed 's/.*/"&"/' | paste -sd, | sed 's/.*/[&]/'`)) as string[];
    expect(seen).toContain("HOME=/home/ann");
    expect(seen.join()).not.toContain("hunter2");
  });

  test("is not asked anything, and what it says on the side is not its answer", async () => {
    expect(await sh("cat; echo warning >&2; echo 7")).toBe(7);
  });

  test("that has no answer says whose it is, and why there is none", async () => {
    await expect(sh("echo no conditions >&2; exit 3")).rejects.toThrow("sh ended with 3: no conditions");
    await expect(sh("exit 1")).rejects.toThrow(/^sh ended with 1$/);
    await expect(sh("kill -9 $$")).rejects.toThrow("sh was ended by SIGKILL");
    await expect(sh("echo yes")).rejects.toThrow("the answer of sh is not JSON: yes");
    await expect(sh("head -c 3000 /dev/zero")).rejects.toThrow("sh prints more than 1000 bytes, which is too much");
    await expect(outside(ENV, PLAIN).runJson(["/nowhere/ask"], false)).rejects.toThrow(
      "/nowhere/ask cannot be started: ENOENT",
    );
  });

  test("that does not end is ended, though it will not hear of it; others that it has started are not waited for", async () => {
    const began = performance.now();
    await expect(sh("trap '' TERM; sleep 5 & echo 1; wait; sleep 5")).rejects.toThrow("sh did not end within 200ms");
    expect(await sh("sleep 5 & echo 1")).toBe(1);
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});

describe("a command that may be anybody's", () => {
  let data: ReturnType<typeof aDirectory>;
  beforeEach(() => {
    data = aDirectory();
  });
  afterEach(() => data.remove());

  test("is not run where it cannot be isolated, and says why", async () => {
    const asked = outside(ENV, PLAIN).runJson(["sh", "-c", `echo ran > ${data.at("ran")}; echo 1`], true);
    await expect(asked).rejects.toThrow(/^sh must be run isolated, and cannot be: bubblewrap is not installed/);
    expect(existsSync(data.at("ran"))).toBe(false);
  });

  describe.skipIf(missing)(missing ? "which is not tried: bubblewrap is not installed" : "isolated", () => {
    const run = (command: readonly string[], bounds = { timeoutMs: 5_000, mostBytes: 1_000 }) =>
      outside(ENV, openIsolation(data.path, ENV), bounds).runJson(command, true);

    test("answers from its checkout, with its words as they are", async () => {
      mkdirSync(data.at("checkouts"));
      const program = data.at("checkouts/ask");
      writeFileSync(program, '#!/bin/sh\ncat\nprintf \'["%s","%s"]\' "$1" "$HOME"\n', { mode: 0o755 });
      expect(await run([program, "$(id); *"])).toEqual(["$(id); *", "/tmp"]);
    });

    test("sees nothing of the bot and writes nothing", async () => {
      mkdirSync(data.at("checkouts"));
      mkdirSync(data.at("secrets"));
      writeFileSync(data.at("secrets/token"), "hunter2-the-secret");
      const script = `grep -rs hunter2 ${data.path} /proc/*/environ && exit 1
        for place in ${data.path} ${data.at("checkouts")} /; do touch $place/x 2>/dev/null && exit 2; done
        [ -e /proc/${process.pid} ] && exit 3; touch /tmp/x && echo '"nothing"'`;
      expect(await run(["sh", "-c", script])).toBe("nothing");
    });

    test("that has no answer says why there is none, as any other", async () => {
      await expect(run(["sh", "-c", "echo no conditions >&2; exit 3"])).rejects.toThrow(
        "sh ended with 3: no conditions",
      );
      await expect(run(["/nowhere/ask"])).rejects.toThrow(/^\/nowhere\/ask ended with 127: .*No such file/);
      await expect(run(["sh", "-c", "head -c 3000 /dev/zero"])).rejects.toThrow("sh prints more than 1000 bytes");
    });

    test("that does not end is ended with everything that it has started", async () => {
      const stubborn = "trap '' TERM; setsid sleep 5.25 & sleep 5.25";
      await expect(run(["sh", "-c", stubborn], { timeoutMs: 300, mostBytes: 1_000 })).rejects.toThrow("did not end");
      await until(() => !commandLines().some((line) => line.includes("5.25")));
    });
  });
});
