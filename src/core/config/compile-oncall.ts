/** From the shape of `oncall:` in `people.yaml`, and the calendars that it names, to rotas. */
import type { Calendar } from "../oncall/calendar.ts";
import { readCalendar } from "../oncall/read-calendar.ts";
import type { Override, Rota } from "../oncall/rota.ts";
import { whenWall } from "../oncall/wall.ts";
import { choices } from "../text/nearest.ts";
import type { Checker, Parsed } from "./checker.ts";
import type { Issue } from "./issue.ts";
import type { RotaYaml } from "./oncall-yaml.ts";
import type { Path } from "./path.ts";
import type { PeopleYaml } from "./people-yaml.ts";

type People = PeopleYaml["people"];

/** @param issues what is wrong with a calendar is wrong in its own file */
export function rotasOf(
  { value, check }: Parsed<PeopleYaml>,
  texts: ReadonlyMap<string, string>,
  issues: Issue[],
): Record<string, Rota> {
  const { people, oncall } = value;
  return Object.fromEntries(
    Object.entries(oncall).map(([name, rota]) => {
      const at = ["oncall", name];
      checkTurns(rota, at, check);
      (rota.people ?? []).forEach((person, index) => {
        check.reference([...at, "people", index], person, Object.keys(people), `nobody is called ${person}`);
      });
      const { timezone, start, every, calendar } = rota;
      return [
        name,
        {
          name,
          timezone,
          turns: start === undefined || !rota.people ? undefined : { start, everyMs: every, people: rota.people },
          overrides: rota.overrides.map((one, index) =>
            overrideOf(one, timezone, [...at, "overrides", index], people, check),
          ),
          calendar:
            calendar === undefined
              ? undefined
              : calendarOf({ file: calendar, timezone, at, people, texts, issues, check }),
        },
      ];
    }),
  );
}

function checkTurns({ start, people, calendar }: RotaYaml, at: Path, check: Checker): void {
  if (people && start === undefined)
    check.report(at, "missing-key", "nothing says when the first turn begins", "add start: 2026-11-02T08:00");
  if (!people && start !== undefined)
    check.report([...at, "start"], "conflict", "nobody takes turns", "add people:, or leave start out");
  if (!people && calendar === undefined)
    check.report(at, "missing-key", "nobody is ever on duty", "add start: and people:, or calendar:");
}

function overrideOf(
  { from, until, person, why }: RotaYaml["overrides"][number],
  timezone: string,
  at: Path,
  people: People,
  check: Checker,
): Override {
  check.reference([...at, "person"], person, Object.keys(people), `nobody is called ${person}`);
  const when = (moment: typeof from) => ("at" in moment ? moment.at : whenWall(moment.wall, timezone));
  const override = { from: when(from), until: when(until), person, why };
  if (override.from >= override.until)
    check.report([...at, "until"], "wrong-value", "it ends before it begins", "write a later moment");
  return override;
}

type CalendarOf = {
  readonly file: string;
  readonly timezone: string;
  readonly at: Path;
  readonly people: People;
  readonly texts: ReadonlyMap<string, string>;
  readonly issues: Issue[];
  readonly check: Checker;
};

function calendarOf({ file, timezone, at, people, texts, issues, check }: CalendarOf): Calendar | undefined {
  const text = texts.get(file);
  if (text === undefined) {
    const others = [...texts.keys()].filter((path) => path.endsWith(".ics"));
    check.reference([...at, "calendar"], file, others, `there is no file ${file}`);
    return undefined;
  }
  const { calendar, mistakes } = readCalendar(text, {
    timezone,
    personOf: (named) => personOf(named, people),
    instead: (title) => choices(title, Object.keys(people)),
  });
  issues.push(...mistakes.map((mistake) => ({ file, column: 1, ...mistake })));
  return calendar;
}

/** By e-mail address, or by a title that is a name or ends in one after a colon: `Shift leader: Jun Sato`. */
function personOf(
  { emails, title }: { readonly emails: readonly string[]; readonly title: string },
  people: People,
): string | undefined {
  const known = Object.entries(people);
  const invited = known.find(([, { email, emails: others }]) =>
    [email, ...others].some((address) => address !== undefined && emails.includes(address.toLowerCase())),
  );
  if (invited) return invited[0];
  const named = (title.split(":").at(-1) ?? "").trim().toLowerCase();
  return known.find(([account, { name }]) => account === named || name.toLowerCase() === named)?.[0];
}
