/** A GitHub with the issues of one repository, as far as calops knows GitHub. */
import { type Asked, aStrictServer, type Complain, pageOf, type Reply, strangeIn } from "./strict-server.ts";

const HERE = "/repos/belle2/calib";
const ME = 900;
const KNOWN = ["mlindqvist"];

export async function aFakeGithubIssues() {
  const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  const issues: Issue[] = [];
  const comments: { id: number; issue: number; body: string; user: { id: number } }[] = [];
  let ids = 0;

  const server = await aStrictServer((asked, complain) => {
    if (asked.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { message: "Bad credentials" } };
    if (asked.headers["x-github-api-version"] !== "2022-11-28") return complain("no version of the API");
    if (asked.path === "/user") return { status: 200, body: { id: ME, login: "calops-bot" } };
    if (asked.path === HERE) return { status: 200, body: { id: 1, full_name: "belle2/calib", has_issues: true } };
    const [what, number, more, id] = asked.path.slice(HERE.length + 1).split("/");
    if (!asked.path.startsWith(`${HERE}/`) || what !== "issues") return complain(`${asked.method} ${asked.path}`);
    if (number === undefined) return asked.method === "GET" ? list(asked, complain) : make(asked, complain);
    if (number === "comments") return editComment(asked, more ?? "", complain);
    const issue = issues.find((one) => String(one.number) === number);
    if (!issue) return { status: 404, body: { message: "Not Found" } };
    if (more === "comments" && id === undefined) return commentsOf(asked, issue, complain);
    if (more !== undefined) return complain(asked.path);
    return asked.method === "GET" ? { status: 200, body: issue } : edit(asked, issue, complain);
  });

  function list(asked: Asked, complain: Complain): Reply {
    const strange = strangeIn(asked.query.keys(), ["state", "since", "sort", "direction", "per_page", "page"]);
    if (strange) return complain(strange);
    const state = asked.query.get("state") ?? "open";
    const found = issues.filter((one) => state === "all" || one.state === state).reverse();
    return pageOf(found, asked, server.origin);
  }

  function make(asked: Asked, complain: Complain): Reply {
    const { title, body, assignees = [], ...strange } = asked.body as Record<string, unknown>;
    if (Object.keys(strange).length > 0 || typeof title !== "string" || typeof body !== "string")
      return complain(JSON.stringify(asked.body));
    if (title.length > 256 || body.length > 65_536) return { status: 422, body: { message: "Validation Failed" } };
    const names = assignees as string[];
    if (names.some((name) => !KNOWN.includes(name)))
      return { status: 422, body: { message: "Validation Failed", errors: [{ field: "assignees", code: "invalid" }] } };
    const number = ++ids;
    const issue: Issue = {
      number,
      html_url: `https://github.com/belle2/calib/issues/${number}`,
      state: "open",
      title,
      body,
      user: { id: ME },
      assignees: names,
    };
    issues.push(issue);
    return { status: 201, body: issue };
  }

  function edit(asked: Asked, issue: Issue, complain: Complain): Reply {
    const strange = strangeIn(Object.keys(asked.body ?? {}), ["body", "state", "state_reason"]);
    if (strange || asked.method !== "PATCH") return complain(strange ?? asked.method);
    const {
      body = issue.body,
      state = issue.state,
      state_reason: reason,
    } = asked.body as Partial<Issue> & {
      state_reason?: string;
    };
    if (reason !== undefined && reason !== (state === "closed" ? "completed" : "reopened")) return complain(reason);
    Object.assign(issue, { body, state });
    return { status: 200, body: issue };
  }

  function commentsOf(asked: Asked, issue: Issue, complain: Complain): Reply {
    const all = comments.filter((one) => one.issue === issue.number);
    if (asked.method === "GET") return pageOf(all, asked, server.origin);
    const { body } = asked.body ?? {};
    if (asked.method !== "POST" || typeof body !== "string") return complain(`${asked.method} ${asked.path}`);
    const made = { id: ++ids, issue: issue.number, body, user: { id: ME } };
    comments.push(made);
    return { status: 201, body: made };
  }

  function editComment(asked: Asked, id: string, complain: Complain): Reply {
    const there = comments.find((one) => String(one.id) === id);
    if (asked.method !== "PATCH" || !there) return complain(`${asked.method} ${asked.path}`);
    there.body = String(asked.body?.["body"]);
    return { status: 200, body: there };
  }

  return {
    server,
    token,
    issues,
    comments,
    forge: (text: string) =>
      void issues.push({
        number: ++ids,
        html_url: "https://github.com/x",
        state: "open",
        title: "forged",
        body: text,
        user: { id: 7 },
        assignees: [],
      }),
  };
}

type Issue = {
  readonly number: number;
  readonly html_url: string;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly body: string;
  readonly user: { readonly id: number };
  readonly assignees: readonly string[];
};
