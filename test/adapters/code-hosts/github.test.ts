import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { githubOptions } from "../../../src/adapters/code-hosts/github/config.ts";
import { openGithub } from "../../../src/adapters/code-hosts/github/github.ts";
import type { HostContext } from "../../../src/adapters/code-hosts/host-context.ts";
import { say } from "../../../src/core/say.ts";
import type { CodeHost } from "../../../src/ports/code-host.ts";
import { codeHostContract } from "../../contracts/code-host.ts";
import { aFakeGithub, type FakeGithub, githubPull } from "../../fakes/fake-github.ts";

const optionsFor = (github: FakeGithub) =>
  githubOptions.parse({ repository: github.repository, token: { secret: "GITHUB_TOKEN" }, api: github.server.origin });

const open = (github: FakeGithub, context: Partial<HostContext> = {}): CodeHost =>
  openGithub(optionsFor(github), { secret: () => github.token, ...context });

const write = (github: FakeGithub, issue: number, body: string, by: number | null = 7) =>
  void github.comments.push({ id: github.nextId(), issue, body, user: by === null ? null : { id: by } });

codeHostContract("github", async () => {
  const github = await aFakeGithub();
  return {
    open: (context) => open(github, context),
    server: github.server,
    token: github.token,
    secretName: "GITHUB_TOKEN",
    commit: github.commit,
    most: { inComment: 65_536, inStatus: 140 },
    pull: (of) => githubPull(github, of),
    comments: (pull) =>
      github.comments
        .filter(({ issue }) => issue === pull)
        .map(({ id, body, user }) => ({ id, text: body, ours: user?.id === github.me })),
    write: (pull, text, by) => write(github, pull, text, by === "us" ? github.me : 7),
    passOverFilters: github.passOverFilters,
    remove: (comment) =>
      void github.comments.splice(
        github.comments.findIndex(({ id }) => id === comment),
        1,
      ),
    statuses: () =>
      Object.fromEntries((github.statuses.get(github.commit) ?? []).map(({ context, ...said }) => [context, said])),
  };
});

