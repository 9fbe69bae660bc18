/** How bad it is when a task fails for good, from the least to the most; the configuration says it of workflows and tasks. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];
