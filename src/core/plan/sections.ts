/** A plan, sorted by how much it wants to be looked at. */
import { driftLine } from "../conditions/drift.ts";
import { plural } from "../say.ts";
import { confirmations } from "./confirmations.ts";
import type { JudgedChange } from "./judged.ts";
import { named } from "./naming.ts";
import { widerRights } from "./people-change.ts";
import type { Plan } from "./plan.ts";
import { filesLine, judgedLines, settingLines, shown, staleLine } from "./sentences.ts";
import type { NamedChanges, SettingChange } from "./settings.ts";
import { NO_TASKS } from "./touched.ts";

export type Section = { readonly title: string; readonly lines: readonly string[] };

export function sectionsOf(plan: Plan): Section[] {
  const sections = plan.from === null ? [firstOf(plan)] : [...attention(plan), ...rest(plan)];
  return sections.filter(({ lines }) => lines.length > 0);
}

function firstOf({ workflows }: Plan): Section {
  return { title: "Workflows:", lines: workflows.added };
}

function attention(plan: Plan): Section[] {
  const { people, thresholds, rules, stale } = plan;
  const looser = ({ direction }: JudgedChange) => direction === "looser";
  return [
    { title: "A person must confirm this:", lines: confirmations(plan).map(shown) },
    { title: "Thresholds that are looser:", lines: judgedLines(thresholds.filter(looser)) },
    {
      title: "Roles that are wider:",
      lines: [
        ...people.wider.map(({ person, role }) => {
          const isNew = people.added.includes(person) ? ", who is new," : "";
          return `${person}${isNew} has the role ${role} now`;
        }),
        ...people.keys.filter(isAdded).map(({ person, key }) => `${person} has a new key, ${shown(key)}`),
        ...(people.accounts ?? [])
          .filter(isAdded)
          .map(({ person, account }) => `the account ${shown(account)} is ${person} now`),
      ],
    },
    { title: "Rights that are wider:", lines: settingLines(widerRights(people)) },
    { title: "Protections that are weaker:", lines: ruleLines(rules.filter(looser)) },
    { title: "Removed:", lines: removals(plan) },
    { title: "Results that become stale:", lines: stale.filter(({ results }) => results !== 0).map(staleLine) },
    { title: "Touched:", lines: touchLines(plan) },
  ];
}

function rest(plan: Plan): Section[] {
  const { thresholds, rules } = plan;
  const of = (direction: JudgedChange["direction"]) => (change: JudgedChange) => change.direction === direction;
  return [
    { title: "Thresholds that are others:", lines: judgedLines(thresholds.filter(of("changed"))) },
    { title: "Thresholds that are stricter:", lines: judgedLines(thresholds.filter(of("stricter"))) },
    {
      title: "Thresholds that are written otherwise and ask the same:",
      lines: judgedLines(thresholds.filter(of("same"))),
    },
    {
      title: "Rules of environments:",
      lines: ruleLines(rules.filter(({ direction }) => direction !== "looser")),
    },
    { title: "Workflows:", lines: workflowLines(plan) },
    {
      title: "Shared files:",
      lines: plan.shared.map(
        ({ path, files, workflows }) => `${filesLine(path, files, path)}; used by ${named(workflows)}`,
      ),
    },
    { title: "Campaigns:", lines: namedLines("campaign", plan.campaigns) },
    { title: "Global tags:", lines: plan.tags ? namedLines("tag", plan.tags) : [] },
    { title: "Global tags that are not as this declares them:", lines: (plan.tagDrift ?? []).map(driftLine) },
    { title: "Run types:", lines: namedLines("run type", plan.runTypes) },
    { title: "Run sources:", lines: namedLines("source", plan.sources) },
    { title: "Executors:", lines: namedLines("executor", plan.executors) },
    { title: "Attributes of runs:", lines: namedLines("attribute", plan.attributes) },
    { title: "Everywhere:", lines: settingLines(withOf("calops.yaml", plan.settings)) },
    { title: "People:", lines: peopleLines(plan.people) },
    { title: "On duty:", lines: plan.duty ? namedLines("rota", plan.duty.rotas) : [] },
    { title: "Alerts:", lines: plan.duty ? settingLines(withOf("alerts.yaml", plan.duty.alerts)) : [] },
    {
      title: "Other files, which no workflow declares that it shares:",
      lines: plan.files.map(({ path, change }) => `${shown(path)} ${change}`),
    },
  ];
}

/** What is required is asked for; the rest of the rules is only set. */
function ruleLines(rules: readonly JudgedChange[]): string[] {
  return rules.flatMap((rule) => (rule.what.startsWith("require.") ? judgedLines([rule]) : settingLines([rule])));
}

