/** What GitHub says, as far as calops listens. */
import { z } from "zod";
import type { Pull } from "../../../ports/code-host.ts";
import type { Comment } from "../one-comment.ts";

const id = z.int().positive();

const pull = z.object({
  number: id,
  title: z.string(),
  body: z.string().nullable(),
  html_url: z.string(),
  base: z.object({ ref: z.string(), repo: z.object({ id }) }),
  /** Without a repository where it was a fork that is gone. */
  head: z.object({ ref: z.string(), repo: z.object({ id }).nullable() }),
});

const comment = z.object({ id, body: z.string().nullable(), user: z.object({ id }).nullable() });

/** What the user of the token may in it; absent for some apps. */
export const githubRepository = z.object({
  private: z.boolean(),
  permissions: z.object({ push: z.boolean(), pull: z.boolean() }).nullish(),
});
export const githubUser = z.object({ id });
export const githubPull = pull;
export const githubPulls = z.array(pull);
export const githubStatus = z.object({ creator: githubUser.nullish() });
export const githubComment = comment.transform(toComment);
export const githubComments = z.array(githubComment);

/** From this branch of the repository itself. GitHub passes over a filter that it does not like, and forks of one owner. */
export function isFrom(branch: string): (one: z.output<typeof pull>) => boolean {
  return ({ head, base }) => head.ref === branch && head.repo?.id === base.repo.id;
}

export function toPull({ number, title, body, html_url, base }: z.output<typeof pull>): Pull {
  return { number, title, text: body ?? "", into: base.ref, url: html_url };
}

function toComment({ id, body, user }: z.output<typeof comment>): Comment {
  return { id, author: user?.id, text: body ?? "" };
}
