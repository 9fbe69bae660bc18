/** A Jira with one project, as far as calops knows Jira: in Cloud, or on a server of one's own. */
import { type Asked, aStrictServer, type Complain, type Reply, strangeIn } from "./strict-server.ts";

const PROJECT = "CALIB";
const KNOWN = ["mlindqvist"];
const STATUSES = {
  "To Do": { name: "To Do", statusCategory: { key: "new" } },
  Calibrating: { name: "Calibrating", statusCategory: { key: "indeterminate" } },
  "Signed off": { name: "Signed off", statusCategory: { key: "done" } },
} as const;
type StatusName = keyof typeof STATUSES;

type Issue = {
  readonly key: string;
  readonly fields: { readonly summary: string; readonly description: string; readonly labels: readonly string[] };
  readonly assignee: string | null;
  status: StatusName;
  readonly comments: { readonly body: string }[];
};

export async function aFakeJira(kind: "cloud" | "server") {
  const token = "ATATT0123456789abcdefghij";
  const user = "bot@belle2.example";
  const issues: Issue[] = [];
  const links: { readonly type: string; readonly from: string; readonly to: string }[] = [];
  const allowed = kind === "cloud" ? `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}` : `Bearer ${token}`;
  /** From a status to the next: work flows forward, and back only from its end. */
  let ways: Readonly<Record<StatusName, readonly StatusName[]>> = {
    "To Do": ["Calibrating", "Signed off"],
    Calibrating: ["To Do", "Signed off"],
    "Signed off": ["Calibrating"],
  };

  const server = await aStrictServer((asked, complain) => {
    if (asked.headers.authorization !== allowed) return { status: 401, body: { errorMessages: ["no"], errors: {} } };
    const [, rest, api, version, what, ...more] = asked.path.split("/");
    if (rest !== "rest" || api !== "api" || version !== "2") return complain(asked.path);
    switch (`${asked.method} ${what}`) {
      case "GET project":
        return more[0] === PROJECT
          ? { status: 200, body: { key: PROJECT, issueTypes: [{ name: "Task" }, { name: "Epic" }] } }
          : { status: 404, body: { errorMessages: ["No project"] } };
      case "GET search":
        return search(asked, more, complain);
      case "POST issueLink":
        return link(asked, complain);
      case "POST issue":
        if (more.length === 0) return make(asked, complain);
    }
    const issue = what === "issue" ? issues.find(({ key }) => key === more[0]) : undefined;
    if (!issue) return { status: 404, body: { errorMessages: ["Issue does not exist"] } };
    switch (`${asked.method} ${more[1] ?? ""}`) {
      case "GET ":
        return { status: 200, body: { key: issue.key, fields: fieldsOf(issue) } };
      case "GET transitions":
        return {
          status: 200,
          body: { transitions: ways[issue.status].map((to) => ({ id: `to-${to}`, to: STATUSES[to] })) },
        };
      case "POST transitions":
        return transition(asked, issue, complain);
      case "GET comment": {
        const at = Number(asked.query.get("startAt") ?? 0);
        const size = Math.min(50, Number(asked.query.get("maxResults") ?? 50));
        const comments = issue.comments.slice(at, at + size);
        return { status: 200, body: { startAt: at, total: issue.comments.length, comments } };
      }
      case "POST comment": {
        const { body } = asked.body ?? {};
        if (typeof body !== "string") return complain("a comment without a text");
        issue.comments.push({ body });
        return { status: 201, body: { id: "1" } };
      }
    }
    return complain(`${asked.method} ${asked.path}`);
  });

  function search(asked: Asked, more: readonly string[], complain: Complain): Reply {
    if ((more[0] === "jql") !== (kind === "cloud"))
      return { status: 410, body: { errorMessages: ["has been removed"] } };
    const strange = strangeIn(asked.query.keys(), ["jql", "fields", "maxResults"]);
    if (strange) return complain(strange);
    const [, project, label] =
      /^project = "(\w+)" AND labels = "([^"\\\s]+)" ORDER BY created ASC$/.exec(asked.query.get("jql") ?? "") ?? [];
    if (project !== PROJECT || label === undefined) return complain(asked.query.get("jql") ?? "no jql");
    const found = issues.filter(({ fields }) => fields.labels.includes(label));
    return { status: 200, body: { issues: found.map(({ key, fields: { labels } }) => ({ key, fields: { labels } })) } };
  }

  function make(asked: Asked, complain: Complain): Reply {
    const { fields } = asked.body as { fields: Record<string, never> };
    const { project, issuetype, summary, description, labels, assignee, ...strange } = fields as unknown as Made;
    if (Object.keys(strange).length > 0 || project.key !== PROJECT || issuetype.name !== "Task")
      return complain(JSON.stringify(fields));
    if (labels.some((one) => /\s/.test(one)))
      return { status: 400, body: { errorMessages: [], errors: { labels: "The label contains spaces" } } };
    const name = kind === "cloud" ? assignee?.accountId : assignee?.name;
    if (assignee && (name === undefined || !KNOWN.includes(name)))
      return { status: 400, body: { errorMessages: [], errors: { assignee: "User does not exist" } } };
    const key = `${PROJECT}-${issues.length + 1}`;
    issues.push({
      key,
      fields: { summary, description, labels },
      assignee: name ?? null,
      status: "To Do",
      comments: [],
    });
    return { status: 201, body: { id: String(issues.length), key } };
  }

  function link(asked: Asked, complain: Complain): Reply {
    const { type, inwardIssue, outwardIssue, ...strange } = asked.body as unknown as Linked;
    if (Object.keys(strange).length > 0) return complain(JSON.stringify(asked.body));
    if (type.name !== "Blocks") return { status: 404, body: { errorMessages: ["No issue link type"] } };
    links.push({ type: type.name, from: inwardIssue.key, to: outwardIssue.key });
    return { status: 201, body: "" };
  }

  function transition(asked: Asked, issue: Issue, complain: Complain): Reply {
    const { transition: chosen } = asked.body as { transition: { id: string } };
    const to = ways[issue.status].find((name) => `to-${name}` === chosen.id);
    if (!to) return complain(`no transition ${chosen.id} from ${issue.status}`);
    issue.status = to;
    return { status: 204, body: "" };
  }

  function fieldsOf({ key, fields, status }: Issue) {
    const issuelinks = links.flatMap(({ type, from, to }) => [
      ...(from === key ? [{ type: { name: type }, outwardIssue: { key: to } }] : []),
      ...(to === key ? [{ type: { name: type }, inwardIssue: { key: from } }] : []),
    ]);
    return { ...fields, status: STATUSES[status], issuelinks };
  }

  return {
    server,
    token,
    user: kind === "cloud" ? user : undefined,
    issues,
    links,
    /** As in projects whose workflow nobody moves against. */
    hasNoWayBack: () => {
      ways = { ...ways, "Signed off": [] };
    },
  };
}

type Made = {
  readonly project: { readonly key: string };
  readonly issuetype: { readonly name: string };
  readonly summary: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly assignee?: { readonly name?: string; readonly accountId?: string };
};
type Linked = {
  readonly type: { readonly name: string };
  readonly inwardIssue: { readonly key: string };
  readonly outwardIssue: { readonly key: string };
};
