/** A plan in words: what it amounts to in one sentence, then what wants to be looked at first, then the rest. */
import { type Block, list, plural, say } from "../say.ts";
import { widerRights } from "./people-change.ts";
import type { Plan } from "./plan.ts";
import { type Section, sectionsOf } from "./sections.ts";
import { resultsInWords } from "./sentences.ts";

/** Lines that a reader of a chat goes through. */
const MOST = 40;

/** @param most lines beside the first sentence and headings; of what is left out the number is told */
export function planInWords(plan: Plan, { most = MOST }: { readonly most?: number } = {}): Block[] {
  const blocks: Block[] = [say`${planSummary(plan)}`];
  let left = most;
  const hidden: Section[] = [];
  for (const section of sectionsOf(plan)) {
    const shown = section.lines.slice(0, left);
    left -= shown.length;
    const more = section.lines.length - shown.length;
    if (shown.length === 0) hidden.push(section);
    else blocks.push(say`${section.title}`, list([...shown, ...(more > 0 ? [`and ${more} more`] : [])]));
  }
  const more = hidden.reduce((sum, { lines }) => sum + lines.length, 0);
  if (more > 0)
    blocks.push(say`And ${more} more: ${hidden.map(({ title }) => title.replace(/:$/, "").toLowerCase()).join(", ")}.`);
  return blocks;
}

/** One line: `2 workflows changed, 1 removed; 214 results become stale.` */
export function planSummary(plan: Plan): string {
  if (plan.from === null) return firstSentence(plan);
  const parts = [workflowsInWords(plan), othersInWords(plan), staleInWords(plan), looserInWords(plan)];
  const told = parts.filter((part) => part !== "");
  const sentence = told.length > 0 ? told.join("; ") : "nothing that calops reads changed";
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function firstSentence({ workflows, campaigns, people }: Plan): string {
  const parts = [
    plural(workflows.added.length, "workflow"),
    plural(campaigns.added.length, "campaign"),
    people.added.length === 1 ? "1 person" : `${people.added.length} people`,
  ];
  return `Nothing ran before: ${parts.join(", ")}.`;
}

function workflowsInWords({ workflows }: Plan): string {
  const counts = [
    [workflows.added.length, "added"],
    [workflows.changed.length, "changed"],
    [workflows.removed.length, "removed"],
  ] as const;
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what], index) => `${index === 0 ? plural(count, "workflow") : count} ${what}`)
    .join(", ");
}

/** What changed beside workflows, by its name alone. */
function othersInWords(plan: Plan): string {
  const of = (what: RegExp) => plan.thresholds.some((threshold) => what.test(threshold.of));
  const { people } = plan;
  const kinds: readonly (readonly [string, boolean])[] = [
    ["campaigns", isNamedChange(plan.campaigns)],
    ["global tags", plan.tags !== undefined && isNamedChange(plan.tags)],
    ["run types", isNamedChange(plan.runTypes) || of(/^(run type |runtypes\.yaml$)/)],
    ["run sources", isNamedChange(plan.sources)],
    ["executors", isNamedChange(plan.executors)],
    ["attributes of runs", isNamedChange(plan.attributes)],
    ["calops.yaml", plan.settings.length > 0 || of(/^calops\.yaml$/)],
    [
      "people",
      isNamedChange(people) ||
        [people.wider, people.narrower, people.keys, people.accounts ?? [], people.rights ?? []].some(
          (some) => some.length > 0,
        ),
    ],
    ["rules of environments", plan.rules.length > 0],
  ];
  const changed = kinds.filter(([, isSo]) => isSo).map(([kind]) => kind);
  return changed.length === 0 ? "" : `${changed.join(", ")} changed`;
}

function isNamedChange(changes: Plan["campaigns"]): boolean {
  return [changes.added, changes.removed, changes.changed].some((some) => some.length > 0);
}

function staleInWords({ stale, workflows }: Plan): string {
  if (stale.length > 0) return resultsInWords(stale);
  return workflows.changed.length > 0 ? "no result becomes stale" : "";
}

function looserInWords({ thresholds, rules, people }: Plan): string {
  const looser = thresholds.filter(({ direction }) => direction === "looser").length;
  const weaker = rules.filter(({ direction }) => direction === "looser").length;
  const wider = people.wider.length;
  const accounts = (people.accounts ?? []).filter(({ change }) => change === "added").length;
  const rights = widerRights(people).length;
  return [
    looser > 0 ? `${plural(looser, "threshold")} looser` : "",
    weaker > 0 ? `${plural(weaker, "protection")} weaker` : "",
    wider > 0 ? `${plural(wider, "role")} wider` : "",
    rights > 0 ? `${plural(rights, "right")} wider` : "",
    accounts > 0 ? `${plural(accounts, "account")} new` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}
