/** What the clone is like after a long time. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aGround, follow, type Ground } from "./ground.ts";

let ground: Ground;
beforeEach(() => {
  ground = aGround();
});
afterEach(() => ground.clean());

test("a clone does not grow with each fetch, and keeps what ran, whatever became of its branch", async () => {
  const { bare } = ground;
  const repository = await ground.open(bare.path);
  const first = bare.push({ a: "first" });
  await follow(repository);
  const tried = bare.push({ a: "tried" }, "tried", { branch: "try", parent: null });
  await follow(repository, "refs/heads/try");
  await repository.checkout(tried);
  await repository.keepOnly([]);
  bare.git("branch", "-D", "try");
  const heads: string[] = [];
  for (let index = 0; index < 60; index++) {
    heads.push(bare.push({ a: `${index}` }));
    await follow(repository);
  }
  const clone = ground.at("data/config.git");
  const packs = readdirSync(join(clone, "objects/pack")).filter((name) => name.endsWith(".pack"));
  expect(packs.length).toBeLessThan(20);
  const kept = bare.git("--git-dir", clone, "for-each-ref", "--format=%(refname)").split("\n");
  expect(kept).toEqual(["refs/calops/heads/main", `refs/calops/kept/${tried}`]);
  for (const commit of [first, tried, ...heads]) expect(await repository.commit(commit)).toMatchObject({ id: commit });
  expect((await repository.changes(tried, first, "a")).files).toEqual(["a"]);
});
