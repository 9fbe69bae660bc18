/**
 * `npm run bench`: one JSON line a figure, each with what it was measured against in the same run, since machines are noisy.
 * `npm run bench -- NAME ...` takes only some: changes, commands, turn, jobs, idle, following, chats, conditions, conditions-rest.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeConfig } from "./bench-bot.ts";
import { chats } from "./chats.ts";
import { conditionsFigures } from "./conditions.ts";
import { conditionsRest } from "./conditions-rest.ts";
import { print, round } from "./figure.ts";
import { following } from "./following.ts";
import { readCommands, stateChanges } from "./in-process.ts";
import { fillTo } from "./stored-season.ts";
import { idleAndRestart, manyJobs } from "./whole-process.ts";

const SIZES = [10_000, 100_000, 1_000_000] as const;
const LARGEST = 1_000_000;

const wanted = process.argv.slice(2);
const takes = (name: string) => wanted.length === 0 || wanted.includes(name);
const root = mkdtempSync(join(process.env["CALOPS_BENCH_DIR"] ?? tmpdir(), "calops-bench-"));
try {
  const season = join(root, "season");
  writeConfig(join(season, "config"));
  const costs: { stored: number; microseconds: number }[] = [];
  const seasons =
    wanted.length === 0 ||
    wanted.some((name) => !["following", "jobs", "conditions", "conditions-rest"].includes(name));
  for (const [index, stored] of SIZES.entries()) {
    if (!seasons || (!takes("turn") && stored !== LARGEST)) continue;
    await fillTo(join(season, "calops.sqlite"), stored, Date.now());
    if (takes("turn") || (takes("changes") && stored === LARGEST))
      costs.push({ stored, microseconds: 1e6 / (await stateChanges(season, stored, 9_000_000 + index)) });
  }
  if (takes("turn")) {
    const [first, last] = [costs[0]?.microseconds ?? 0, costs.at(-1)?.microseconds ?? 0];
    print({
      figure: "cost of a state change as history grows",
      value: round(last),
      unit: "us",
      promised: "flat from 10^4 to 10^6 jobs",
      against: `${round(first)} us with ${SIZES[0]} jobs stored`,
      ratio: round(last / first),
      detail: { all: costs.map((cost) => ({ ...cost, microseconds: round(cost.microseconds) })) },
    });
  }
  if (takes("commands")) await readCommands(season, LARGEST);
  if (takes("idle")) await idleAndRestart(season, LARGEST);
  if (takes("chats")) await chats(season, LARGEST);
  if (takes("following")) await following(join(root, "following"));
  if (takes("conditions")) await conditionsFigures(join(root, "conditions"));
  if (takes("conditions-rest")) await conditionsRest(join(root, "conditions-rest"));
  if (takes("jobs")) {
    await manyJobs(root, { name: "5000 jobs that sleep 20 ms", program: ["sleep", "0.02"], jobs: 5_000, pairs: 2 });
    await manyJobs(root, {
      name: "2000 jobs of 20 ms of processor",
      program: ["/bin/sh", "-c", "i=0; while [ $i -lt 36000 ]; do i=$((i+1)); done"],
      jobs: 2_000,
      pairs: 2,
    });
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
