/** A mistake in the configuration, as its author sees it. */
export type Issue = {
  /** Path inside the config repository. */
  readonly file: string;
  /** Both from 1, as editors count. */
  readonly line: number;
  readonly column: number;
  /** A stable word for programs: `unknown-key`, `wrong-type`, `unknown-reference`, `cycle`, `expression` ... */
  readonly code: string;
  readonly what: string;
  readonly instead: string;
};

/** `file:line:column: what is wrong; what to write instead` */
export function formatIssue(issue: Issue): string {
  return `${issue.file}:${issue.line}:${issue.column}: ${issue.what}; ${issue.instead}`;
}

/** By file, then line, then column, as somebody works through them. */
export function inReadingOrder(issues: readonly Issue[]): Issue[] {
  return [...issues].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}
