/** A GitHub with one repository, as far as calops knows GitHub. */
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

export type GithubPull = {
  readonly number: number;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly body: string | null;
  readonly html_url: string;
  readonly base: { readonly ref: string; readonly repo: { readonly id: number } };
  readonly head: {
    readonly ref: string;
    readonly user: { readonly login: string };
    readonly repo: { readonly id: number } | null;
  };
};
export type GithubComment = { id: number; issue: number; body: string; user: { id: number } | null };
export type GithubStatus = { readonly state: string; readonly context: string; readonly description: string };

export type FakeGithub = {
  readonly server: StrictServer;
  readonly repository: string;
  readonly token: string;
  readonly me: number;
  readonly pulls: GithubPull[];
  readonly comments: GithubComment[];
  readonly statuses: Map<string, GithubStatus[]>;
  readonly commit: string;
  /** The token is that of an app, which is nobody. */
  beAnApp(): void;
  /** As the real one does with a filter that it cannot read. */
  passOverFilters(): void;
  /** What GitHub says of the token with the repository: in headers, and whether its owner may push. */
  sayOfTheToken(headers: Readonly<Record<string, string>>, push?: boolean): void;
  nextId(): number;
  /** A commit was pushed. */
  learn(commit: string): void;
};

const OWNER = "na62";
const NAME = "calib.config";
const HERE = `/repos/${OWNER}/${NAME}`;
const REPOSITORY = 4711;

