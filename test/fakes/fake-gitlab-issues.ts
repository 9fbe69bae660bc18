/** A GitLab with the issues of one project, as far as calops knows GitLab. */
import { type Asked, aStrictServer, type Complain, pageOf, type Reply, strangeIn } from "./strict-server.ts";

const PATH = "belle2/calibration/calib";
const HERE = `/git/api/v4/projects/${encodeURIComponent(PATH)}`;
const ME = 35;
const PEOPLE: Readonly<Record<string, number>> = { mlindqvist: 36 };

type Issue = {
  readonly iid: number;
  readonly web_url: string;
  state: "opened" | "closed";
  readonly title: string;
  readonly description: string;
  readonly author: number;
  readonly assignees: readonly number[];
};

export async function aFakeGitlabIssues({ knowsBlocking = true } = {}) {
  const token = "glpat-0123456789abcdefghij";
  const issues: Issue[] = [];
  const links: { from: number; to: number; link_type: string }[] = [];
  const notes: { id: number; issue: number; body: string; author: { id: number } }[] = [];
  let ids = 0;

  const server = await aStrictServer((asked, complain) => {
    if (asked.headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { message: "401 Unauthorized" } };
    if (asked.path === "/git/api/v4/user") return { status: 200, body: { id: ME } };
    if (asked.path === "/git/api/v4/users") {
      const id = PEOPLE[asked.query.get("username") ?? ""];
      return { status: 200, body: id === undefined ? [] : [{ id }] };
    }
    if (asked.path === HERE) return { status: 200, body: { id: 1, issues_enabled: true } };
    const [what, iid, more, id] = asked.path.slice(HERE.length + 1).split("/");
    if (!asked.path.startsWith(`${HERE}/`) || what !== "issues") return complain(`${asked.method} ${asked.path}`);
    if (iid === undefined) return asked.method === "GET" ? list(asked, complain) : make(asked, complain);
    const issue = issues.find((one) => String(one.iid) === iid);
    if (!issue) return { status: 404, body: { message: "404 Not found" } };
    if (more === "links") return linksOf(asked, issue, complain);
    if (more === "notes") return notesOf(asked, issue, id, complain);
    if (more !== undefined) return complain(asked.path);
    if (asked.method === "GET") return { status: 200, body: issue };
    const event = asked.body?.["state_event"];
    if (asked.method !== "PUT" || (event !== "close" && event !== "reopen"))
      return complain(JSON.stringify(asked.body));
    issue.state = event === "close" ? "closed" : "opened";
    return { status: 200, body: issue };
  });

  function list(asked: Asked, complain: Complain): Reply {
    const known = ["author_id", "scope", "created_after", "order_by", "sort", "per_page", "page"];
    const strange = strangeIn(asked.query.keys(), known);
    if (strange) return complain(strange);
    const author = asked.query.get("author_id");
    return pageOf(
      issues.filter((one) => author === null || String(one.author) === author).reverse(),
      asked,
      server.origin,
    );
  }

  function make(asked: Asked, complain: Complain): Reply {
    const { title, description, assignee_ids: assignees = [], ...strange } = asked.body as Record<string, unknown>;
    if (Object.keys(strange).length > 0 || typeof title !== "string" || typeof description !== "string")
      return complain(JSON.stringify(asked.body));
    const iid = ++ids;
    const issue: Issue = {
      iid,
      web_url: `https://git.example/${PATH}/-/issues/${iid}`,
      state: "opened",
      title,
      description,
      author: ME,
      assignees: assignees as number[],
    };
    issues.push(issue);
    return { status: 201, body: issue };
  }

  function linksOf(asked: Asked, { iid }: Issue, complain: Complain): Reply {
    if (asked.method === "GET") {
      const body = links.flatMap(({ from, to, link_type }) => {
        if (from === iid) return [{ iid: to, link_type }];
        return to === iid ? [{ iid: from, link_type: link_type === "blocks" ? "is_blocked_by" : link_type }] : [];
      });
      return { status: 200, body };
    }
    const { target_project_id, target_issue_iid: to, link_type } = asked.body as Record<string, unknown>;
    if (target_project_id !== PATH || typeof to !== "number") return complain(JSON.stringify(asked.body));
    if (link_type === "blocks" && !knowsBlocking) return { status: 403, body: { message: "not with this license" } };
    if (links.some((one) => one.from === iid && one.to === to)) return { status: 409, body: { message: "already" } };
    links.push({ from: iid, to, link_type: String(link_type) });
    return { status: 201, body: {} };
  }

  function notesOf(asked: Asked, { iid }: Issue, id: string | undefined, complain: Complain): Reply {
    if (asked.method === "GET")
      return pageOf(
        notes.filter(({ issue }) => issue === iid),
        asked,
        server.origin,
      );
    const { body } = asked.body ?? {};
    if (asked.method !== "POST" || id !== undefined || typeof body !== "string") return complain(asked.path);
    const made = { id: ++ids, issue: iid, body, author: { id: ME } };
    notes.push(made);
    return { status: 201, body: made };
  }

  return {
    server,
    token,
    project: PATH,
    url: `${server.origin}/git`,
    issues,
    links,
    notes,
    people: PEOPLE,
  };
}
