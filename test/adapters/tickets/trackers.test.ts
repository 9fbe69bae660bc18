import { expect, test } from "vitest";
import { githubTicketOptions } from "../../../src/adapters/tickets/github/config.ts";
import { openGithubTickets } from "../../../src/adapters/tickets/github/github.ts";
import { gitlabTicketOptions } from "../../../src/adapters/tickets/gitlab/config.ts";
import { openGitlabTickets } from "../../../src/adapters/tickets/gitlab/gitlab.ts";
import { jiraOptions } from "../../../src/adapters/tickets/jira/config.ts";
import { openJira } from "../../../src/adapters/tickets/jira/jira.ts";
import { say } from "../../../src/core/say.ts";
import { ticketsContract } from "../../contracts/tickets.ts";
import { aFakeGithubIssues } from "../../fakes/fake-github-issues.ts";
import { aFakeGitlabIssues } from "../../fakes/fake-gitlab-issues.ts";
import { aFakeJira } from "../../fakes/fake-jira.ts";

const TOKEN = { token: { secret: "TRACKER_TOKEN" } };
const ground = { secretName: "TRACKER_TOKEN", person: "mlindqvist" };

ticketsContract("issues of GitHub", async () => {
  const github = await aFakeGithubIssues();
  const options = githubTicketOptions.parse({ repository: "belle2/calib", api: github.server.origin, ...TOKEN });
  return {
    ...ground,
    open: (context) => openGithubTickets(options, { secret: () => github.token, ...context }),
    server: github.server,
    token: github.token,
    tickets: () =>
      github.issues.map((issue) => ({
        id: String(issue.number),
        title: issue.title,
        text: issue.body,
        assignee: issue.assignees[0] ?? null,
        isDone: issue.state === "closed",
        blocks: github.issues
          .filter(({ body }) => body.split("\n").includes(`Blocked by #${issue.number}`))
          .map(({ number }) => String(number)),
        comments: github.comments.filter((one) => one.issue === issue.number).map(({ body }) => body),
      })),
  };
});

async function gitlabGround(knowsBlocking: boolean) {
  const gitlab = await aFakeGitlabIssues({ knowsBlocking });
  const options = gitlabTicketOptions.parse({ project: gitlab.project, url: gitlab.url, ...TOKEN });
  return {
    ...ground,
    open: (context = {}) => openGitlabTickets(options, { secret: () => gitlab.token, ...context }),
    server: gitlab.server,
    token: gitlab.token,
    tickets: () =>
      gitlab.issues.map((issue) => ({
        id: String(issue.iid),
        title: issue.title,
        text: issue.description,
        assignee: issue.assignees[0] === gitlab.people["mlindqvist"] ? "mlindqvist" : null,
        isDone: issue.state === "closed",
        blocks: gitlab.links
          .filter(
            ({ from, link_type }) => from === issue.iid && link_type === (knowsBlocking ? "blocks" : "relates_to"),
          )
          .map(({ to }) => String(to)),
        comments: gitlab.notes.filter((one) => one.issue === issue.iid).map(({ body }) => body),
      })),
  };
}

ticketsContract("issues of GitLab", () => gitlabGround(true));
ticketsContract("issues of a GitLab that does not know what blocks what", () => gitlabGround(false));

async function jiraGround(kind: "cloud" | "server") {
  const jira = await aFakeJira(kind);
  const user = jira.user === undefined ? {} : { user: jira.user };
  const options = jiraOptions.parse({ url: jira.server.origin, project: "CALIB", ...user, ...TOKEN });
  return {
    ...ground,
    jira,
    open: (context = {}) => openJira(options, { secret: () => jira.token, ...context }),
    server: jira.server,
    token: jira.token,
    tickets: () =>
      jira.issues.map((issue) => ({
        id: issue.key,
        title: issue.fields.summary,
        text: issue.fields.description,
        assignee: issue.assignee,
        isDone: issue.status === "Signed off",
        blocks: jira.links.filter(({ from }) => from === issue.key).map(({ to }) => to),
        comments: issue.comments.map(({ body }) => body),
      })),
  };
}

ticketsContract("Jira Cloud", () => jiraGround("cloud"));
ticketsContract("a Jira of one's own", () => jiraGround("server"));

test("Jira is moved by kinds of statuses, whatever they are called, and says where no way leads", async () => {
  const { jira, open } = await jiraGround("server");
  const tickets = open();
  const { id, url } = await tickets.make("a", {
    title: "a",
    body: [say`{color:red} [x|http://y] h1. no`],
    assignee: null,
  });
  expect(url).toBe(`${jira.server.origin}/browse/CALIB-1`);
  expect(jira.issues[0]?.fields.description).toBe("\\{color:red\\} \\[x|http://y\\] h1. no".replace("|", "\\|"));
  await tickets.move(id, "working");
  expect(jira.issues.map(({ status }) => status)).toEqual(["Calibrating"]);
  await tickets.move(id, "done");
  jira.hasNoWayBack();
  await expect(tickets.move(id, "working")).rejects.toThrow(
    "CALIB-1 is Signed off in Jira, and no transition leads from there to a status of the kind In Progress",
  );
  await jira.server.close();
  expect(jira.server.complaints).toEqual([]);
});

test("an issue that somebody else wrote with the same mark is none of ours", async () => {
  const github = await aFakeGithubIssues();
  const options = githubTicketOptions.parse({ repository: "belle2/calib", api: github.server.origin, ...TOKEN });
  const tickets = openGithubTickets(options, { secret: () => github.token });
  github.forge("<!-- calops proc8 -->\nNothing to do.");
  expect(await tickets.find("proc8", 0)).toBeUndefined();
  await github.server.close();
});
