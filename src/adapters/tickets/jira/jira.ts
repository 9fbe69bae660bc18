/**
 * Tickets in Jira, Cloud or a server of one's own. Both speak version 2 of its interface, where texts are texts; only the search of Cloud
 * has another address. A ticket carries its key as a label, by which it is searched for; searches know of new tickets after a while.
 */
import { z } from "zod";
import { bad, good } from "../../../core/doctor/finding.ts";
import { cleanLine, cut } from "../../../core/text/clean.ts";
import { choices } from "../../../core/text/nearest.ts";
import type { Tickets } from "../../../ports/tickets.ts";
import { refusedFinding } from "../../code-hosts/examine.ts";
import { baseOf } from "../../code-hosts/host-address.ts";
import type { HostContext } from "../../code-hosts/host-context.ts";
import { openLine } from "../../code-hosts/line.ts";
import { wasRefused } from "../../code-hosts/refusal.ts";
import type { JiraOptions } from "./config.ts";
import {
  jiraComments,
  jiraFound,
  jiraLinks,
  jiraMade,
  jiraProject,
  jiraStatus,
  jiraTransitions,
  stateOf,
} from "./parse.ts";
import { renderWiki } from "./wiki.ts";

const MOST_IN_TEXT = 32_767;
const MOST_IN_TITLE = 255;
const ANYTHING = z.unknown();
const PAGE = 100;

export function openJira(options: JiraOptions, context: HostContext): Tickets {
  const { url, project, user, token, link: linkType } = options;
  const base = baseOf(url);
  const api = ["rest", "api", "2"];
  const line = openLine(
    {
      base,
      names: {
        host: "Jira",
        project: ["project", project],
        address: "url",
        secret: token.secret,
        rights: `in ${project} to browse, create, edit, link, transition and comment`,
      },
      headers: { accept: "application/json" },
      ...(user === undefined
        ? {}
        : { authorization: (secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` }),
    },
    context,
  );
  const isCloud = user !== undefined;
  const issue = (id: string, ...more: string[]) => [...api, "issue", id, ...more];
  const remote = (key: string) => ({ id: key, url: `${base}/browse/${key}` });

  async function isWritten(id: string, mark: string): Promise<boolean> {
    for (let at = 0; ; at += PAGE) {
      const query = { startAt: at, maxResults: PAGE };
      const asked = { method: "GET", path: issue(id, "comment"), query } as const;
      const { total, comments } = await line.ask(asked, jiraComments);
      if (comments.some(({ body }) => body.trimEnd().endsWith(mark))) return true;
      if (comments.length === 0 || at + comments.length >= total) return false;
    }
  }

  return {
    async find(key) {
      const label = labelOf(key);
      const query = {
        jql: `project = "${project}" AND labels = "${label}" ORDER BY created ASC`,
        fields: "labels",
        maxResults: 2,
      };
      const path = [...api, ...(isCloud ? ["search", "jql"] : ["search"])];
      const { issues } = await line.ask({ method: "GET", path, query }, jiraFound);
      const found = issues.find(({ fields }) => fields.labels.includes(label));
      return found && remote(found.key);
    },
    async make(key, { title, body, assignee }) {
      const fields = {
        project: { key: project },
        issuetype: { name: options["issue-type"] },
        summary: cut(cleanLine(title), MOST_IN_TITLE),
        description: renderWiki(body, MOST_IN_TEXT),
        labels: ["calops", labelOf(key)],
      };
      const post = (more: object) =>
        line.ask({ method: "POST", path: [...api, "issue"], body: { fields: { ...fields, ...more } } }, jiraMade);
      if (assignee === null) return remote((await post({})).key);
      try {
        return remote((await post({ assignee: isCloud ? { accountId: assignee } : { name: assignee } })).key);
      } catch (error) {
        // Jira makes nothing for somebody whom it does not know, or where its form has no place for them.
        if (wasRefused(error, 400)) return remote((await post({})).key);
        throw error;
      }
    },
    async block(blocker, blocked) {
      const asked = { method: "GET", path: issue(blocker), query: { fields: "issuelinks" } } as const;
      const { fields } = await line.ask(asked, jiraLinks);
      if (fields.issuelinks.some(({ type, outwardIssue }) => type.name === linkType && outwardIssue?.key === blocked))
        return;
      // Jira reads this as "inward blocks outward".
      const body = { type: { name: linkType }, inwardIssue: { key: blocker }, outwardIssue: { key: blocked } };
      await line.ask({ method: "POST", path: [...api, "issueLink"], body }, ANYTHING);
    },
    async move(id, to) {
      const asked = { method: "GET", path: issue(id), query: { fields: "status" } } as const;
      const { status } = (await line.ask(asked, jiraStatus)).fields;
      if (stateOf(status) === to) return;
      const path = issue(id, "transitions");
      const { transitions } = await line.ask({ method: "GET", path }, jiraTransitions);
      const way = transitions.find((one) => stateOf(one.to) === to);
      if (!way)
        throw new Error(
          `${id} is ${status.name} in Jira, and no transition leads from there to a status of the kind ${KINDS[to]}; add one to the workflow of ${project}, or move the ticket by hand`,
        );
      await line.ask({ method: "POST", path, body: { transition: { id: way.id } } }, ANYTHING);
    },
    async write(id, key, blocks) {
      const mark = `calops ${encodeURIComponent(key.toWellFormed())}`;
      if (await isWritten(id, mark)) return;
      const body = `${renderWiki(blocks, MOST_IN_TEXT - mark.length - 2)}\n\n${mark}`;
      await line.ask({ method: "POST", path: issue(id, "comment"), body: { body } }, ANYTHING);
    },
    async examine() {
      const about = "tickets in jira";
      try {
        const { issueTypes } = await line.ask({ method: "GET", path: [...api, "project", project] }, jiraProject);
        const wanted = options["issue-type"];
        const names = (issueTypes ?? []).map(({ name }) => name);
        if (issueTypes && !names.includes(wanted))
          return [
            bad(about, `${project} has no tickets of the type ${wanted}`, `issue-type: ${choices(wanted, names)}`),
          ];
        return [good(about, `the token sees the project ${project}`)];
      } catch (error) {
        return [refusedFinding(about, error)];
      }
    },
  };
}

const KINDS = { open: "To Do", working: "In Progress", done: "Done" } as const;

/** A label has no spaces. */
function labelOf(key: string): string {
  return `calops-${encodeURIComponent(key.toWellFormed())}`;
}
