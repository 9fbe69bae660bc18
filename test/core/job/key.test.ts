import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mirrorName, PRODUCTION } from "../../../src/core/environment/environment.ts";
import { type AttemptIdentity, attemptDirectory, attemptKey, environmentStep } from "../../../src/core/job/key.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const keyOf = (identity: AttemptIdentity) => attemptKey(identity, sha256);

const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).filter((text) => /[^.]/.test(text));
const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);
const identities: fc.Arbitrary<AttemptIdentity> = fc.record({
  instance: anyText,
  environment: fc.constantFrom("production", "mirror/new-fit", "mirror/Ünï code"),
  campaign: name,
  workflow: name,
  task: name,
  group: fc.oneof(fc.constantFrom("8215", "fill-7234", "2026-11-24T000000Z"), anyText),
  taskAttempt: fc.integer({ min: 1, max: 999 }),
  iteration: fc.integer({ min: 1, max: 99 }),
  role: fc.constantFrom("part", "combine"),
  index: fc.nat(99_999),
  attempt: fc.integer({ min: 1, max: 99 }),
  commit: fc.constantFrom("c0ffee", "beef"),
  used: anyText,
});

describe("the key of an attempt", () => {
  test("serves as a host name, a batch job's name and a file name, whatever its group is called", () => {
    fc.assert(
      fc.property(identities, (identity) => {
        expect(keyOf(identity)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
      }),
    );
  });

  test("is the same for the same work, and another one when anything about it differs", () => {
    fc.assert(
      fc.property(
        identities,
        fc.constantFrom(
          ...([
            "instance",
            "environment",
            "campaign",
            "workflow",
            "task",
            "group",
            "taskAttempt",
            "iteration",
            "role",
            "index",
            "attempt",
            "commit",
            "used",
          ] as const),
        ),
        (identity, fact) => {
          const value = identity[fact];
          const other = { ...identity, [fact]: typeof value === "number" ? value + 1 : `${value}x` };
          expect(keyOf({ ...identity })).toBe(keyOf(identity));
          expect(keyOf(other)).not.toBe(keyOf(identity));
        },
      ),
    );
  });

  test("can be read by a person", () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const plain = { ...identity, workflow: "t0", task: "calibrate", group: "8215" };
        expect(keyOf(plain)).toMatch(/^t0-calibrate-8215-[0-9a-f]{20}$/);
      }),
    );
  });
});

describe("the directory of an attempt", () => {
  test("stays below jobs, in names that every file system takes", () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const steps = attemptDirectory(identity, keyOf(identity)).split("/");
        expect(steps[0]).toBe("jobs");
        expect(steps).toHaveLength(7);
        for (const step of steps) expect(step).toMatch(/^(?!\.+$)[A-Za-z0-9._-]+$/);
      }),
    );
  });

  test("is not that of an attempt of the same name in another environment", () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const at = (environment: string) =>
          attemptDirectory({ ...identity, environment }, keyOf(identity))
            .split("/")
            .slice(0, 2);
        expect(at("mirror/a/b")).not.toEqual(at("mirror/a_b"));
      }),
    );
  });

  test("tells where a person finds it", () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const plain = {
          ...identity,
          environment: "production",
          campaign: "prompt",
          workflow: "t0",
          task: "calibrate",
          group: "8215",
          taskAttempt: 2,
          attempt: 3,
        };
        const key = keyOf(plain);
        const at = "jobs/production/prompt/t0/8215/calibrate.2";
        expect(attemptDirectory({ ...plain, iteration: 1, role: "part", index: 7 }, key)).toBe(
          `${at}/7.3-${key.slice(-8)}`,
        );
        expect(attemptDirectory({ ...plain, iteration: 4, role: "combine" }, key)).toBe(
          `${at}/i4.combine.3-${key.slice(-8)}`,
        );
      }),
    );
  });
});

describe("the step of an environment in a path", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("a", "2", "f", "_", "/", ".", "u", "-", "\u0002", "\u000e", "\u0100", "é", "\u2f00"),
    }),
  );
  const names = fc.oneof(anything, anything.map(mirrorName));

  test("is one that every file system takes, and leads nowhere else", () => {
    fc.assert(
      fc.property(
        names.filter((environment) => environment !== ""),
        (environment) => {
          expect(environmentStep(environment)).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
        },
      ),
    );
  });

  test("is that of no other environment", () => {
    const steps = new Map<string, string>();
    const check = (environment: string) => {
      const step = environmentStep(environment);
      expect(steps.get(step) ?? environment).toBe(environment);
      steps.set(step, environment);
    };
    fc.assert(fc.property(names, check), { numRuns: 2_000 });
    for (const environment of [
      "mirror/a/b",
      "mirror/a_b",
      "mirror/a_2fb",
      "mirror_2fa",
      "\u0002f",
      "/",
      ".",
      "_2e",
      "é",
      "\u000e9",
      "\u0100",
      "\u00100",
    ])
      check(environment);
  });

  test("can be told from the others by a person, and is short enough for the longest branch that may have a mirror", () => {
    expect(environmentStep(PRODUCTION)).toBe("production");
    expect(environmentStep("mirror/new-fit")).toBe("mirror_2fnew-fit");
    expect(environmentStep(mirrorName("_".repeat(80))).length).toBeLessThanOrEqual(255);
  });
});
