/** A GitLab with one project, as far as calops knows GitLab. A note whose line is a command does what the command says. */
import type { PullMade } from "../contracts/code-host.ts";
import {
  type Asked,
  aStrictServer,
  type Complain,
  pageOf,
  type Reply,
  type StrictServer,
  strangeIn,
  wrongBody,
} from "./strict-server.ts";

export type MergeRequest = {
  readonly iid: number;
  readonly state: "opened" | "merged";
  readonly title: string;
  readonly description: string | null;
  readonly web_url: string;
  readonly source_branch: string;
  readonly target_branch: string;
  readonly source_project_id: number | null;
  readonly target_project_id: number;
};
export type GitlabNote = { id: number; request: number; body: string; system: boolean; author: { id: number } };
export type GitlabStatus = { status: string; readonly name: string; description: string };

export type GitlabToken = { readonly scopes: readonly string[]; readonly expires_at: string | null };

export type FakeGitlab = {
  readonly server: StrictServer;
  /** GitLab is not at the root of its host. */
  readonly url: string;
  readonly project: string;
  readonly token: string;
  readonly me: number;
  readonly requests: MergeRequest[];
  readonly notes: GitlabNote[];
  readonly statuses: Map<string, GitlabStatus[]>;
  /** Commands that notes gave. */
  readonly commands: string[];
  readonly commit: string;
  passOverFilters(): void;
  /** What GitLab says of the token, where it says anything, and of the role of its owner. */
  sayOfTheToken(token: GitlabToken | undefined, level?: number): void;
  nextId(): number;
};

const PROJECT = 278;
const PATH = "na62/calibration/calib.config";
const API = "/git/api/v4";
const HERE = `${API}/projects/${encodeURIComponent(PATH)}`;

