/** The whole of a message or an answer, for what a chat had no room for. It is what blocks say, and runs no script. */
import { lineOf } from "../../core/command/parse.ts";
import type { Block, Part } from "../../core/say.ts";
import { cleanLines } from "../../core/text/clean.ts";
import type { Redact } from "../../core/text/redact.ts";
import { type Instant, iso } from "../../core/time.ts";
import { type Page, page, textOf } from "./page.ts";

export type Said = {
  readonly title: string;
  readonly at: Instant;
  readonly blocks: readonly Block[];
};

export function saidPageOf({ title, at, blocks }: Said, redact: Redact): Page {
  const said = blocks.map((block) => blockOf(block, redact)).join("\n");
  const header = `<header><h1>${wordsOf(title, redact)}</h1><span>${timeOf(at)}</span></header>`;
  return page(cleanLines(redact(title)), `${header}\n<main>\n${said}\n</main>`, { style: STYLE, pictures: true });
}

function blockOf(block: Block, redact: Redact): string {
  const inLine = (parts: readonly Part[]) => partsOf(parts, redact);
  switch (block.kind) {
    case "text":
      return `<p>${inLine(block.parts)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${inLine(item)}</li>`).join("")}</ul>`;
    case "fields":
      return `<dl>${block.fields.map(([name, value]) => `<div><dt>${wordsOf(name, redact)}</dt><dd>${inLine(value)}</dd></div>`).join("")}</dl>`;
    case "table": {
      const side = (index: number) => (block.columns[index]?.align === "right" ? ' class="right"' : "");
      const titles = block.columns
        .map(({ title }, index) => `<th scope="col"${side(index)}>${wordsOf(title, redact)}</th>`)
        .join("");
      const rows = block.rows.map(
        (row) => `<tr>${row.map((cell, index) => `<td${side(index)}>${inLine([cell])}</td>`).join("")}</tr>`,
      );
      return `<div class="wide" tabindex="0"><table><thead><tr>${titles}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
    }
    case "code":
      return `<pre tabindex="0">${wordsOf(block.text, redact)}</pre>`;
    case "picture":
      return pictureOf(block.png, wordsOf(block.title, redact));
    case "buttons":
      return block.buttons.length === 0
        ? ""
        : `<ul class="type">${block.buttons.map(({ label, words }) => `<li>${wordsOf(label, redact)}: type <code>${wordsOf(lineOf(words), redact)}</code></li>`).join("")}</ul>`;
  }
}

/** @param title can stand in markup */
function pictureOf(png: string, title: string): string {
  // Only what base64 is made of: nothing in it can end the attribute that it stands in.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(png)) return `<p>${title}</p>`;
  return `<figure><img src="data:image/png;base64,${png}" alt="${title}"><figcaption>${title}</figcaption></figure>`;
}

function partsOf(parts: readonly Part[], redact: Redact): string {
  return joined(parts)
    .map((part) => {
      if (typeof part === "string") return wordsOf(part, redact);
      if ("at" in part) return timeOf(part.at);
      const label = wordsOf(part.label, redact);
      const url = redact(part.url);
      if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
        return part.label === part.url ? label : `${label} ${wordsOf(url, redact)}`;
      return `<a href="${textOf(url)}" rel="noopener noreferrer">${label}</a>`;
    })
    .join("");
}

/** A secret may begin in one piece of a sentence and end in the next. */
function joined(parts: readonly Part[]): Part[] {
  const together: Part[] = [];
  for (const part of parts) {
    const before = together.at(-1);
    if (typeof part === "string" && typeof before === "string") together[together.length - 1] = before + part;
    else together.push(part);
  }
  return together;
}

function wordsOf(text: string, redact: Redact): string {
  return textOf(cleanLines(redact(text)));
}

function timeOf(at: Instant): string {
  const moment = iso(at);
  return `<time datetime="${moment}">${moment.slice(0, 19).replace("T", " ")} UTC</time>`;
}

const STYLE = `
main { padding: .6rem 1.2rem 2rem; max-width: 75rem; }
main p { padding: 0; margin: .7rem 0; white-space: pre-line; overflow-wrap: anywhere; }
main pre { padding: .7rem .9rem; border: 1px solid var(--line); border-radius: 4px; }
ul { margin: .5rem 0; padding-left: 1.3rem; overflow-wrap: anywhere; } .type { list-style: none; padding: 0; }
code { font: 13px/1.4 ui-monospace, monospace; border: 1px solid var(--line); border-radius: 4px; padding: .1rem .35rem; }
dl { margin: .6rem 0; } dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .1rem 0; }
dt { color: var(--soft); min-width: 9rem; } dd { margin: 0; overflow-wrap: anywhere; flex: 1 1 12rem; }
.wide { overflow-x: auto; margin: .7rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; } .right { text-align: right; }
figure { margin: .8rem 0; } img { display: block; width: 600px; max-width: 100%; height: auto; border-radius: 4px; } figcaption { color: var(--soft); font-size: .85rem; }
`;
