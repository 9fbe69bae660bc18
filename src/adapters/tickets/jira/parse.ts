/** What Jira says, as far as calops listens. */
import { z } from "zod";
import type { TicketState } from "../../../core/ticket/ticket.ts";

/** Of a status: Jira keeps three kinds of them, whatever people call each. */
const CATEGORIES = { new: "open", indeterminate: "working", done: "done" } as const;

const status = z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) });
const other = z.object({ key: z.string() });

export const jiraMade = z.object({ key: z.string() });
export const jiraFound = z.object({
  issues: z.array(z.object({ key: z.string(), fields: z.object({ labels: z.array(z.string()) }) })),
});
export const jiraStatus = z.object({ fields: z.object({ status }) });
export const jiraLinks = z.object({
  fields: z.object({
    issuelinks: z.array(z.object({ type: z.object({ name: z.string() }), outwardIssue: other.optional() })),
  }),
});
export const jiraTransitions = z.object({ transitions: z.array(z.object({ id: z.string(), to: status })) });
export const jiraComments = z.object({ total: z.int(), comments: z.array(z.object({ body: z.string() })) });
export const jiraProject = z.object({
  key: z.string(),
  issueTypes: z.array(z.object({ name: z.string() })).optional(),
});

export function stateOf({ statusCategory: { key } }: z.output<typeof status>): TicketState | undefined {
  return Object.hasOwn(CATEGORIES, key) ? CATEGORIES[key as keyof typeof CATEGORIES] : undefined;
}