export async function aFakeGithub(): Promise<FakeGithub> {
  const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  const commit = "5f".repeat(20);
  const me = 900;
  const pulls: GithubPull[] = [];
  const comments: GithubComment[] = [];
  const statuses = new Map<string, GithubStatus[]>();
  let isApp = false;
  let passesOver = false;
  let ids = 0;
  const commits = new Set([commit]);
  let repository: Pick<Reply, "body" | "headers"> = {
    body: { id: REPOSITORY, full_name: `${OWNER}/${NAME}`, private: true, permissions: { push: true, pull: true } },
    headers: { "x-oauth-scopes": "read:org, repo" },
  };

  const server = await aStrictServer((asked, complain) => {
    if (asked.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { message: "Bad credentials" } };
    const wrong = wrongHeader(asked);
    if (wrong) return complain(wrong);
    if (asked.method === "GET" && asked.path === "/user") {
      if (isApp) return { status: 403, body: { message: "Resource not accessible by integration" } };
      return { status: 200, body: { login: "calops-bot", id: me, type: "User" } };
    }
    if (asked.method === "GET" && asked.path === HERE) return { status: 200, ...repository };
    const [what = "", ...rest] = asked.path.startsWith(`${HERE}/`) ? asked.path.slice(HERE.length + 1).split("/") : [];
    switch (`${asked.method} ${what}`) {
      case "GET pulls":
        return rest.length > 0 ? complain(asked.path) : listPulls(asked, complain);
      case "POST pulls":
        return rest.length > 0 ? complain(asked.path) : openPull(asked, complain);
      case "GET issues":
        return listComments(asked, rest, complain);
      case "POST issues":
        return postComment(asked, rest, complain);
      case "PATCH issues":
        return editComment(asked, rest, complain);
      case "POST statuses":
        return postStatus(asked, rest, complain);
      default:
        return complain(`${asked.method} ${asked.path} is nothing that GitHub knows`);
    }
  });

  function listPulls(asked: Asked, complain: Complain): Reply {
    const strange = strangeIn(asked.query.keys(), ["state", "head", "per_page", "page"]);
    if (strange) return complain(strange);
    const [, owner, ref] = /^([^:]+):(.+)$/.exec(asked.query.get("head") ?? "") ?? [];
    const found = pulls.filter(({ state, head }) => {
      if (state !== asked.query.get("state")) return false;
      return owner === undefined || passesOver || (head.user.login === owner && head.ref === ref);
    });
    return pageOf(found, asked, server.origin);
  }

  function openPull(asked: Asked, complain: Complain): Reply {
    const wrong = wrongBody(asked, ["title", "head", "base", "body"]);
    if (wrong) return complain(wrong);
    const { title, head, base, body } = asked.body as Record<"title" | "head" | "base" | "body", string>;
    if (isTooLong(body)) return tooLong(65_536, "body");
    if (title.trim() === "") return { status: 422, body: { message: "Validation Failed" } };
    if (pulls.some((one) => one.state === "open" && one.head.ref === head && one.base.ref === base)) {
      const message = `A pull request already exists for ${OWNER}:${head}.`;
      return { status: 422, body: { message: "Validation Failed", errors: [{ message }] } };
    }
    const number = ++ids;
    const made: GithubPull = {
      number,
      state: "open",
      title,
      body,
      html_url: `https://github.com/${OWNER}/${NAME}/pull/${number}`,
      base: { ref: base, repo: { id: REPOSITORY } },
      head: { ref: head, user: { login: OWNER }, repo: { id: REPOSITORY } },
    };
    pulls.push(made);
    return { status: 201, body: made };
  }

  function listComments(asked: Asked, [issue, what, ...more]: readonly string[], complain: Complain): Reply {
    const strange = strangeIn(asked.query.keys(), ["per_page", "page"]);
    if (strange || what !== "comments" || more.length > 0) return complain(strange ?? asked.path);
    if (!pulls.some(({ number }) => String(number) === issue)) return { status: 404, body: { message: "Not Found" } };
    return pageOf(
      comments.filter((one) => String(one.issue) === issue),
      asked,
      server.origin,
    );
  }

  function postComment(asked: Asked, [issue, what, ...more]: readonly string[], complain: Complain): Reply {
    const wrong = wrongBody(asked, ["body"]);
    if (wrong || what !== "comments" || more.length > 0) return complain(wrong ?? asked.path);
    if (!pulls.some(({ number }) => String(number) === issue)) return { status: 404, body: { message: "Not Found" } };
    const body = String(asked.body?.["body"]);
    if (isTooLong(body)) return tooLong(65_536, "body");
    const made = { id: ++ids, issue: Number(issue), body, user: { id: me } };
    comments.push(made);
    return { status: 201, body: made };
  }

  function editComment(asked: Asked, [what, id, ...more]: readonly string[], complain: Complain): Reply {
    const wrong = wrongBody(asked, ["body"]);
    if (wrong || what !== "comments" || more.length > 0) return complain(wrong ?? asked.path);
    const there = comments.find((one) => String(one.id) === id);
    if (!there) return { status: 404, body: { message: "Not Found" } };
    const body = String(asked.body?.["body"]);
    if (isTooLong(body)) return tooLong(65_536, "body");
    there.body = body;
    return { status: 200, body: there };
  }

  function postStatus(asked: Asked, [sha = "", ...more]: readonly string[], complain: Complain): Reply {
    const wrong = wrongBody(asked, ["state", "context", "description"]);
    if (wrong || more.length > 0) return complain(wrong ?? asked.path);
    if (!commits.has(sha)) return { status: 422, body: { message: `No commit found for SHA: ${sha}` } };
    const { state, context, description } = asked.body as GithubStatus;
    if (!["error", "failure", "pending", "success"].includes(state)) return complain(`the state ${state}`);
    if ([...description].length > 140) return tooLong(140, "description");
    statuses.set(sha, [...(statuses.get(sha) ?? []), { state, context, description }]);
    return { status: 201, body: { id: ++ids, state, context, description, creator: { id: me } } };
  }

  return {
    server,
    repository: `${OWNER}/${NAME}`,
    token,
    me,
    pulls,
    comments,
    statuses,
    commit,
    beAnApp: () => {
      isApp = true;
    },
    passOverFilters: () => {
      passesOver = true;
    },
    sayOfTheToken(headers, push = true) {
      repository = {
        body: { id: REPOSITORY, full_name: `${OWNER}/${NAME}`, private: true, permissions: { push, pull: true } },
        headers,
      };
    },
    nextId: () => ++ids,
    learn: (pushed) => void commits.add(pushed),
  };
}

/** A pull request of a fake GitHub, open and from the repository itself where nothing else is said. */
export function githubPull(github: FakeGithub, { branch, into = "main", ...more }: PullMade): number {
  const number = github.nextId();
  const repo = more.fork === "gone" ? null : { id: more.fork ? REPOSITORY + 1 : REPOSITORY };
  github.pulls.push({
    number,
    state: more.state ?? "open",
    title: more.title ?? "a change",
    body: more.text ?? null,
    html_url: `https://github.com/${github.repository}/pull/${number}`,
    base: { ref: into, repo: { id: REPOSITORY } },
    head: { ref: branch, user: { login: OWNER }, repo },
  });
  return number;
}

function wrongHeader({ headers, body }: Asked): string | undefined {
  if (headers.accept !== "application/vnd.github+json") return `accept: ${headers.accept}`;
  if (headers["x-github-api-version"] !== "2022-11-28") return "no version of the API";
  if (!headers["user-agent"]) return "no user agent";
  return body && headers["content-type"] !== "application/json" ? "a body that is not said to be JSON" : undefined;
}

function isTooLong(body: string): boolean {
  return [...body].length > 65_536;
}

function tooLong(most: number, field: string): Reply {
  const message = `${field} is too long (maximum is ${most} characters)`;
  return { status: 422, body: { message: "Validation Failed", errors: [{ field, message }] } };
}
