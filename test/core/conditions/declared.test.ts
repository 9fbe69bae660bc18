import { describe, expect, test } from "vitest";
import type { DeclaredTag } from "../../../src/core/conditions/declared.ts";
import { driftInWords, driftLine, driftOf } from "../../../src/core/conditions/drift.ts";
import { misfits } from "../../../src/core/conditions/misfits.ts";
import { type GlobalTag, TAG_STATES } from "../../../src/core/conditions/tag.ts";
import { refusedByState } from "../../../src/core/conditions/tag-life.ts";

const at = (major: number) => ({ major, minor: 0 });
const declared: DeclaredTag = {
  name: "prompt",
  description: "x",
  state: "OPEN",
  upstream: null,
  types: { t0: { description: "", oneRun: false }, spot: { description: "", oneRun: true } },
  firstRun: 3,
};
const stored: GlobalTag = {
  environment: "production",
  name: "prompt",
  state: "OPEN",
  description: "x",
  upstream: null,
  createdAt: 0,
  modifiedAt: 0,
  version: 1,
};
const lines = (...args: Parameters<typeof driftOf>) => driftOf(...args).map(driftLine);

describe("drift", () => {
  test("is nothing where everything is as declared, and then nothing is said", () => {
    const drift = driftOf({ prompt: declared }, [stored], "production", { prompt: ["t0"] });
    expect(drift).toEqual([]);
    expect(driftInWords(drift)).toEqual([]);
  });

  test("names each difference with what puts it right", () => {
    const tag = { ...stored, description: "y", upstream: "old" };
    expect(
      lines({ prompt: { ...declared, upstream: "v7" } }, [tag], "production", { prompt: ["t0", "gains"] }),
    ).toEqual([
      "prompt feeds old, and git says v7: the next deployment brings what git says",
      "prompt is described otherwise in git: the next deployment brings what git says",
      "prompt holds gains, which is not declared: declare it in tags/prompt.yaml",
    ]);
    expect(lines({ prompt: declared }, [], "production")).toEqual([
      "prompt is declared and not there: the next deployment makes it",
    ]);
    expect(lines({}, [stored], "production")).toEqual([
      "prompt (OPEN) is not declared: declare it in tags/prompt.yaml, or leave it: nothing is deleted by itself",
    ]);
  });

  test("of a state offers gt state exactly where the life of a tag goes on there", () => {
    for (const state of TAG_STATES)
      for (const there of TAG_STATES.filter((one) => one !== state)) {
        const [drift] = driftOf({ prompt: { ...declared, state } }, [{ ...stored, state: there }], "production");
        const able = refusedByState({ ...stored, state: there }, { kind: "state", to: state }) === undefined;
        expect([there, state, drift?.instead.includes(`gt state prompt ${state}`)]).toEqual([there, state, able]);
        expect(drift?.instead).toContain(`state: ${there} into tags/prompt.yaml`);
      }
  });
});

describe("intervals are held against what git declares", () => {
  test.each([
    ["t0", 3, null, []],
    ["spot", 3, 4, []],
    ["gains", 3, null, ["tags/prompt.yaml has no payload type gains"]],
    ["constructor", 3, null, ["tags/prompt.yaml has no payload type constructor"]],
    ["t0", 2, 5, ["t0 2 to before 5 begins before 3, the first run of tags/prompt.yaml"]],
    ["spot", 3, null, ["spot from 3 has no end, and tags/prompt.yaml says that it holds for one run only"]],
  ] as const)("%s from %d to %s", (type, from, until, expected) => {
    const iov = { type, payload: "a", from: at(from), until: until === null ? null : at(until) };
    expect(misfits(declared, [iov], at(3))).toEqual(expected);
  });

  test("no run is too early where it is not known which moment the first is", () => {
    expect(misfits(declared, [{ type: "t0", payload: "a", from: at(0), until: null }], undefined)).toEqual([]);
  });
});
