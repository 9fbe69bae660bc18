/** A config repository that is reviewed on GitLab, where a pull request is a merge request. */
import { z } from "zod";
import { cleanLine, cut } from "../../../core/text/clean.ts";
import type { CodeHost } from "../../../ports/code-host.ts";
import { baseOf } from "../host-address.ts";
import type { HostContext } from "../host-context.ts";
import { openLine } from "../line.ts";
import { renderMarkdown } from "../markdown.ts";
import { type Comments, oneComment } from "../one-comment.ts";
import { wasRefused } from "../refusal.ts";
import type { GitlabOptions } from "./config.ts";
import { examine } from "./examine.ts";
import {
  gitlabMergeRequest,
  gitlabMergeRequests,
  gitlabNote,
  gitlabNotes,
  gitlabUser,
  isFrom,
  toPull,
} from "./parse.ts";

const MOST_IN_COMMENT = 1_000_000;
const MOST_IN_STATUS = 255;
const MOST_IN_TITLE = 250;
const STATES = { pending: "pending", success: "success", failure: "failed" } as const;

export function openGitlab(options: GitlabOptions, context: HostContext): CodeHost {
  const { project: path, token, url } = options;
  const project = ["projects", path];
  const notesOf = (pull: number) => [...project, "merge_requests", pull, "notes"];
  const line = openLine(
    {
      base: `${baseOf(url)}/api/v4`,
      names: {
        host: "GitLab",
        project: ["project", path],
        address: "url",
        secret: token.secret,
        rights: "scope api, role Developer in the project",
      },
      headers: { accept: "application/json" },
    },
    context,
  );

  const comments: Comments = {
    most: MOST_IN_COMMENT,
    whoAmI: async () => (await line.ask({ method: "GET", path: ["user"] }, gitlabUser)).id,
    of: (pull) =>
      line.list({ method: "GET", path: notesOf(pull), query: { sort: "asc", order_by: "created_at" } }, gitlabNotes),
    post: (pull, body) => line.ask({ method: "POST", path: notesOf(pull), body: { body } }, gitlabNote),
    edit: (pull, id, body) => line.ask({ method: "PUT", path: [...notesOf(pull), id], body: { body } }, z.unknown()),
  };

  const pulls: CodeHost["pulls"] = async (branch) => {
    const query = { state: "opened", source_branch: branch };
    const question = { method: "GET", path: [...project, "merge_requests"], query } as const;
    const requests = await Array.fromAsync(line.list(question, gitlabMergeRequests));
    return requests.filter(isFrom(branch)).map(toPull);
  };

  return {
    examine: () => examine(options, line),
    pulls,
    async openPull({ branch, into, title, text }) {
      const there = (await pulls(branch)).find((pull) => pull.into === into);
      if (there) return there;
      const body = {
        source_branch: branch,
        target_branch: into,
        title: cut(cleanLine(title), MOST_IN_TITLE),
        description: renderMarkdown(text, MOST_IN_COMMENT),
      };
      const question = { method: "POST", path: [...project, "merge_requests"], body } as const;
      return toPull(await line.ask(question, gitlabMergeRequest));
    },
    comment: oneComment(comments),
    async status(commit, { context: name, state, description }) {
      const body = { state: STATES[state], name, description: cut(cleanLine(description), MOST_IN_STATUS) };
      try {
        await line.ask({ method: "POST", path: [...project, "statuses", commit], body }, z.unknown());
      } catch (error) {
        // `Cannot transition status via :enqueue from :pending`: GitLab refuses what is so already.
        if (!(state === "pending" && wasRefused(error, 400) && /cannot transition/i.test(error.message))) throw error;
      }
    },
    proposal(branch, into) {
      const page = new URL(`${baseOf(url)}/${path}/-/merge_requests/new`);
      page.searchParams.set("merge_request[source_branch]", branch);
      page.searchParams.set("merge_request[target_branch]", into);
      return page.href;
    },
  };
}
