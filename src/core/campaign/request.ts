/** A campaign as somebody asks for it in a chat, and the file that it would be. */
import type { RunInterval } from "../config/values.ts";

export type CampaignRequest = {
  readonly name: string;
  readonly kind: "prompt" | "reprocessing";
  readonly runs: readonly RunInterval[];
  readonly release?: string | undefined;
  /** Where all its jobs run. */
  readonly executor?: string | undefined;
  /** Names of tags, or `WORKFLOW:TAG` for each workflow. */
  readonly staging: readonly string[];
  readonly target?: string | undefined;
  /** All of them where it is empty. */
  readonly workflows: readonly string[];
  /** What its jobs read. */
  readonly tag?: string | undefined;
  readonly manager?: string | undefined;
  readonly description?: string | undefined;
  readonly snapshot: boolean;
};

export function fileOf(request: Pick<CampaignRequest, "name">): string {
  return `campaigns/${request.name}.yaml`;
}

/** It is a draft until somebody starts it: to be merged and to begin are two decisions. */
export function yamlOf(request: CampaignRequest): string {
  const { kind, runs, release, executor, staging, target, workflows, tag, manager, description, snapshot } = request;
  const tags = [
    ...(target === undefined ? [] : [`target: ${word(target)}`]),
    ...(staging.length === 0 ? [] : [`staging: ${stagingWords(staging)}`]),
  ];
  const lines = [
    description === undefined ? undefined : `description: ${word(description)}`,
    `kind: ${kind}`,
    workflows.length === 0 ? undefined : `workflows: [${workflows.map(word).join(", ")}]`,
    `runs: ${words(runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)))}`,
    release === undefined ? undefined : `release: ${word(release)}`,
    tag === undefined ? undefined : `tag: ${word(tag)}`,
    snapshot ? "snapshot: true" : undefined,
    tags.length === 0 ? undefined : `tags: { ${tags.join(", ")} }`,
    executor === undefined ? undefined : `executor: ${word(executor)}`,
    manager === undefined ? undefined : `manager: ${word(manager)}`,
    "start: manual",
  ];
  return `${lines.filter((line) => line !== undefined).join("\n")}\n`;
}

function stagingWords(staging: readonly string[]): string {
  const pairs = staging.map((one) => one.split(":"));
  if (pairs.some((pair) => pair.length !== 2 || pair[0] === "")) return words(staging);
  return `{ ${pairs.map(([workflow = "", tag = ""]) => `${word(workflow)}: ${word(tag)}`).join(", ")} }`;
}

function words(all: readonly string[]): string {
  return all.length === 1 ? word(all[0] ?? "") : `[${all.map(word).join(", ")}]`;
}

/** In quotes unless it can be nothing but itself: whatever somebody typed, it is one text. */
function word(text: string): string {
  const plain = /^[a-z][a-z0-9-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/.test(text);
  return plain ? text : JSON.stringify(text);
}