function removals({ workflows, people, touches, ...plan }: Plan): string[] {
  const kept = new Map(touches.map((touch) => [touch.workflow, touch.tasks]));
  return [
    ...workflows.removed.map((name) => {
      const { finished, underWay, waiting } = kept.get(name) ?? NO_TASKS;
      const left = [
        finished > 0 ? `${plural(finished, "result")} ${finished === 1 ? "stays" : "stay"}` : "",
        underWay > 0 ? `${plural(underWay, "task")} under way ${underWay === 1 ? "finishes" : "finish"}` : "",
        waiting > 0 ? `${plural(waiting, "waiting task")} held until skipped` : "",
      ].filter((part) => part !== "");
      return `workflow ${name}${left.length === 0 ? "" : `: ${left.join(", ")}`}`;
    }),
    ...workflows.changed.flatMap(({ workflow, tasks }) => tasks.removed.map((task) => `task ${workflow}/${task}`)),
    ...plan.campaigns.removed.map((name) => `campaign ${name}`),
    ...(plan.tags?.removed ?? []).map((name) => `tag ${name}: it stays in the store with all that it holds`),
    ...plan.runTypes.removed.map((name) => `run type ${name}`),
    ...plan.sources.removed.map((name) => `source ${name}: nobody tells of its runs any more`),
    ...plan.executors.removed.map((name) => `executor ${name}`),
    ...plan.attributes.removed.map((name) => `attribute ${name}`),
    ...people.removed.map((name) => `person ${name}`),
    ...(plan.duty?.rotas.removed ?? []).map((name) => `rota ${name}: nobody is on duty in it any more`),
  ];
}

/** What runs now of everything that changes, in a line each. */
function touchLines({ touches, workflows }: Plan): string[] {
  const campaigns = [...new Set(touches.flatMap((touch) => touch.campaigns))];
  const tags = [...new Set(touches.flatMap((touch) => touch.tags))];
  // What becomes of the tasks of a workflow that is removed is told with it.
  const staying = touches.filter(({ workflow }) => !workflows.removed.includes(workflow));
  const underWay = staying.reduce((sum, { tasks }) => sum + (tasks?.underWay ?? 0), 0);
  const waiting = staying.reduce((sum, { tasks }) => sum + (tasks?.waiting ?? 0), 0);
  return [
    ...(campaigns.length === 0 ? [] : [`campaigns ${named(campaigns)}`]),
    ...(tags.length === 0 ? [] : [`global tags ${named(tags)}`]),
    ...(underWay === 0
      ? []
      : [
          `${plural(underWay, "task")} under way: ${underWay === 1 ? "finishes on the commit that it" : "finish on the commit that they"} began with`,
        ]),
    ...(waiting === 0
      ? []
      : [`${plural(waiting, "task")} waiting: ${waiting === 1 ? "begins" : "begin"} on the new commit`]),
  ];
}

function workflowLines({ workflows }: Plan): string[] {
  const { added, changed } = workflows;
  return [
    ...added.map((name) => `${name} is new`),
    ...changed.flatMap(({ workflow, tasks }) => tasks.added.map((task) => `task ${workflow}/${task} is new`)),
    ...settingLines(
      changed.flatMap(({ workflow, settings, tasks }) => [
        ...withOf(workflow, settings),
        ...tasks.changed.flatMap((task) => withOf(`${workflow}/${task.name}`, task.settings)),
      ]),
    ),
    ...changed.flatMap(({ workflow, files }) =>
      files.length === 0 ? [] : [filesLine(workflow, files, `workflows/${workflow}`)],
    ),
  ];
}

function namedLines(kind: string, { added, changed }: NamedChanges): string[] {
  return [
    ...added.map((name) => `${kind} ${shown(name)} is new`),
    ...settingLines(changed.flatMap(({ name, settings }) => withOf(name, settings))),
  ];
}

function peopleLines(people: Plan["people"]): string[] {
  const wider = widerRights(people);
  return [
    ...settingLines((people.rights ?? []).filter((change) => !wider.includes(change))),
    ...namedLines("person", people),
    ...people.narrower
      .filter(({ person }) => !people.removed.includes(person))
      .map(({ person, role }) => `${person} has the role ${role} no more`),
    ...people.keys
      .filter((key) => !isAdded(key))
      .map(({ person, key }) => `${person} has no more the key ${shown(key)}`),
    ...(people.accounts ?? [])
      .filter((account) => !isAdded(account))
      .map(({ person, account }) => `the account ${shown(account)} is ${person} no more`),
  ];
}

function isAdded({ change }: { readonly change: "added" | "removed" }): boolean {
  return change === "added";
}

function withOf(of: string, changes: readonly SettingChange[]): (SettingChange & { readonly of: string })[] {
  return changes.map((change) => ({ ...change, of }));
}
