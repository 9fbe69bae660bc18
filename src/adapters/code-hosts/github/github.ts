/** A config repository that is reviewed on GitHub. */
import { z } from "zod";
import { cleanLine, cut } from "../../../core/text/clean.ts";
import type { CodeHost } from "../../../ports/code-host.ts";
import { baseOf } from "../host-address.ts";
import type { HostContext } from "../host-context.ts";
import { openLine } from "../line.ts";
import { renderMarkdown } from "../markdown.ts";
import { type Comments, oneComment } from "../one-comment.ts";
import { wasRefused } from "../refusal.ts";
import type { GithubOptions } from "./config.ts";
import { examine } from "./examine.ts";
import {
  githubComment,
  githubComments,
  githubPull,
  githubPulls,
  githubStatus,
  githubUser,
  isFrom,
  toPull,
} from "./parse.ts";

/** GitHub refuses more: `body is too long (maximum is 65536 characters)`, and 140 of a description. */
const MOST_IN_COMMENT = 65_536;
const MOST_IN_STATUS = 140;
const MOST_IN_TITLE = 250;

export function openGithub(options: GithubOptions, context: HostContext): CodeHost {
  const { repository, token, api, web } = options;
  const [owner = "", name = ""] = repository.split("/");
  const repo = ["repos", owner, name];
  const line = openLine(
    {
      base: baseOf(api),
      names: {
        host: "GitHub",
        project: ["repository", repository],
        address: "api",
        secret: token.secret,
        rights: "pull requests and commit statuses, to read and to write",
      },
      headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
    },
    context,
  );

  let appItself: number | undefined;

  const comments: Comments = {
    most: MOST_IN_COMMENT,
    async whoAmI() {
      try {
        return (await line.ask({ method: "GET", path: ["user"] }, githubUser)).id;
      } catch (error) {
        // The token of an app is nobody's: it knows itself by what it made since it was started.
        if (wasRefused(error, 403) && error.retryAfterMs === undefined) return appItself;
        throw error;
      }
    },
    of: (pull) => line.list({ method: "GET", path: [...repo, "issues", pull, "comments"] }, githubComments),
    post: (pull, body) =>
      line.ask({ method: "POST", path: [...repo, "issues", pull, "comments"], body: { body } }, githubComment),
    edit: (_pull, id, body) =>
      line.ask({ method: "PATCH", path: [...repo, "issues", "comments", id], body: { body } }, z.unknown()),
  };

  const pulls: CodeHost["pulls"] = async (branch) => {
    const query = { state: "open", head: `${owner}:${branch}` };
    const all = await Array.fromAsync(line.list({ method: "GET", path: [...repo, "pulls"], query }, githubPulls));
    return all.filter(isFrom(branch)).map(toPull);
  };

  return {
    examine: () => examine(options, line),
    pulls,
    async openPull({ branch, into, title, text }) {
      const there = (await pulls(branch)).find((pull) => pull.into === into);
      if (there) return there;
      const body = {
        title: cut(cleanLine(title), MOST_IN_TITLE),
        head: branch,
        base: into,
        body: renderMarkdown(text, MOST_IN_COMMENT),
      };
      return toPull(await line.ask({ method: "POST", path: [...repo, "pulls"], body }, githubPull));
    },
    comment: oneComment(comments),
    async status(commit, { context: name, state, description }) {
      const body = { state, context: name, description: cut(cleanLine(description), MOST_IN_STATUS) };
      const made = await line.ask({ method: "POST", path: [...repo, "statuses", commit], body }, githubStatus);
      appItself = made.creator?.id;
    },
    proposal: (branch, into) =>
      `${baseOf(web)}/${owner}/${name}/compare/${encoded(into)}...${encoded(branch)}?expand=1`,
  };
}

function encoded(branch: string): string {
  return encodeURIComponent(branch.toWellFormed());
}
