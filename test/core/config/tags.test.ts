import { describe, expect, test } from "vitest";
import { configOf, issuesOf, type Written } from "./reading.ts";

const PROMPT = `description: For prompt reconstruction
state: RUNNING
types:
  t0: { description: Time zero }
  beam-spot: { description: Where beams cross, one-run: true }
first-run: 1000
`;
const STAGING = "description: On its way\nupstream: prompt\ntypes: { t0: { description: Time zero } }\n";
const files = (more: Written = {}): Written => ({
  "calops.yaml": "experiment: D\n",
  "tags/prompt.yaml": PROMPT,
  "tags/staging.yaml": STAGING,
  ...more,
});
const types = (name = "t0") => `types: { ${name}: { description: x } }`;

describe("tags/NAME.yaml", () => {
  test("declares a global tag with its payload types", () => {
    expect(configOf(files()).tags).toEqual({
      prompt: {
        name: "prompt",
        description: "For prompt reconstruction",
        state: "RUNNING",
        upstream: null,
        types: {
          t0: { description: "Time zero", oneRun: false },
          "beam-spot": { description: "Where beams cross", oneRun: true },
        },
        firstRun: 1000,
      },
      staging: {
        name: "staging",
        description: "On its way",
        state: "OPEN",
        upstream: "prompt",
        types: { t0: { description: "Time zero", oneRun: false } },
        firstRun: null,
      },
    });
  });

  test("that nobody wrote declares none, and then campaigns may name any", () => {
    expect(configOf({ "calops.yaml": "experiment: D\n", "campaigns/a.yaml": "kind: prompt\ntag: v7\n" }).tags).toEqual(
      {},
    );
  });

  test.each<[string, string, string]>([
    ["a state that there is not", STAGING.replace("upstream", "state: OPENED\nupstream"), "2:8"],
    ["an unknown upstream", STAGING.replace("prompt", "promt"), "2:11: there is no global tag promt; write prompt"],
    ["itself as upstream", STAGING.replace("prompt", "staging"), "2:11: a tag does not feed itself; write prompt"],
    [
      "a payload type that its upstream does not have",
      STAGING.replace("{ t0:", "{ gains:"),
      "3:17: the tag prompt, which this one feeds, has no payload type gains; declare it in tags/prompt.yaml too, or take it away here",
    ],
    [
      "a payload type that its upstream takes otherwise",
      STAGING.replace("{ t0:", "{ beam-spot:"),
      "3:21: one-run of beam-spot is false here, and true in the tag prompt, which this one feeds; write the same in both",
    ],
    ["a payload type that cannot be a name", `description: x\n${types('"a b"')}\n`, "not a payload type"],
    [
      "a first run that is none",
      `description: x\n${types()}\nfirst-run: x\n`,
      "3:12: not a run number; write for example 8215",
    ],
    ["an unknown key", `description: x\n${types()}\nupstrem: prompt\n`, '3:1: unknown key "upstrem"; write upstream'],
  ])("with %s is a mistake with its place", (_what, text, expected) => {
    const lines = issuesOf(files({ "tags/staging.yaml": text }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("tags/staging.yaml:");
    expect(lines[0]).toContain(expected);
  });

  test("that feed each other are told once", () => {
    const feeds = (upstream: string) => `description: x\nupstream: ${upstream}\n${types()}\n`;
    const lines = issuesOf({
      "calops.yaml": "experiment: D\n",
      "tags/a.yaml": feeds("b"),
      "tags/b.yaml": feeds("c"),
      "tags/c.yaml": feeds("a"),
      "tags/d.yaml": feeds("a"),
    });
    expect(lines).toEqual([
      "tags/c.yaml:2:11: the tags feed each other: a feeds b feeds c feeds a; take one of these upstreams away",
    ]);
  });

  test("that cannot be read hides nothing and makes no mistake of what names it", () => {
    const lines = issuesOf(
      files({ "tags/prompt.yaml": "description: [\n", "campaigns/a.yaml": "kind: prompt\ntag: prompt\n" }),
    );
    expect(lines.every((line) => line.startsWith("tags/prompt.yaml:"))).toBe(true);
  });

  test("are the tags that campaigns may name", () => {
    expect(issuesOf(files({ "campaigns/a.yaml": "kind: prompt\ntag: stagging\n" }))).toEqual([
      "campaigns/a.yaml:2:6: there is no global tag stagging; write staging",
    ]);
  });
});

describe("conditions in calops.yaml", () => {
  const calops = (conditions: string) => ({ "calops.yaml": `experiment: D\nconditions: ${conditions}\n` });

  test("say which moment a run is; a number needs no quotes", () => {
    const { major, minor } = configOf(calops("{ major: run.fill, minor: 7 }")).conditions;
    expect([major.text, minor.text]).toEqual(["run.fill", "7"]);
  });

  test.each([
    ["{ major: run.nubmer }", "no attribute nubmer"],
    ["{ major: run.type }", "gives string, not a whole number"],
    ["{ minor: run.luminosity }", "gives double, not a whole number"],
    ["{ minor: true }", "write for example run.number"],
  ])("that cannot be one are a mistake: %s", (conditions, expected) => {
    expect(issuesOf(calops(conditions)).join("\n")).toContain(expected);
  });
});
