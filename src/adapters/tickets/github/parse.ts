/** What GitHub says of issues, as far as calops listens. */
import { z } from "zod";

const id = z.int().positive();

export const githubUser = z.object({ id });
export const githubRepository = z.object({ has_issues: z.boolean(), full_name: z.string() });
export const githubIssue = z.object({
  number: id,
  html_url: z.string(),
  state: z.enum(["open", "closed"]),
  body: z.string().nullable(),
  user: z.object({ id }).nullable(),
});
export const githubIssues = z.array(githubIssue);
const comment = z.object({ id, body: z.string().nullable(), user: z.object({ id }).nullable() });
export const githubComment = comment.transform(({ id: number, body, user }) => ({
  id: number,
  author: user?.id,
  text: body ?? "",
}));
export const githubComments = z.array(githubComment);
