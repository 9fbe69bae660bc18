/** The page of one log: its end first, the rest on request, and new lines as they are written. */
import type { Attempt, Job } from "../../core/job/job.ts";
import type { Task } from "../../core/task/task.ts";
import { taskInWords } from "../../core/task/task.ts";
import { iso } from "../../core/time.ts";
import { type Page, page, textOf } from "./page.ts";

export type LogView = {
  readonly task: Task;
  readonly job: Job;
  readonly attempt: Attempt;
  /** Bytes of the log; undefined when it is not there. */
  readonly size: number | undefined;
  /** Where the page begins to show it. */
  readonly from: number;
  /** Addresses relative to the page. */
  readonly raw: string;
  readonly follow: string;
};

export function logPageOf(view: LogView): Page {
  const { task, job, attempt, size } = view;
  const title = `${taskInWords(task)}, job ${job.role === "combine" ? "combine" : job.index}, attempt ${attempt.number}`;
  const facts = [
    `<span id="state" class="${textOf(attempt.state)}">${textOf(attempt.state)}</span>`,
    attempt.startedAt === null
      ? ""
      : `<span>started <time datetime="${iso(attempt.startedAt)}">${iso(attempt.startedAt)}</time></span>`,
    attempt.host === null ? "" : `<span>on ${textOf(attempt.host)}</span>`,
    attempt.message === null ? "" : `<span class="failed">${textOf(attempt.message)}</span>`,
    size === undefined ? "" : `<a href="${textOf(view.raw)}">whole log (${size.toLocaleString("en")} bytes)</a>`,
  ];
  const empty =
    size === undefined
      ? `<p>The log is not there${attempt.kept === "nothing" ? " any more: it was kept as long as calops.yaml says" : " yet"}.</p>`
      : "";
  const body = `<header><h1>${textOf(title)}</h1>${facts.filter((fact) => fact !== "").join("")}</header>
<main>${view.from > 0 ? "<p>Only the end is shown.</p>" : ""}${empty}<pre id="log" tabindex="0" aria-label="log" data-follow="${textOf(view.follow)}"></pre></main>`;
  return page(`${title} - log`, body, { script: SCRIPT });
}

// Text is only ever appended as text. The page stays at its end while the reader is there, and leaves it alone otherwise.
const SCRIPT = `
const log = document.getElementById("log"), state = document.getElementById("state");
for (const time of document.querySelectorAll("time")) time.textContent = new Date(time.dateTime).toLocaleString();
const source = new EventSource(log.dataset.follow);
source.addEventListener("text", (event) => {
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 40;
  log.append(JSON.parse(event.data));
  if (atEnd) scrollTo(0, document.body.scrollHeight);
});
source.addEventListener("end", (event) => { source.close(); const told = JSON.parse(event.data); state.textContent = told.state; state.className = told.state; });
`;
