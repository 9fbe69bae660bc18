/** What GitLab says, as far as calops listens. */
import { z } from "zod";
import type { Pull } from "../../../ports/code-host.ts";
import type { Comment } from "../one-comment.ts";

const id = z.int().positive();

const mergeRequest = z.object({
  iid: id,
  title: z.string(),
  description: z.string().nullable(),
  source_branch: z.string(),
  target_branch: z.string(),
  /** Null where it was a fork that is gone. */
  source_project_id: id.nullable(),
  target_project_id: id,
  web_url: z.string(),
});

const note = z.object({ id, body: z.string(), author: z.object({ id }).nullable() });

export const gitlabUser = z.object({ id });
export const gitlabMergeRequest = mergeRequest;
export const gitlabMergeRequests = z.array(mergeRequest);
export const gitlabNote = note.transform(toComment);
export const gitlabNotes = z.array(gitlabNote);

/** From this branch of the project itself, not of a fork. */
export function isFrom(branch: string): (one: z.output<typeof mergeRequest>) => boolean {
  return (one) => one.source_branch === branch && one.source_project_id === one.target_project_id;
}

export function toPull({ iid, title, description, target_branch, web_url }: z.output<typeof mergeRequest>): Pull {
  return { number: iid, title, text: description ?? "", into: target_branch, url: web_url };
}

function toComment({ id, body, author }: z.output<typeof note>): Comment {
  return { id, author: author?.id, text: body };
}
