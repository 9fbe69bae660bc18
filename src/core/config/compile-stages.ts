/** From `stages` of `calops.yaml` to data sets that tasks may wait for. */
import type { Scope } from "../expression/types.ts";
import type { Stage } from "../stage/stage.ts";
import type { CalopsYaml } from "./calops-yaml.ts";
import type { Parsed } from "./checker.ts";
import type { Surroundings } from "./surroundings.ts";
import { tasksNamed } from "./tasks-named.ts";

export function stagesOf(
  { value, check }: Parsed<CalopsYaml>,
  around: Pick<Surroundings, "tasks">,
  within: Scope,
): Record<string, Stage> {
  return Object.fromEntries(
    Object.entries(value.stages).map(([name, stage]) => {
      const at = ["stages", name];
      const { runs, tasks, of, owner, what = name } = stage;
      const shortened = stage.isShort ? at : [...at, "runs"];
      return [
        name,
        {
          name,
          what,
          owner,
          of,
          runs: runs === undefined ? undefined : check.expression(shortened, runs, within, "bool"),
          tasks: tasks.flatMap((word, index) => tasksNamed(word, [...at, "tasks", index], around, check)),
        },
      ];
    }),
  );
}
