/** The page of all commands, `docs/commands.md`, made from the commands themselves as help is. */
import type { Allow } from "../permission/rights.ts";
import type { Command } from "./command.ts";
import { usageOf } from "./help.ts";

const HEAD = `# Commands

The same words, with the same answers, at the prompt of \`calops start\` and on a command line, there with \`calops\` before them:

\`\`\`
calops> tasks --run 8215
$ calops tasks --run 8215
\`\`\`

- A **task** is named by its number, \`1089\`, or as WORKFLOW/TASK@GROUP, \`t0/calibrate@8215\`.
- **Runs** are numbers and ranges: \`8215\`, \`8000-8215\`, \`8000 8003 8010-8020\`.
- **Quotes** hold words together where that matters, as in \`--why "new alignment"\`. A reason at the end of a line needs none.
- **\`--json\`**, with any command, gives its data instead of words, for programs. Moments in it are ISO 8601 in UTC.
- **\`--env ENV\`**, with any command, makes it about another environment than production: \`tasks --env mirror/new-fit\`.
- **Exit codes** of the command line: 0 done, 1 refused or failed with the reason on standard error, 2 not understood.

Anyone may read, but for logs, which are for the people in \`people.yaml\`. What changes something is for a role: a shifter
acts on single things, an expert also on many at once. \`people.yaml\` may say otherwise of both; see configuration.md.
Whoever runs the bot, at its prompt or on its machine, may everything. \`help\` lists what its reader may give;
\`calops\` alone tells what else the program does: \`init\`, \`start\`, \`validate\`, \`backup\`.
`;

const WHO: Readonly<Record<Allow, string>> = {
  anyone: "anyone",
  person: "people in people.yaml",
  shifter: "shifters and experts",
  expert: "experts",
};

export function referenceOf<Context>(commands: readonly Command<Context>[]): string {
  const rows = commands.map(({ name, summary, allow }) => [
    `[\`${name}\`](#${name.replaceAll(" ", "-")})`,
    summary,
    WHO[allow],
  ]);
  return [HEAD, table(["command", "what it does", "for"], rows), ...commands.map(section)].join("\n");
}

function section<Context>(command: Command<Context>): string {
  const examples = command.examples.filter((example) => example !== usageOf(command));
  const places = Object.values(command.args).map(({ placeholder, describe }) => [placeholder, describe]);
  const options = Object.entries(command.options).map(([name, arg]) => [
    arg.flag ? `--${name}` : `--${name} ${arg.placeholder}`,
    arg.describe,
  ]);
  const rows = [...places, ...options].map(([written, describe = ""]) => [`\`${written}\``, describe]);
  return [
    `## ${command.name}`,
    "",
    `${command.summary} For ${WHO[command.allow]}.`,
    "",
    ...fenced([usageOf(command)]),
    ...(rows.length === 0 ? [] : [table(["", ""], rows)]),
    ...(examples.length === 0 ? [] : ["For example:", "", ...fenced(examples)]),
    `Its JSON: \`${command.json}\``,
    "",
  ].join("\n");
}

function fenced(lines: readonly string[]): string[] {
  return ["```", ...lines, "```", ""];
}

/** In columns, so that it reads well as text, too. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = titles.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line), ""].join("\n");
}
