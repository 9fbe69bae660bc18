/** Short ways to write the configurations of tests. */
import type { Files } from "../fakes/memory-repository.ts";

/** Files of a configuration; each workflow is the text of its `tasks` and whatever else stands beside them. */
export function configOf(workflows: Readonly<Record<string, string>>, more: Files = {}): Files {
  return {
    "calops.yaml":
      "experiment: Test\ndefaults: { backoff: 10s }\nruns: { attributes: { quality: string, bursts: int } }\n",
    ...Object.fromEntries(
      Object.entries(workflows).map(([name, text]) => [
        `workflows/${name}/workflow.yaml`,
        `description: Workflow ${name}\nowner: ann\n${text}`,
      ]),
    ),
    ...more,
  };
}
