/** What GitLab says of issues, as far as calops listens. */
import { z } from "zod";

const id = z.int().positive();

export const gitlabUser = z.object({ id });
export const gitlabUsers = z.array(gitlabUser);
export const gitlabProject = z.object({ id, issues_enabled: z.boolean().optional() });
export const gitlabIssue = z.object({
  iid: id,
  web_url: z.string(),
  state: z.enum(["opened", "closed"]),
  description: z.string().nullable(),
});
export const gitlabIssues = z.array(gitlabIssue);
export const gitlabLinks = z.array(z.object({ iid: id, link_type: z.string() }));
export const gitlabNote = z
  .object({ id, body: z.string(), author: z.object({ id }).nullable() })
  .transform(({ id: number, body, author }) => ({ id: number, author: author?.id, text: body }));
export const gitlabNotes = z.array(gitlabNote);
