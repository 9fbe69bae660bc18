import type { JobFacts, Order } from "../../src/core/job/order.ts";

const FACTS: JobFacts = {
  experiment: "Test",
  environment: "production",
  campaign: "prompt",
  label: "p.1-r",
  campaignAttempt: 1,
  release: "r",
  tag: "t",
  commit: "c",
  workflow: "w",
  task: { id: 1, name: "a", attempt: 1, iteration: 1 },
  job: { index: 0, of: 1, attempt: 1, role: "part", value: null },
  group: { key: "1" },
  run: { number: 1 },
  runs: [{ number: 1 }],
  parameters: {},
  inputs: [],
  conditions: {},
};

export function anOrder(key: string, command: readonly string[], more: Partial<Order> = {}): Order {
  return {
    key,
    directory: `jobs/${key}`,
    command,
    env: {},
    walltimeMs: 60_000,
    logLimit: 1_000_000_000,
    isolated: false,
    facts: FACTS,
    ...more,
  };
}
