import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gitlabOptions } from "../../../src/adapters/code-hosts/gitlab/config.ts";
import { openGitlab } from "../../../src/adapters/code-hosts/gitlab/gitlab.ts";
import type { HostContext } from "../../../src/adapters/code-hosts/host-context.ts";
import { code, list, say } from "../../../src/core/say.ts";
import type { CodeHost } from "../../../src/ports/code-host.ts";
import { codeHostContract } from "../../contracts/code-host.ts";
import { aFakeGitlab, type FakeGitlab, mergeRequest } from "../../fakes/fake-gitlab.ts";

const open = (gitlab: FakeGitlab, context: Partial<HostContext> = {}): CodeHost =>
  openGitlab(gitlabOptions.parse({ project: gitlab.project, token: { secret: "GITLAB_TOKEN" }, url: gitlab.url }), {
    secret: () => gitlab.token,
    ...context,
  });

const STATES: Readonly<Record<string, string>> = { failed: "failure" };

codeHostContract("gitlab", async () => {
  const gitlab = await aFakeGitlab();
  return {
    open: (context) => open(gitlab, context),
    server: gitlab.server,
    token: gitlab.token,
    secretName: "GITLAB_TOKEN",
    commit: gitlab.commit,
    most: { inComment: 1_000_000, inStatus: 255 },
    pull: (of) => mergeRequest(gitlab, of),
    comments: (pull) =>
      gitlab.notes
        .filter(({ request }) => request === pull)
        .map(({ id, body, author }) => ({ id, text: body, ours: author.id === gitlab.me })),
    write: (request, body, by) => {
      const author = { id: by === "us" ? gitlab.me : 7 };
      gitlab.notes.push({ id: gitlab.nextId(), request, body, system: false, author });
    },
    passOverFilters: gitlab.passOverFilters,
    remove: (note) =>
      void gitlab.notes.splice(
        gitlab.notes.findIndex(({ id }) => id === note),
        1,
      ),
    statuses: () =>
      Object.fromEntries(
        (gitlab.statuses.get(gitlab.commit) ?? []).map(({ name, status, description }) => [
          name,
          { state: STATES[status] ?? status, description },
        ]),
      ),
  };
});

describe("on gitlab", () => {
  let gitlab: FakeGitlab;
  let host: CodeHost;

  beforeEach(async () => {
    gitlab = await aFakeGitlab();
    host = open(gitlab);
  });
  afterEach(async () => {
    await gitlab.server.close();
    expect(gitlab.server.complaints).toEqual([]);
  });

  test("no text that calops passes on is a command", async () => {
    const request = mergeRequest(gitlab, { branch: "retune" });
    await host.comment(request, "plan", [
      say`/merge`,
      say`${" \n/approve"}`,
      list(["/close", "a\n/assign @me"]),
      code("before\n```\n/merge\n```\n/label ~bug\n"),
      say`/target_branch main`,
    ]);
    expect([gitlab.notes.length, gitlab.commands]).toEqual([1, []]);
  });

  test("another failure of a status than one that is so already is told", async () => {
    gitlab.server.trouble({ status: 400, body: { message: "State is required" } });
    const status = { context: "calops/validate", description: "" } as const;
    await expect(host.status(gitlab.commit, { ...status, state: "pending" })).rejects.toThrow("State is required");
    gitlab.server.trouble({ status: 400, body: { message: "Cannot transition status via :drop from :skipped" } });
    await expect(host.status(gitlab.commit, { ...status, state: "failure" })).rejects.toThrow("Cannot transition");
  });

  test("a proposal is the page of a new merge request", () => {
    const page = new URL(host.proposal("revert/a&b?c#d", "main"));
    expect(page.pathname).toBe("/git/na62/calibration/calib.config/-/merge_requests/new");
    expect(Object.fromEntries(page.searchParams)).toEqual({
      "merge_request[source_branch]": "revert/a&b?c#d",
      "merge_request[target_branch]": "main",
    });
  });
});

describe("a token of GitLab that is looked at", () => {
  let gitlab: FakeGitlab;
  beforeEach(async () => {
    gitlab = await aFakeGitlab();
  });
  afterEach(async () => {
    await gitlab.server.close();
    expect(gitlab.server.complaints).toEqual([]);
  });
  const examine = async () => (await open(gitlab).examine?.()) ?? [];

  test("is good where it may all that calops does, and nothing is written", async () => {
    expect((await examine()).map(({ about, state }) => [about, state])).toEqual([
      ["gitlab", "good"],
      ["gitlab: role of the token", "good"],
      ["gitlab: scopes of the token", "good"],
    ]);
    expect(gitlab.server.asked.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });

  test("of a reporter without the scope api says both", async () => {
    gitlab.sayOfTheToken({ scopes: ["read_api"], expires_at: null }, 20);
    expect((await examine()).slice(1)).toMatchObject([
      { state: "bad", fix: expect.stringContaining("the role Developer") },
      { state: "bad", fix: "make a token with the scope api, and store it as the secret GITLAB_TOKEN" },
    ]);
  });

  test("that has ended, or is about to, is to be replaced", async () => {
    gitlab.sayOfTheToken({
      scopes: ["api"],
      expires_at: new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10),
    });
    expect((await examine()).at(-1)).toMatchObject({ about: "gitlab: the end of the token", state: "doubtful" });
  });

  test("of which GitLab says nothing is not known", async () => {
    gitlab.sayOfTheToken(undefined, 40);
    expect((await examine()).at(-1)).toMatchObject({ about: "gitlab: scopes of the token", state: "unknown" });
  });
});

describe("the options of gitlab", () => {
  const issues = (options: object) => {
    const read = gitlabOptions.safeParse({ project: "na62/calib", token: { secret: "T" }, ...options });
    return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  };

  test.each(["na62/calib", "a/b/c/d", "na_62/.x"])("name a project: %s", (project) => {
    expect(issues({ project })).toEqual([]);
  });

  test.each(["calib", "a/", "/a", "a//b", "a/../b", "a/..", "./a", "278", "https://gitlab.com/a/b", "a/b?c"])(
    "refuse what is none: %s",
    (project) => {
      expect(issues({ project })[0]).toMatch(/^project: not a project; write group\/name/);
    },
  );

  test("are at gitlab.com where nothing else is said", () => {
    expect(gitlabOptions.parse({ project: "a/b", token: { secret: "T" } }).url).toBe("https://gitlab.com");
  });
});
