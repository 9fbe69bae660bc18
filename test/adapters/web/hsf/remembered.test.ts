/** Whatever is done to a tag, and in whatever order it is asked for, an answer is what the tag holds now. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TagChange } from "../../../../src/core/conditions/change.ts";
import { good, type HsfGround, hsfGround, iov } from "./ground.ts";

let ground: HsfGround;
beforeEach(async () => {
  ground = await hsfGround();
});
afterEach(() => ground.close());

const place = fc.nat(6);
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ask: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      put: fc.constantFrom("a", "b"),
      type: fc.constantFrom("t0", "gains"),
      from: place,
      until: fc.option(place),
    }),
  },
  { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom("t0", "gains"), from: place }) },
);

test("an answer is the one that the conditions give, also where one was remembered", async () => {
  let round = 0;
  const hashes = { a: await ground.keep("t0", "a"), b: await ground.keep("t0", "b") };
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), async (acts) => {
      const tag = `tag-${++round}`;
      await ground.tagWith(tag, iov("t0", hashes.a, [0, 0], null), iov("gains", hashes.a, [0, 2], [0, 5]));
      const ref = { environment: "production", name: tag };
      let count = 0;
      const change = async (what: TagChange) =>
        ground.conditions.change({ tag: ref, change: what, key: `${tag} ${++count}`, by: "ann", why: null });
      for (const one of acts) {
        if ("put" in one) {
          const until = one.until === null || one.until <= one.from ? null : ([0, one.until] as const);
          const put = iov(one.type, hashes[one.put as "a" | "b"], [0, one.from], until);
          await change({ kind: "put", iovs: [put] });
        } else if ("remove" in one) {
          const span = { from: { major: 0, minor: one.from }, until: { major: 0, minor: one.from + 2 } };
          await change({ kind: "remove", type: one.remove, span });
        } else {
          const rows = await good(ground.get(`payloadiovs/?gtName=${tag}&majorIOV=0&minorIOV=${one.ask}&shape=dict`));
          const shown = rows.map((row: Record<string, string>) => [row["payload_type_name"], row["checksum"]]);
          const held = await ground.conditions.lookup(ref, { major: 0, minor: one.ask });
          expect(shown).toEqual(held.map(({ type, payload }) => [type, `sha256:${payload}`]));
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("what is remembered is not asked for again, until the tag changes", async () => {
  const a = await ground.keep("t0", "a");
  await ground.tagWith("prompt", iov("t0", a, [0, 5], [0, 9]));
  let lookups = 0;
  const { lookup } = ground.conditions;
  ground.conditions.lookup = (...of) => {
    lookups++;
    return lookup.apply(ground.conditions, of);
  };
  const ask = (minor: number) => good(ground.get(`payloadiovs/?gtName=prompt&majorIOV=0&minorIOV=${minor}`));
  for (const minor of [5, 6, 8, 5]) expect(await ask(minor)).toHaveLength(1);
  expect(lookups).toBe(1);
  expect(await ask(9)).toEqual([]);
  expect(lookups).toBe(2);
  await ground.conditions.change({
    tag: { environment: "production", name: "prompt" },
    change: { kind: "empty" },
    key: "e",
    by: "ann",
    why: null,
  });
  expect(await ask(6)).toEqual([]);
});
