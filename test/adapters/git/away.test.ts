import { describe, expect, test } from "vitest";
import { reasonOf } from "../../../src/adapters/git/away.ts";
import { GitError } from "../../../src/adapters/git/git.ts";

const ALWAYS = `fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
`;

const reason = (errors: string, code = 128) =>
  reasonOf(new GitError("git fetch: failed", { errors, code, ended: undefined, text: "" }), 30_000, 5e6);

describe("why a remote did not do it", () => {
  test.each([
    ["ERROR: Repository not found.", "away", "has no repository there"],
    ["remote: Repository not found.\nfatal: repository 'https://x/a/b/' not found", "away", "has no repository there"],
    ["fatal: '/srv/x.git' does not appear to be a git repository", "away", "has no repository there"],
    ["fatal: could not read Username for 'https://x': terminal prompts disabled", "refused", "wants a password"],
    ["remote: HTTP Basic: Access denied\nfatal: Authentication failed for 'https://x/'", "refused", "wants a password"],
    ["git@x: Permission denied (publickey).", "refused", "does not let calops in"],
    ["ERROR: Permission to a/b.git denied to deploy key", "refused", "does not let calops in"],
    ["ERROR: The key you are authenticating with has been marked as read only.", "refused", "does not let calops in"],
    [
      "remote: You may not.\nfatal: unable to access 'https://x/': The requested URL returned error: 403",
      "refused",
      "",
    ],
    ["Host key verification failed.", "away", "shows an unknown host key"],
    ["fatal: unable to access 'https://x/': Could not resolve host: x", "away", "has a name that leads nowhere"],
    ["ssh: connect to host x port 22: Connection refused", "away", "refuses connections"],
    ["ssh: connect to host x port 22: Connection timed out", "away", "does not answer in time"],
    ["fatal: detected dubious ownership in repository at '/srv/x.git'\nTo add", "away", "belongs to another user"],
    ["fatal: remote error: upload-pack: not our ref 1111", "away", "does not have what it promises"],
    ["fatal: early EOF\nfatal: fetch-pack: invalid index-pack output", "away", "sent something damaged"],
    ["error: object 12ab: hasDotdot: contains '..'\nfatal: fsck error in packed object", "away", "hasDotdot, contains"],
    ["fatal: write error: File too large", "away", "sends more than 5 MB at once; large files belong elsewhere"],
    ["fatal: write error: No space left on device", "ours", ""],
  ])("is told by what it said: %j", (errors, kind, words) => {
    const told = reason(`remote: Counting objects: 3, done.\n${errors}\n${ALWAYS}`);
    expect(told.kind).toBe(kind);
    expect(told.words).toContain(words);
  });

  test("is not taken from what its hooks print, which may say anything", () => {
    const told = reason("remote: Permission denied, Repository not found\nfatal: the disk of the server is full");
    expect(told).toEqual({ kind: "away", words: "does not do it: fatal: the disk of the server is full" });
  });

  test("is what the host prints, where git says nothing but that it failed", () => {
    const frame = "remote: \nremote: =====\nremote: ERROR: The project could not be found.\nremote: \nremote: =====\n";
    expect(reason(frame + ALWAYS).words).toBe("does not do it: remote: ERROR: The project could not be found.");
    expect(reason(ALWAYS).words).toBe("does not do it: git fetch: failed");
  });

  test("is told in one line that can be seen, however it was sent", () => {
    const { words } = reason(`fatal: \u001b[31mred\u001b[0m \u0007\u202etfel ${"x".repeat(10_000)}`);
    expect(words).toMatch(/^does not do it: fatal: red tfel x+…$/);
    expect(words.length).toBeLessThan(400);
  });

  test("is that it said nothing, where it was ended", () => {
    for (const ended of ["late", "silent"] as const) {
      const error = new GitError("git fetch", {
        errors: "fatal: early EOF",
        code: undefined as never,
        ended,
        text: "",
      });
      expect(reasonOf(error, 30_000, 5e6).words).toBe("said nothing for 30s; look whether it runs");
    }
  });
});
