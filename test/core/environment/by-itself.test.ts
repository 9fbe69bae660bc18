import { describe, expect, test } from "vitest";
import type { Deployment } from "../../../src/core/deployment/deployment.ts";
import { mayTry, whyNotBack } from "../../../src/core/environment/by-itself.ts";
import type { Environment, Target } from "../../../src/core/environment/environment.ts";
import type { Follow } from "../../../src/core/environment/rules.ts";
import { AT, anEnvironment } from "../../contracts/things.ts";

const TAGS: Follow = { kind: "tag", pattern: "v*" };
const running = anEnvironment("production", { commit: "beef", ref: "refs/tags/v2" });
const older: Target = { ref: "refs/tags/v1", commit: "c0ffee" };

describe("production", () => {
  test("does not go back to an older tag, and says what to do", () => {
    expect(whyNotBack(running, older, TAGS)).toBe(
      "v2, which runs, is no tag of the repository any more, and v1 is older. To go back to it: deploy production v1",
    );
  });

  test.each<[string, Partial<Environment>, Target | null, Follow]>([
    ["to a newer tag", {}, { ref: "refs/tags/v10", commit: "f00d" }, TAGS],
    ["to the same commit by an older tag", {}, { ...older, commit: "beef" }, TAGS],
    ["where there is nothing to go to", {}, null, TAGS],
    ["before its first deployment", { commit: null, ref: null }, older, TAGS],
    ["from a commit that somebody named", { ref: null }, older, TAGS],
    ["from a branch", { ref: "refs/heads/v2" }, older, TAGS],
    ["where it does not follow tags", {}, older, { kind: "branch", branch: undefined }],
    ["where it is a mirror", { name: "mirror/fit" }, older, TAGS],
  ])("goes %s", (_name, more, to, follow) => {
    expect(whyNotBack({ ...running, ...more }, to, follow)).toBeUndefined();
  });
});

type Last = Pick<Deployment, "state" | "tookMs"> | undefined;
const ended = (state: Deployment["state"], tookMs: number | null = null): Last => ({ state, tookMs });
const quarantined = [{ commit: "beef", by: "ann", why: "it drifts", since: AT }];

describe("a commit", () => {
  test.each<[string, Last, Partial<Environment>, { production: boolean; mirror: boolean }]>([
    ["that is new", undefined, {}, { production: true, mirror: true }],
    ["before whose turn another came", ended("superseded"), {}, { production: true, mirror: true }],
    ["that ran, until a person went away from it", ended("superseded", 5), {}, { production: false, mirror: true }],
    ["that was refused", ended("failed"), {}, { production: false, mirror: false }],
    ["that was taken back", ended("rolled-back", 5), {}, { production: false, mirror: true }],
    ["in quarantine", undefined, { quarantine: quarantined }, { production: false, mirror: false }],
    [
      "beside one in quarantine",
      undefined,
      { quarantine: [{ ...quarantined[0], commit: "f00d" } as (typeof quarantined)[0]] },
      {
        production: true,
        mirror: true,
      },
    ],
  ])("%s", (_name, last, more, expected) => {
    const tried = (name: string) => mayTry(anEnvironment(name, more), "beef", last);
    expect({ production: tried("production"), mirror: tried("mirror/fit") }).toEqual(expected);
  });
});
