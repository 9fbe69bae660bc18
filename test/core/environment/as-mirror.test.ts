import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/core/config/config.ts";
import { asMirror } from "../../../src/core/environment/as-mirror.ts";
import type { MirrorRules } from "../../../src/core/environment/rules.ts";
import { configOf } from "../config/reading.ts";
import { frozen } from "../life-story.ts";

const RULES: MirrorRules = {
  branches: ["*"],
  except: [],
  runs: { last: 3 },
  channel: "#dev",
  graceMs: 0,
  jobs: 5,
  isolation: "required",
};
/** A branch that wants as much as it can have. */
const LOUD = configOf({
  "calops.yaml": `experiment: Driftwood
defaults: { channel: "#everybody" }
sources: { registry: { http: { url: "http://registry/runs" }, every: 1m } }
`,
  "campaigns/prompt.yaml": "description: As they come\nkind: prompt\npriority: 7\n",
  "workflows/t0/workflow.yaml": `description: Time zero
owner: ann
channel: "#timing"
priority: 100
stale: mark
tasks: { fit: { run: ["true"] } }
`,
  "workflows/reco/workflow.yaml": `description: Reconstruction
owner: ben
tasks: { go: { run: ["true"], needs: [t0/fit] } }
`,
});
const quiet = asMirror(frozen(LOUD), RULES);
const each = <Thing>(of: (config: Config) => Readonly<Record<string, Thing>>) => Object.values(of(quiet));

describe("a branch's configuration as its mirror runs it", () => {
  test("begins with its prompt campaigns by itself, and with a reprocessing only when somebody starts it", () => {
    const started = (text: string) =>
      asMirror(configOf({ "calops.yaml": "experiment: X\n", "campaigns/c.yaml": text }), RULES).campaigns["c"]?.start;
    expect(started("kind: prompt\nstart: manual\n")).toBe("at once");
    expect(started("kind: prompt\n")).toBeUndefined();
    expect(started("kind: reprocessing\nstart: manual\n")).toBe("manual");
  });

  test("says everything in the development channel, whatever channels the branch names", () => {
    expect(quiet.channel).toBe("#dev");
    expect(each((config) => config.workflows).map(({ channel }) => channel)).toEqual(["#dev", "#dev"]);
    expect(JSON.stringify(quiet)).not.toMatch(/#everybody|#timing/);
  });

  test("reads no run source", () => {
    expect(LOUD.sources).not.toEqual({});
    expect(quiet.sources).toEqual({});
  });

  test("comes after all of production, whatever priorities either declares", () => {
    expect(LOUD.workflows["t0"]?.priority).toBe(100);
    expect(each((config) => config.campaigns).map(({ priority }) => priority)).toEqual([0]);
    for (const { priority } of each((config) => config.workflows)) {
      expect(priority).toBeLessThanOrEqual(-Number.MAX_SAFE_INTEGER);
      expect(Number.isSafeInteger(priority)).toBe(true);
    }
  });

  test("makes anew what went stale, also where the branch would have it kept", () => {
    expect(LOUD.workflows["t0"]?.whenStale).not.toBe("reprocess");
    expect(each((config) => config.workflows).map(({ whenStale }) => whenStale)).toEqual(["reprocess", "reprocess"]);
  });

  test("is the branch's in everything else", () => {
    const { channel, sources, campaigns, workflows, ...rest } = quiet;
    expect(LOUD).toMatchObject(rest);
    expect(Object.keys(workflows)).toEqual(Object.keys(LOUD.workflows));
    for (const [name, workflow] of Object.entries(workflows)) {
      const { channel, priority, whenStale, ...same } = workflow;
      expect(LOUD.workflows[name]).toMatchObject(same);
    }
    expect({ ...campaigns["prompt"], priority: 7 }).toEqual(LOUD.campaigns["prompt"]);
  });
});
