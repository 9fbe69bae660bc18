import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examineRepository } from "../../../src/adapters/git/examine.ts";
import { backend, serveHttp } from "../../remotes/http-server.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository, type BareRepository } from "./a-repository.ts";

let directory: ReturnType<typeof aDirectory>;
let remote: BareRepository;
beforeEach(() => {
  directory = aDirectory();
  remote = aBareRepository(directory.at("remote/config.git"));
  remote.push({ "calops.yaml": "experiment: One\n" });
});
afterEach(() => directory.remove());

const TOKEN = "a-token-that-nobody-may-see";
const env = () => ({ PATH: process.env["PATH"], HOME: directory.at("home") });
const examine = (source: string, more: Partial<Parameters<typeof examineRepository>[0]> = {}) =>
  examineRepository({ source, env: env(), token: () => undefined, ...more });

describe("a config repository that is looked at", () => {
  test("is good where it answers and takes branches, and nothing is made there or here", async () => {
    const before = remote.git("for-each-ref");
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("calops-doctor-"));
    const there = left();
    const findings = await examine(remote.path);
    expect(findings.map(({ about, state }) => [about, state])).toEqual([
      ["git", "good"],
      ["the config repository", "good"],
      ["the config repository: to push a branch", "good"],
    ]);
    expect(findings[1]?.found).toBe(`${remote.path} answers: 1 branch, 0 tags, and it stands on main`);
    expect(remote.git("for-each-ref")).toBe(before);
    expect(left()).toEqual(there);
  });

  test.each<[string, () => string, RegExp]>([
    ["that is not there", () => directory.at("none"), /^there is nothing at /],
    ["of which the address has a slip", () => "-config", /is none that git is given/],
    ["by a protocol that is not fetched by", () => "ftp://host/x", /are not fetched by ftp:\/\//],
    [
      "without a branch",
      () => {
        rmSync(join(remote.path, "refs"), { recursive: true });
        mkdirSync(join(remote.path, "refs"));
        rmSync(join(remote.path, "packed-refs"), { force: true });
        return remote.path;
      },
      /has no branch/,
    ],
  ])("%s is bad, and says what to do", async (_what, source, found) => {
    const finding = (await examine(source())).at(-1);
    expect(finding).toMatchObject({
      about: "the config repository",
      state: "bad",
      found: expect.stringMatching(found),
    });
    expect(finding?.fix).toBeTruthy();
  });

  test("as a plain directory is good where it has a calops.yaml", async () => {
    const plain = directory.at("plain");
    mkdirSync(plain);
    expect((await examine(plain)).at(-1)).toMatchObject({
      state: "bad",
      fix: expect.stringContaining("calops init DIR"),
    });
    writeFileSync(join(plain, "calops.yaml"), "experiment: One\n");
    expect((await examine(plain)).at(-1)).toMatchObject({ state: "good" });
    expect(readdirSync(plain)).toEqual(["calops.yaml"]);
  });

  test("over https is asked with the token, which is in no finding", async () => {
    const wanted = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString("base64")}`;
    const server = await serveHttp(directory.at("remote"), (request, response) => {
      if (request.headers.authorization === wanted) return false;
      response
        .writeHead(401, { "www-authenticate": 'Basic realm="git"' })
        .end(`denied: ${request.headers.authorization}`);
      return true;
    });
    try {
      const refused = await examine(`${server.url}/config.git`, { token: () => `${TOKEN}-of-before` });
      expect(refused.at(-1)).toMatchObject({
        state: "bad",
        found: expect.stringContaining("wants a password or a token"),
        fix: expect.stringContaining("check the secret"),
      });
      expect(JSON.stringify(refused)).not.toContain(TOKEN);
      expect((await examine(`${server.url}/config.git`, { token: () => TOKEN }))[1]).toMatchObject({ state: "good" });
    } finally {
      await server.close();
    }
  });

  test("that lets calops read and not push is doubtful: a rollback is by hand then", async () => {
    const server = await serveHttp(directory.at("remote"), (request, response) => {
      if (!request.url?.includes("git-receive-pack")) {
        void backend(directory.at("remote"), request, response);
        return true;
      }
      response.writeHead(403).end("this token may only read");
      return true;
    });
    try {
      expect((await examine(`${server.url}/config.git`)).slice(1)).toMatchObject([
        { state: "good" },
        {
          about: "the config repository: to push a branch",
          state: "doubtful",
          found: expect.stringContaining("so whoever rolls back has to take the commit back in git by hand"),
          fix: expect.stringContaining("calops/revert-*"),
        },
      ]);
    } finally {
      await server.close();
    }
  });

  test("on a machine without git is bad, and git is what is missing", async () => {
    const findings = await examine(remote.path, { env: { PATH: directory.at("nowhere") } });
    expect(findings).toMatchObject([
      { about: "git", state: "bad", fix: expect.stringContaining("apt-get install git") },
    ]);
  });
});
