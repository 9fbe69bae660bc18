import { describe, expect, test } from "vitest";
import { stepInWords, tagSteps } from "../../../src/core/campaign/beginning.ts";
import { freshStanding } from "../../../src/core/campaign/campaign.ts";
import { labelOf } from "../../../src/core/campaign/label.ts";
import { stagingInUse } from "../../../src/core/campaign/sharing.ts";
import { isSnapshot, readTag, stagingTags, tagNamed } from "../../../src/core/campaign/tags.ts";
import { campaignYaml } from "../../../src/core/config/campaign-yaml.ts";
import type { Campaign } from "../../../src/core/config/config.ts";

const campaign = (name: string, more: object = {}): Campaign => ({
  ...campaignYaml.parse({ kind: "reprocessing", ...more }),
  name,
});
const words = (one: Campaign, existing: readonly string[]) =>
  tagSteps("production", one, new Set(existing)).map(stepInWords);

describe("a word for a tag", () => {
  test("is the campaign's own, or a name", () => {
    const one = campaign("proc8", { tag: "prompt", tags: { target: "prompt", staging: ["a", "b"] } });
    expect(["staging", "target", "tag", "other"].map((word) => tagNamed(one, word))).toEqual([
      "a",
      "prompt",
      "prompt",
      "other",
    ]);
    expect(stagingTags(one)).toEqual(["a", "b"]);
  });

  test("is nothing where the campaign has none", () => {
    expect(["staging", "target", "tag"].map((word) => tagNamed(campaign("x"), word))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("can be another for each workflow", () => {
    const one = campaign("x", { tags: { staging: { local: "loc", tracking: "calib", ecl: "calib" } } });
    expect(
      ["local", "tracking", "ecl", "reco", undefined].map((workflow) => tagNamed(one, "staging", workflow)),
    ).toEqual(["loc", "calib", "calib", undefined, undefined]);
    expect(stagingTags(one)).toEqual(["loc", "calib"]);
  });

  test("is the campaign's own copy where it asked for one, and another for the next attempt", () => {
    expect(readTag(campaign("proc8", { tag: "prompt", snapshot: true }))).toBe("prompt-proc8-1");
    expect(tagNamed(campaign("proc8", { tag: "prompt", snapshot: true, attempt: 2 }), "tag")).toBe("prompt-proc8-2");
  });
});

test("a snapshot of any attempt until now is known as one, and no other tag is", () => {
  const campaigns = {
    proc8: campaign("proc8", { tag: "prompt", snapshot: true, attempt: 2 }),
    other: campaign("other", { tag: "prompt" }),
  };
  const known = ["prompt-proc8-1", "prompt-proc8-2", "prompt-proc8-3", "prompt-other-1", "prompt", "prompt-proc8-"];
  expect(known.filter((tag) => isSnapshot(campaigns, tag))).toEqual(["prompt-proc8-1", "prompt-proc8-2"]);
});

describe("when it begins", () => {
  test("staging tags are made, or emptied; the copy is made before", () => {
    const one = campaign("proc8", { tag: "prompt", snapshot: true, tags: { target: "prompt", staging: ["a", "b"] } });
    expect(words(one, ["prompt", "b"])).toEqual([
      "prompt-proc8-1 is made as a copy of prompt",
      "a is made, empty",
      "b is emptied",
    ]);
  });

  test("staging tags become what another one is", () => {
    const one = campaign("proc8", { tags: { staging: ["a", "b"], from: "prompt" } });
    expect(words(one, ["prompt", "b"])).toEqual([
      "a is made as a copy of prompt",
      "b is emptied",
      "b gets what prompt holds",
    ]);
  });

  test("each step has the same key whenever it is asked for, and another in the next attempt", () => {
    const keys = (attempt: number) =>
      tagSteps("production", campaign("p", { attempt, tags: { staging: "a" } }), new Set(["a"])).map(
        (step) => step.key,
      );
    expect(keys(1)).toEqual(keys(1));
    expect(keys(1)).not.toEqual(keys(2));
  });
});

describe("a staging tag is used", () => {
  const tags = { staging: "a", target: "prompt" };
  const standing = (one: Campaign, more: object) => ({ ...freshStanding("production", one), ...more });
  const other = campaign("other", { tags });
  const inUse = (more: object) =>
    stagingInUse(campaign("own", { tags: { staging: ["b", "a"] } }), [
      { declared: other, standing: standing(other, more) },
    ]);

  test.each([
    [{ state: "running" }, "a is used by campaign other, which is running"],
    [{ state: "paused" }, "a is used by campaign other, which is paused"],
    [{ state: "finished", attempt: 1 }, "a is used by campaign other, which is finished"],
    [{ state: "finished", attempt: 1, published: { at: 1, by: "ann", attempt: 1 } }, undefined],
    [{ state: "draft" }, undefined],
    [{ state: "archived" }, undefined],
  ])("by another campaign that is %o: %s", (more, expected) => {
    expect(inUse(more)).toBe(expected);
  });

  test("but not by itself, and not where the tags are others", () => {
    expect(stagingInUse(other, [{ declared: other, standing: standing(other, { state: "running" }) }])).toBeUndefined();
    const one = campaign("own", { tags: { staging: "c" } });
    expect(stagingInUse(one, [{ declared: other, standing: standing(other, { state: "running" }) }])).toBeUndefined();
  });
});

test("a label is made of what the campaign is", () => {
  expect(labelOf(campaign("proc8", { label: "p.${attempt}-${release}", release: "v1.3", attempt: 2 }))).toBe(
    "p.2-v1.3",
  );
  expect(labelOf(campaign("proc8"))).toBe("proc8");
});