describe("a token of GitHub that is looked at", () => {
  let github: FakeGithub;
  beforeEach(async () => {
    github = await aFakeGithub();
  });
  afterEach(async () => {
    await github.server.close();
    expect(github.server.complaints).toEqual([]);
  });
  const examine = async (context: Partial<HostContext> = {}) => (await open(github, context).examine?.()) ?? [];
  const rights = async () => (await examine()).find(({ about }) => about === "github: rights of the token");

  test("is good where it may all that calops does, and nothing is written", async () => {
    expect((await examine()).map(({ state }) => state)).toEqual(["good", "good"]);
    expect(github.server.asked.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });

  test.each<[string, Record<string, string>, boolean, string, string]>([
    ["without the scope repo", { "x-oauth-scopes": "read:org" }, true, "bad", "give the token the scope repo"],
    ["of somebody who may only read", { "x-oauth-scopes": "repo" }, false, "bad", "the role Write"],
    ["of the newer kind", {}, true, "unknown", "Pull requests and Commit statuses, both Read and write"],
  ])("%s says so", async (_what, headers, push, state, fix) => {
    github.sayOfTheToken(headers, push);
    expect(await rights()).toMatchObject({ state, fix: expect.stringContaining(fix) });
  });

  test("that ends soon is to be replaced, by GitHub's own clock", async () => {
    const end = (days: number) =>
      `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
    github.sayOfTheToken({ "x-oauth-scopes": "repo", "github-authentication-token-expiration": end(3) });
    expect((await examine()).at(-1)).toMatchObject({
      state: "doubtful",
      found: expect.stringMatching(/^it ends in (3d|2d24h|2d23h)$/),
      fix: expect.stringContaining("GITHUB_TOKEN"),
    });
    github.sayOfTheToken({ "x-oauth-scopes": "repo", "github-authentication-token-expiration": end(60) });
    expect(await examine()).toHaveLength(2);
  });

  test("that is not taken is bad, and is not shown", async () => {
    const [finding, ...more] = await examine({ secret: () => "ghp_another_that_nobody_may_see_0000000" });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      about: "github",
      state: "bad",
      fix: "make a new one and store it as the secret GITHUB_TOKEN",
    });
    expect(JSON.stringify(finding)).not.toContain("ghp_");
  });

  test("that is not set is bad as well", async () => {
    const secret = () => {
      throw new Error("the secret GITHUB_TOKEN is not set; put it into the environment of the bot");
    };
    expect(await examine({ secret })).toMatchObject([{ state: "bad", fix: "put it into the environment of the bot" }]);
  });
});

describe("on github", () => {
  let github: FakeGithub;
  let host: CodeHost;

  beforeEach(async () => {
    github = await aFakeGithub();
    host = open(github);
  });
  afterEach(async () => {
    await github.server.close();
    expect(github.server.complaints).toEqual([]);
  });

  const mine = () => github.comments.filter(({ user }) => user?.id === github.me).map(({ body }) => body);

  test("calops asks who it is once", async () => {
    const pull = githubPull(github, { branch: "retune" });
    for (const plan of ["one", "two", "three"]) await host.comment(pull, "plan", [say`${plan}`]);
    expect(github.server.asked.filter(({ path }) => path === "/user")).toHaveLength(1);
    expect(mine()).toEqual(["<!-- calops plan -->\nthree"]);
  });

  describe("with the token of an app, which is nobody's", () => {
    beforeEach(() => github.beAnApp());

    test("calops knows itself by what it wrote, and edits nothing of anybody else", async () => {
      const pull = githubPull(github, { branch: "retune" });
      write(github, pull, "<!-- calops plan -->\nforged");
      write(github, pull, "<!-- calops plan -->\nforged by somebody who has left", null);
      await host.comment(pull, "plan", [say`one`]);
      await host.comment(pull, "plan", [say`two`]);
      expect(github.comments.map(({ body }) => body.split("\n")[1])).toEqual([
        "forged",
        "forged by somebody who has left",
        "two",
      ]);
    });

    test("it knows itself after a restart by a status that it set", async () => {
      const pull = githubPull(github, { branch: "retune" });
      await host.comment(pull, "plan", [say`one`]);
      const again = open(github);
      await again.status(github.commit, { context: "calops/validate", state: "success", description: "" });
      await again.comment(pull, "plan", [say`two`]);
      expect(mine()).toEqual(["<!-- calops plan -->\ntwo"]);
    });

    test("a limit while it asks who it is does not make it nobody", async () => {
      const pull = githubPull(github, { branch: "retune" });
      github.server.trouble({ status: 403, headers: { "x-ratelimit-remaining": "0" } }, ({ path }) => path === "/user");
      await expect(host.comment(pull, "plan", [say`one`])).rejects.toMatchObject({ retryAfterMs: 60_000 });
      expect(github.comments).toEqual([]);
    });
  });

  test("a proposal is the page that compares two branches", () => {
    const page = (branch: string, into: string) => host.proposal(branch, into);
    expect(page("revert/v1.2", "main")).toBe(
      "https://github.com/na62/calib.config/compare/main...revert%2Fv1.2?expand=1",
    );
    expect(page("a?b#c&d", "../..")).toBe(
      "https://github.com/na62/calib.config/compare/..%2F.....a%3Fb%23c%26d?expand=1",
    );
    const enterprise = openGithub(
      githubOptions.parse({
        repository: "na62/calib",
        token: { secret: "T" },
        api: "https://git.example.org/api/v3/",
        web: "https://git.example.org/",
      }),
      { secret: () => "" },
    );
    expect(enterprise.proposal("a", "b")).toBe("https://git.example.org/na62/calib/compare/b...a?expand=1");
  });
});

describe("the options of github", () => {
  const issues = (options: object) => {
    const read = githubOptions.safeParse({ repository: "na62/calib", token: { secret: "T" }, ...options });
    return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  };

  test.each(["na62/calib", "NA-62/calib.config_2", "a/.github", "0/-"])("name a repository: %s", (repository) => {
    expect(issues({ repository })).toEqual([]);
  });

  test.each([
    "calib",
    "na62/",
    "/calib",
    "a/b/c",
    "a/..",
    "a/.",
    "../a",
    "a b/c",
    "https://github.com/a/b",
    "a/b?x",
    "a/b\n",
  ])("refuse what is none: %s", (repository) => {
    expect(issues({ repository })).toEqual(["repository: not a repository; write owner/name, as in its address"]);
  });

  test.each<readonly [string, RegExp]>([
    ["nonsense", /not an address/],
    ["http://git.example.org/api/v3", /not encrypted/],
    ["ftp://git.example.org", /not encrypted/],
    ["http://127.evil.org", /not encrypted/],
    ["https://me:secret@git.example.org", /a user or password/],
    ["https://git.example.org/api?x=1", /more than an address/],
  ])("refuse an address to which no token should go: %s", (api, said) => {
    expect(issues({ api })).toEqual([expect.stringMatching(said)]);
  });

  test.each(["https://git.example.org/api/v3", "http://localhost:3000", "http://127.0.0.1:1", "http://[::1]:3000"])(
    "take one that is encrypted, or of this machine: %s",
    (api) => {
      expect(issues({ api })).toEqual([]);
    },
  );

  test("refuse a token that stands there in full", () => {
    expect(issues({ token: "ghp_0123456789" })).toHaveLength(1);
  });
});
