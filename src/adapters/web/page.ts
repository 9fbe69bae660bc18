/** The frame of every page. Nothing that a job wrote is ever markup: it is put in by `textOf`, or by a script as text. */
import { randomBytes } from "node:crypto";

export type Page = { readonly html: string; readonly policy: string };

/** What only some pages have. */
export type Extras = {
  /** The only one that the browser may run; without it none. */
  readonly script?: string;
  /** Beside the style of all pages. */
  readonly style?: string;
  /** Its pictures stand in the page itself. */
  readonly pictures?: true;
};

export function page(title: string, body: string, { script, style = "", pictures }: Extras = {}): Page {
  const nonce = randomBytes(16).toString("base64");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${textOf(title)}</title>
<style nonce="${nonce}">${STYLE}${style}</style>
</head>
<body>
${body}
${script === undefined ? "" : `<script nonce="${nonce}">${script}</script>`}
</body>
</html>
`;
  const scripts = script === undefined ? "'none'" : `'nonce-${nonce}'`;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src ${scripts}; connect-src 'self'; img-src ${pictures ? "data:" : "'self'"}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html, policy };
}

/** Text that can stand in markup. */
export function textOf(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --paper: #fbfbfa; --line: #d9dde3; --accent: #0b6aa2; --bad: #a4262c; --good: #1d6b3a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --soft: #9aa5b4; --paper: #14181e; --line: #2c343f; --accent: #6cb6e8; --bad: #f08a8d; --good: #7fd1a0; } }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: baseline; padding: .8rem 1.2rem; border-bottom: 1px solid var(--line); position: sticky; top: 0; background: var(--paper); }
h1 { font-size: 1.05rem; margin: 0; font-weight: 600; }
header span, header a { color: var(--soft); } a { color: var(--accent); }
.done { color: var(--good); } .failed, .lost { color: var(--bad); }
pre { margin: 0; padding: 1rem 1.2rem; font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
p { padding: 0 1.2rem; }
`;
