/** Tickets that are issues on GitHub. What holds an issue back stands in its text, as a reference that GitHub shows on both. */
import { z } from "zod";
import { good } from "../../../core/doctor/finding.ts";
import { cleanLine, cut } from "../../../core/text/clean.ts";
import { iso } from "../../../core/time.ts";
import type { Tickets } from "../../../ports/tickets.ts";
import { refusedFinding } from "../../code-hosts/examine.ts";
import { baseOf } from "../../code-hosts/host-address.ts";
import type { HostContext } from "../../code-hosts/host-context.ts";
import { openLine } from "../../code-hosts/line.ts";
import { markOf } from "../../code-hosts/mark.ts";
import { renderMarkdown } from "../../code-hosts/markdown.ts";
import { oneComment } from "../../code-hosts/one-comment.ts";
import { wasRefused } from "../../code-hosts/refusal.ts";
import type { GithubTicketOptions } from "./config.ts";
import { githubComment, githubComments, githubIssue, githubIssues, githubRepository, githubUser } from "./parse.ts";

const MOST_IN_TEXT = 65_536;
const MOST_IN_TITLE = 256;
/** Room for what an issue is held back by. */
const ROOM = 4_000;

export function openGithubTickets({ repository, token, api }: GithubTicketOptions, context: HostContext): Tickets {
  const repo = ["repos", ...repository.split("/")];
  const line = openLine(
    {
      base: baseOf(api),
      names: {
        host: "GitHub",
        project: ["repository", repository],
        address: "api",
        secret: token.secret,
        rights: "issues, to read and to write",
      },
      headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
    },
    context,
  );
  let me: Promise<number | undefined> | undefined;
  /** Undefined for the token of an app, which is nobody's. */
  const whoAmI = async () => {
    try {
      return (await line.ask({ method: "GET", path: ["user"] }, githubUser)).id;
    } catch (error) {
      me = undefined;
      if (wasRefused(error, 403) && error.retryAfterMs === undefined) return undefined;
      throw error;
    }
  };
  const issueOf = (id: string) => line.ask({ method: "GET", path: [...repo, "issues", id] }, githubIssue);
  const edit = (id: string, body: Readonly<Record<string, unknown>>) =>
    line.ask({ method: "PATCH", path: [...repo, "issues", id], body }, z.unknown());
  const remote = ({ number, html_url: url }: z.output<typeof githubIssue>) => ({ id: String(number), url });

  return {
    async find(key, since) {
      me ??= whoAmI();
      const author = await me;
      const query = { state: "all", since: iso(since), sort: "created", direction: "desc" };
      const mark = markOf(key);
      for await (const issue of line.list({ method: "GET", path: [...repo, "issues"], query }, githubIssues))
        if (issue.body?.startsWith(mark) && (author === undefined || issue.user?.id === author)) return remote(issue);
      return undefined;
    },
    async make(key, { title, body, assignee }) {
      const mark = markOf(key);
      const text = `${mark}\n${renderMarkdown(body, MOST_IN_TEXT - mark.length - ROOM)}`;
      const issue = { title: cut(cleanLine(title), MOST_IN_TITLE), body: text };
      const post = (more: object) =>
        line.ask({ method: "POST", path: [...repo, "issues"], body: { ...issue, ...more } }, githubIssue);
      if (assignee === null) return remote(await post({}));
      try {
        return remote(await post({ assignees: [assignee] }));
      } catch (error) {
        // GitHub makes nothing for somebody whom it does not know there.
        if (wasRefused(error, 422)) return remote(await post({}));
        throw error;
      }
    },
    async block(blocker, blocked) {
      const { body } = await issueOf(blocked);
      const reference = `Blocked by #${Number(blocker)}`;
      const lines = (body ?? "").split(/\r?\n/);
      if (lines.includes(reference)) return;
      await edit(blocked, { body: `${(body ?? "").trimEnd()}\n\n${reference}` });
    },
    async move(id, to) {
      const wanted = to === "done" ? "closed" : "open";
      if ((await issueOf(id)).state === wanted) return;
      await edit(id, { state: wanted, state_reason: to === "done" ? "completed" : "reopened" });
    },
    write: (() => {
      const comments = oneComment({
        most: MOST_IN_TEXT,
        whoAmI,
        of: (issue) => line.list({ method: "GET", path: [...repo, "issues", issue, "comments"] }, githubComments),
        post: (issue, body) =>
          line.ask({ method: "POST", path: [...repo, "issues", issue, "comments"], body: { body } }, githubComment),
        edit: (_issue, id, body) =>
          line.ask({ method: "PATCH", path: [...repo, "issues", "comments", id], body: { body } }, z.unknown()),
      });
      return (id, key, blocks) => comments(Number(id), key, blocks);
    })(),
    async examine() {
      const about = "tickets in github";
      try {
        const { has_issues: has } = await line.ask({ method: "GET", path: repo }, githubRepository);
        await line.ask({ method: "GET", path: [...repo, "issues"], query: { per_page: 1 } }, githubIssues);
        return [
          has
            ? good(about, `the token reads the issues of ${repository}`)
            : refusedFinding(about, new Error(`${repository} has no issues; switch them on in its settings`)),
        ];
      } catch (error) {
        return [refusedFinding(about, error)];
      }
    },
  };
}