export async function aFakeGitlab(): Promise<FakeGitlab> {
  const token = "glpat-0123456789abcdefghij";
  const commit = "c4".repeat(20);
  const me = 35;
  const requests: MergeRequest[] = [];
  const notes: GitlabNote[] = [];
  const statuses = new Map<string, GitlabStatus[]>();
  const commands: string[] = [];
  let passesOver = false;
  let level = 30;
  let ofToken: GitlabToken | undefined = { scopes: ["api"], expires_at: null };
  let ids = 0;

  const server = await aStrictServer((asked, complain) => {
    if (asked.headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { message: "401 Unauthorized" } };
    if (asked.body && asked.headers["content-type"] !== "application/json") return complain("a body that is not JSON");
    if (asked.method === "GET" && asked.path === `${API}/user`)
      return { status: 200, body: { id: me, username: "calops" } };
    if (asked.method === "GET" && asked.path === HERE)
      return {
        status: 200,
        body: { id: PROJECT, permissions: { project_access: { access_level: level }, group_access: null } },
      };
    if (asked.method === "GET" && asked.path === `${API}/personal_access_tokens/self`)
      return ofToken ? { status: 200, body: ofToken } : { status: 404, body: { message: "404 Not found" } };
    const [what = "", ...rest] = asked.path.startsWith(`${HERE}/`) ? asked.path.slice(HERE.length + 1).split("/") : [];
    if (what === "statuses" && asked.method === "POST") return postStatus(asked, rest, complain);
    if (what !== "merge_requests") return complain(`${asked.method} ${asked.path} is nothing that GitLab knows`);
    if (rest.length === 0 && asked.method === "GET") return listRequests(asked, complain);
    if (rest.length === 0 && asked.method === "POST") return openRequest(asked, complain);
    const [iid = "", kind, id, ...more] = rest;
    if (kind !== "notes" || more.length > 0) return complain(asked.path);
    if (!requests.some((one) => String(one.iid) === iid)) return { status: 404, body: { message: "404 Not found" } };
    switch (`${asked.method} ${id === undefined ? "notes" : "note"}`) {
      case "GET notes":
        return listNotes(asked, iid, complain);
      case "POST notes":
        return postNote(asked, iid, complain);
      case "PUT note":
        return editNote(asked, id ?? "", complain);
      default:
        return complain(`${asked.method} ${asked.path} is nothing that GitLab knows`);
    }
  });

  function listRequests(asked: Asked, complain: Complain): Reply {
    const strange = strangeIn(asked.query.keys(), ["state", "source_branch", "per_page", "page"]);
    if (strange) return complain(strange);
    const { state, source_branch } = Object.fromEntries(asked.query);
    return pageOf(
      requests.filter((one) => one.state === state && (passesOver || one.source_branch === source_branch)),
      asked,
      server.origin,
    );
  }

  function openRequest(asked: Asked, complain: Complain): Reply {
    const wrong = wrongBody(asked, ["source_branch", "target_branch", "title", "description"]);
    if (wrong) return complain(wrong);
    const { source_branch, target_branch, title, description } = asked.body as Record<
      "source_branch" | "target_branch" | "title" | "description",
      string
    >;
    if (title.length > 255) return { status: 400, body: { message: { title: ["is too long (maximum is 255)"] } } };
    if (requests.some((one) => one.state === "opened" && one.source_branch === source_branch))
      return { status: 409, body: { message: ["Another open merge request already exists for this source branch"] } };
    obey(description);
    const iid = ++ids;
    const made = {
      iid,
      state: "opened" as const,
      title,
      description: description.trimEnd(),
      web_url: `${server.origin}/git/${PATH}/-/merge_requests/${iid}`,
      source_branch,
      target_branch,
      source_project_id: PROJECT,
      target_project_id: PROJECT,
    };
    requests.push(made);
    return { status: 201, body: made };
  }

  function listNotes(asked: Asked, iid: string, complain: Complain): Reply {
    const strange = strangeIn(asked.query.keys(), ["sort", "order_by", "per_page", "page"]);
    if (strange) return complain(strange);
    const found = notes.filter((one) => String(one.request) === iid);
    // The newest comes first where nothing else is asked for.
    return pageOf(asked.query.get("sort") === "asc" ? found : found.toReversed(), asked, server.origin);
  }

  function postNote(asked: Asked, iid: string, complain: Complain): Reply {
    const wrong = wrongBody(asked, ["body"]);
    if (wrong) return complain(wrong);
    const body = String(asked.body?.["body"]);
    if (body.length > 1_000_000)
      return { status: 400, body: { message: { note: ["is too long (maximum is 1000000)"] } } };
    obey(body);
    const made = { id: ++ids, request: Number(iid), body: body.trimEnd(), system: false, author: { id: me } };
    notes.push(made);
    return { status: 201, body: made };
  }

  function editNote(asked: Asked, id: string, complain: Complain): Reply {
    const wrong = wrongBody(asked, ["body"]);
    if (wrong) return complain(wrong);
    const there = notes.find((one) => String(one.id) === id);
    if (!there) return { status: 404, body: { message: "404 Note Not Found" } };
    const body = String(asked.body?.["body"]);
    if (body.length > 1_000_000)
      return { status: 400, body: { message: { note: ["is too long (maximum is 1000000)"] } } };
    obey(body);
    there.body = body.trimEnd();
    return { status: 200, body: there };
  }

  function postStatus(asked: Asked, [sha = "", ...more]: readonly string[], complain: Complain): Reply {
    const wrong = wrongBody(asked, ["state", "name", "description"]);
    if (wrong || more.length > 0) return complain(wrong ?? asked.path);
    if (sha !== commit) return { status: 404, body: { message: "404 Commit Not Found" } };
    const { state, name, description } = asked.body as { state: string; name: string; description: string };
    if (!["pending", "running", "success", "failed", "canceled"].includes(state)) return complain(`the state ${state}`);
    if ([...description].length > 255) return { status: 400, body: { message: { description: ["is too long"] } } };
    const all = statuses.get(sha) ?? [];
    const open = all.find((one) => one.name === name && one.status === "pending");
    if (open && state === "pending") {
      const why =
        'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")';
      return { status: 400, body: { message: why } };
    }
    if (open) Object.assign(open, { status: state, description });
    else statuses.set(sha, [...all, { status: state, name, description }]);
    return { status: 201, body: { id: ++ids, status: state, name, description } };
  }

  /** A line outside code that begins with a slash. */
  function obey(body: string): void {
    const outside = body.replace(/^```[\s\S]+?\n```$/gm, "");
    commands.push(...[...outside.matchAll(/^\/(\w+)/gm)].map(([, command]) => String(command)));
  }

  return {
    server,
    url: `${server.origin}/git`,
    project: PATH,
    token,
    me,
    requests,
    notes,
    statuses,
    commands,
    commit,
    passOverFilters: () => {
      passesOver = true;
    },
    sayOfTheToken(token, role = 30) {
      ofToken = token;
      level = role;
    },
    nextId: () => ++ids,
  };
}

/** A merge request of a fake GitLab, open and from the project itself where nothing else is said. */
export function mergeRequest(gitlab: FakeGitlab, { branch, into = "main", ...more }: PullMade): number {
  const iid = gitlab.nextId();
  gitlab.requests.push({
    iid,
    state: more.state === "closed" ? "merged" : "opened",
    title: more.title ?? "a change",
    description: more.text ?? null,
    web_url: `${gitlab.url}/${gitlab.project}/-/merge_requests/${iid}`,
    source_branch: branch,
    target_branch: into,
    source_project_id: more.fork === "gone" ? null : more.fork ? PROJECT + 1 : PROJECT,
    target_project_id: PROJECT,
  });
  return iid;
}
