/** Tickets that are issues on GitLab. */
import { z } from "zod";
import { bad, good } from "../../../core/doctor/finding.ts";
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
import type { GitlabTicketOptions } from "./config.ts";
import {
  gitlabIssue,
  gitlabIssues,
  gitlabLinks,
  gitlabNote,
  gitlabNotes,
  gitlabProject,
  gitlabUser,
  gitlabUsers,
} from "./parse.ts";

const MOST_IN_TEXT = 1_000_000;
const MOST_IN_TITLE = 255;

export function openGitlabTickets({ project: path, token, url }: GitlabTicketOptions, context: HostContext): Tickets {
  const project = ["projects", path];
  const line = openLine(
    {
      base: `${baseOf(url)}/api/v4`,
      names: {
        host: "GitLab",
        project: ["project", path],
        address: "url",
        secret: token.secret,
        rights: "scope api, role Reporter in the project",
      },
      headers: { accept: "application/json" },
    },
    context,
  );
  const whoAmI = async () => (await line.ask({ method: "GET", path: ["user"] }, gitlabUser)).id;
  const remote = ({ iid, web_url }: z.output<typeof gitlabIssue>) => ({ id: String(iid), url: web_url });
  const comments = oneComment({
    most: MOST_IN_TEXT,
    whoAmI,
    of: (issue) =>
      line.list(
        {
          method: "GET",
          path: [...project, "issues", issue, "notes"],
          query: { sort: "asc", order_by: "created_at" },
        },
        gitlabNotes,
      ),
    post: (issue, body) =>
      line.ask({ method: "POST", path: [...project, "issues", issue, "notes"], body: { body } }, gitlabNote),
    edit: (issue, id, body) =>
      line.ask({ method: "PUT", path: [...project, "issues", issue, "notes", id], body: { body } }, z.unknown()),
  });

  /** GitLab gives issues to people by their number. */
  async function numberOf(username: string): Promise<number | undefined> {
    const [user] = await line.ask({ method: "GET", path: ["users"], query: { username } }, gitlabUsers);
    return user?.id;
  }

  async function link(blocker: string, blocked: string, kind: "blocks" | "relates_to"): Promise<void> {
    const body = { target_project_id: path, target_issue_iid: Number(blocked), link_type: kind };
    try {
      await line.ask({ method: "POST", path: [...project, "issues", blocker, "links"], body }, z.unknown());
    } catch (error) {
      // It is there already, whoever made it.
      if (wasRefused(error, 409)) return;
      // Only some editions of GitLab know which of two holds the other back.
      if (kind === "blocks" && wasRefused(error, 403)) return await link(blocker, blocked, "relates_to");
      throw error;
    }
  }

  return {
    async find(key, since) {
      const mark = markOf(key);
      const query = {
        author_id: await whoAmI(),
        scope: "all",
        created_after: iso(since),
        order_by: "created_at",
        sort: "desc",
      };
      for await (const issue of line.list({ method: "GET", path: [...project, "issues"], query }, gitlabIssues))
        if (issue.description?.startsWith(mark)) return remote(issue);
      return undefined;
    },
    async make(key, { title, body, assignee }) {
      const mark = markOf(key);
      const description = `${mark}\n${renderMarkdown(body, MOST_IN_TEXT - mark.length - 1)}`;
      const number = assignee === null ? undefined : await numberOf(assignee);
      const issue = {
        title: cut(cleanLine(title), MOST_IN_TITLE),
        description,
        ...(number === undefined ? {} : { assignee_ids: [number] }),
      };
      return remote(await line.ask({ method: "POST", path: [...project, "issues"], body: issue }, gitlabIssue));
    },
    async block(blocker, blocked) {
      const links = await line.ask({ method: "GET", path: [...project, "issues", blocker, "links"] }, gitlabLinks);
      if (links.some(({ iid }) => String(iid) === blocked)) return;
      await link(blocker, blocked, "blocks");
    },
    async move(id, to) {
      const { state } = await line.ask({ method: "GET", path: [...project, "issues", id] }, gitlabIssue);
      if (state === (to === "done" ? "closed" : "opened")) return;
      const body = { state_event: to === "done" ? "close" : "reopen" };
      await line.ask({ method: "PUT", path: [...project, "issues", id], body }, z.unknown());
    },
    write: (id, key, blocks) => comments(Number(id), key, blocks),
    async examine() {
      const about = "tickets in gitlab";
      try {
        const { issues_enabled: has } = await line.ask({ method: "GET", path: project }, gitlabProject);
        if (has === false)
          return [bad(about, `${path} has no issues`, "switch them on: Settings > General > Visibility")];
        await line.ask({ method: "GET", path: [...project, "issues"], query: { per_page: 1 } }, gitlabIssues);
        return [good(about, `the token reads the issues of ${path}`)];
      } catch (error) {
        return [refusedFinding(about, error)];
      }
    },
  };
}
