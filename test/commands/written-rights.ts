/** Who may give what, written down once more by hand: what the code says of itself is compared with it. */
import type { Actor } from "../../src/core/command/command.ts";
import { type Rights, rightsOf } from "../../src/core/permission/rights.ts";

/** Every command stands in one of these. */
export const KINDS_OF_COMMANDS = {
  /** They tell nothing of the experiment. */
  open: ["help", "whoami", "link"],
  /** How things stand. */
  overview: [
    ...[
      "status",
      "mine",
      "runs",
      "run",
      "tasks",
      "task",
      "jobs",
      "why",
      "stale",
      "campaigns",
      "campaign show",
      "campaign progress",
      "workflows",
      "alerts",
      "silences",
      "release-hold show",
      "signoffs",
      "evidence",
    ],
    ...["gt list", "gt show", "gt diff", "gt history", "gt drift", "iov", "payload"],
    ...["validate", "env", "deployments", "plan", "diff", "which", "chart", "history", "oncall", "handover"],
  ],
  /** What jobs have written. */
  inside: ["logs"],
  /** What concerns only who gives it. */
  own: ["confirm", "cancel", "unlink", "subscribe", "unsubscribe", "approve", "reject", "revoke"],
  shifters: [
    "retry",
    "publish",
    "skip",
    "hold",
    "release",
    "pause",
    "resume",
    "close",
    "ack",
    "unack",
    "silence",
    "unsilence",
    ...["release-hold extend", "release-hold force"],
  ],
  experts: [
    ...[
      "campaign start",
      "campaign request",
      "campaign pause",
      "campaign resume",
      "campaign finish",
      "campaign publish",
      "campaign archive",
    ],
    ...["reprocess", "inject", "deploy", "rollback", "freeze", "unfreeze", "lock", "unlock", "doctor"],
    ...["gt clone", "gt merge", "gt append", "gt put", "gt remove", "gt state", "gt export", "payload put"],
  ],
} as const;

type Kind = keyof typeof KINDS_OF_COMMANDS;

export const PLACES = {
  "the channel of the timing group": ["slack", "slack:C1"],
  "another channel": ["slack", "slack:C2"],
  "alone with the bot": ["slack", "slack:direct", "direct"],
  "another chat": ["mattermost", "mattermost:C1"],
  "a terminal": undefined,
} as const satisfies Record<string, readonly string[] | undefined>;
export type PlaceName = keyof typeof PLACES;

export const ENVIRONMENTS = ["production", "mirror/fit", "mirror/wip/fit"] as const;
type EnvironmentName = (typeof ENVIRONMENTS)[number];

const RIGHTS: Rights = rightsOf({
  roles: {
    desk: { commands: ["retry", "pause"], workflows: undefined, environments: ["production"], channels: ["slack:C1"] },
    branches: { commands: { upTo: "expert" }, workflows: undefined, environments: ["mirror/**"], channels: ["slack"] },
    flat: { commands: ["deploy", "logs"], workflows: undefined, environments: ["mirror/*"], channels: ["direct"] },
    reader: { commands: { upTo: "person" }, workflows: undefined, environments: undefined, channels: undefined },
  },
  unknown: undefined,
  people: { ann: { roles: ["expert"] }, jun: { roles: ["shifter", "desk"] } },
});
const closed: Rights = { ...RIGHTS, unknown: { commands: "none", channels: undefined } };
const timingOnly: Rights = { ...RIGHTS, unknown: { commands: "reading", channels: ["slack:C1"] } };
const two: Rights = { ...RIGHTS, unknown: { commands: ["status", "logs"], channels: undefined } };

type Row = {
  readonly who: string;
  readonly actor: Omit<Actor, "at">;
  readonly may: readonly {
    readonly kinds?: readonly Kind[];
    readonly commands?: readonly string[];
    /** All where it is left out. */
    readonly places?: readonly PlaceName[];
    readonly environments?: readonly EnvironmentName[];
  }[];
};

const person = (...roles: string[]) => ({ id: "jun", roles, owner: false, via: "slack", rights: RIGHTS });
const stranger = (rights: Rights) => ({
  id: "slack:U9",
  roles: ["expert", "constructor"],
  owner: false,
  via: "slack",
  unknown: true as const,
  rights,
});
const READ = { kinds: ["open", "overview", "inside", "own"] } as const;
const ALL = { kinds: Object.keys(KINDS_OF_COMMANDS) as Kind[] };

const SLACK = ["the channel of the timing group", "another channel", "alone with the bot"] as const;

export const ROWS: readonly Row[] = [
  { who: "whoever runs the bot", actor: { id: "root", roles: [], owner: true, via: "terminal" }, may: [ALL] },
  { who: "a person without a role", actor: person(), may: [READ] },
  { who: "a person of roles that say nothing", actor: person("reader", "timing", "owner", "__proto__"), may: [READ] },
  { who: "a shifter", actor: person("shifter"), may: [READ, { kinds: ["shifters"] }] },
  { who: "an expert", actor: person("expert"), may: [ALL] },
  {
    who: "somebody at the timing desk",
    actor: person("desk"),
    may: [
      READ,
      {
        commands: ["retry", "pause"],
        places: ["the channel of the timing group"],
        environments: ["production"],
      },
    ],
  },
  {
    who: "somebody who looks after branches",
    actor: person("branches"),
    may: [READ, { kinds: ["shifters", "experts"], places: SLACK, environments: ["mirror/fit", "mirror/wip/fit"] }],
  },
  {
    who: "somebody who deploys plain branches, alone with the bot",
    actor: person("flat"),
    may: [READ, { commands: ["deploy"], places: ["alone with the bot"], environments: ["mirror/fit"] }],
  },
  {
    who: "somebody of two roles",
    actor: person("desk", "branches"),
    may: [
      READ,
      { commands: ["retry", "pause"], places: ["the channel of the timing group"], environments: ["production"] },
      { kinds: ["shifters", "experts"], places: SLACK, environments: ["mirror/fit", "mirror/wip/fit"] },
    ],
  },
  { who: "a stranger", actor: stranger(RIGHTS), may: [{ kinds: ["open", "overview"] }] },
  { who: "a stranger where they may nothing", actor: stranger(closed), may: [{ kinds: ["open"] }] },
  {
    who: "a stranger where one channel is open to them",
    actor: stranger(timingOnly),
    may: [{ kinds: ["open"] }, { kinds: ["overview", "inside"], places: ["the channel of the timing group"] }],
  },
  {
    who: "a stranger where two commands are open to them",
    actor: stranger(two),
    may: [{ kinds: ["open"] }, { commands: ["status", "logs"] }],
  },
];

export function isWritten(row: Row, command: string, place: PlaceName, environment: EnvironmentName): boolean {
  return row.may.some(
    ({ kinds = [], commands = [], places, environments }) =>
      (commands.includes(command) || kinds.some((kind) => KINDS_OF_COMMANDS[kind].some((name) => name === command))) &&
      (places === undefined || places.includes(place)) &&
      (environments === undefined || environments.includes(environment)),
  );
}

export function standing(row: Row, place: PlaceName): Actor {
  const at = PLACES[place];
  return { ...row.actor, ...(at && { at }) };
}
