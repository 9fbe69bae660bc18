/** What the tests of campaigns stand on: one workflow of one task, campaigns as they are wanted, tags with something in them. */
import type { Iov } from "../../src/core/conditions/iov.ts";
import type { MemoryConditions } from "../fakes/memory-conditions.ts";
import type { Files } from "../fakes/memory-repository.ts";
import { type Harness, type HarnessOptions, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

export const T0 = 'tasks: { fit: { run: ["fit", "${label}", "${tag}", "${campaign-attempt}"], retries: 0 } }\n';
export const PROC8 = `kind: reprocessing
runs: 1-3
release: v1.3
start: manual
label: "p.\${attempt}-\${release}"
`;

export function campaignFiles(campaigns: Readonly<Record<string, string>>, more: Files = {}): Files {
  const files = Object.fromEntries(Object.entries(campaigns).map(([name, text]) => [`campaigns/${name}.yaml`, text]));
  return configOf({ t0: T0 }, { "campaigns/prompt.yaml": "kind: prompt\nworkflows: []\n", ...files, ...more });
}

export function startCampaigns(
  campaigns: Readonly<Record<string, string>>,
  options: Partial<HarnessOptions> = {},
  more: Files = {},
): Promise<Harness> {
  return startHarness({ files: campaignFiles(campaigns, more), ...options });
}

export async function states(h: Harness) {
  return (await h.tasks()).map((task) => [task.campaign, task.groupKey, task.state]);
}

export function standing(h: Harness, name: string) {
  return h.store.queries.campaign("production", name);
}

/** Any file of this directory will do as a payload. */
export async function put(
  conditions: MemoryConditions,
  name: string,
  file: string,
  from: number,
  until: number | null,
) {
  const { hash } = await conditions.keep("t0", new URL(file, import.meta.url).pathname);
  const moment = (major: number) => ({ major, minor: 0 });
  const iovs: Iov[] = [{ type: "t0", payload: hash, from: moment(from), until: until === null ? null : moment(until) }];
  const tag = { environment: "production", name };
  await conditions.change({
    tag,
    change: { kind: "put", iovs },
    key: `put ${name} ${file} ${from}`,
    by: "ann",
    why: null,
  });
  return hash;
}

/** Tags with one interval each. */
export async function withTags(conditions: MemoryConditions, ...tags: string[]): Promise<void> {
  for (const name of tags) {
    const tag = { environment: "production", name };
    const change = { kind: "create", description: "", upstream: null } as const;
    await conditions.change({ tag, change, key: `create ${name}`, by: "ann", why: null });
    await put(conditions, name, "harness.ts", 1, null);
  }
}

export async function held(conditions: MemoryConditions, name: string): Promise<number> {
  return (await conditions.iovs({ environment: "production", name })).length;
}
