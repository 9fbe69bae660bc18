import { describe, expect, test } from "vitest";
import type { Written } from "../config/reading.ts";
import { edit, edited, planned, REPOSITORY, under, without } from "./planning.ts";

describe("of what is around workflows it is told", () => {
  test.each<[string, string, Written, string[]]>([
    [
      "that a campaign has another tag",
      "Campaigns:",
      edit("campaigns/prompt.yaml", "prompt-v3", "prompt-v4"),
      ["tag of prompt prompt-v3 -> prompt-v4"],
    ],
    [
      "that a campaign takes other runs",
      "Campaigns:",
      edit("campaigns/again.yaml", "1000-1499", "[1000-1999, 2005]"),
      ["runs of again 1000-1499 -> 1000-1999, 2005"],
    ],
    [
      "that a campaign is new",
      "Campaigns:",
      { ...REPOSITORY, "campaigns/third.yaml": "kind: reprocessing\n" },
      ["campaign third is new"],
    ],
    [
      "that a run type activates more",
      "Run types:",
      edit("runtypes.yaml", "workflows: [raw] }", "workflows: [raw, t0] }"),
      ["workflows of cosmics: t0 added"],
    ],
    [
      "that a global tag is in another state, and has another payload type",
      "Global tags:",
      edited(REPOSITORY, [
        "tags/prompt-v3.yaml",
        "state: OPEN\ntypes: {",
        "state: RUNNING\ntypes: { gains: { description: Gains },",
      ]),
      ["state of prompt-v3 OPEN -> RUNNING", "types.gains of prompt-v3: Gains added"],
    ],
    [
      "that a global tag is not declared any more",
      "Removed:",
      without(edit("campaigns/prompt.yaml", "tag: prompt-v3\n", ""), "tags/prompt-v3.yaml"),
      ["tag prompt-v3: it stays in the store with all that it holds"],
    ],
    [
      "that a source is asked more often",
      "Run sources:",
      edit("calops.yaml", "every: 5m", "every: 30s"),
      ["every of list 5m -> 30s"],
    ],
    [
      "that a source reads elsewhere",
      "Run sources:",
      edit("calops.yaml", "https://registry.example.org/runs", "https://registry.example.org/all"),
      ["http.url of registry https://registry.example.org/runs -> https://registry.example.org/all"],
    ],
    [
      "that a field is read otherwise",
      "Run sources:",
      edit("calops.yaml", "number: record.run", "number: record.id"),
      ["fields.number of registry record.run -> record.id"],
    ],
    [
      "that the script of a source is another",
      "Run sources:",
      edit("list-runs.sh", "list", "other"),
      ["content of list-runs.sh of list a330395c -> d9298a10"],
    ],
    [
      "that a header is another, and not what it is",
      "Run sources:",
      edit("calops.yaml", "abc123def", "xyz987"),
      ["http.headers.X-Key of registry (not shown) -> (not shown)"],
    ],
    [
      "that an executor takes more",
      "Executors:",
      edit("calops.yaml", "limit: 50", "limit: 80"),
      ["limit of batch 50 -> 80"],
    ],
    [
      "that an executor has other options",
      "Executors:",
      edit("calops.yaml", "slots: 8", "slots: 16"),
      ["local.slots of batch 8 -> 16"],
    ],
    [
      "that an attribute is of another kind",
      "Attributes of runs:",
      edit("calops.yaml", "events: int", "events: double"),
      ["type of events int -> double"],
    ],
    [
      "that logs are kept longer",
      "Everywhere:",
      edit("calops.yaml", "defaults:", "logs: { keep: 100d }\ndefaults:"),
      ["logs.keep of calops.yaml 90d -> 100d"],
    ],
    [
      "that groups have cards",
      "Everywhere:",
      edit("calops.yaml", "defaults:", 'cards: { channel: "#runs", workflows: ["t*"] }\ndefaults:'),
      [
        "cards.channel of calops.yaml: #runs added",
        "cards.workflows of calops.yaml: t* added",
        "cards.campaigns of calops.yaml: * added",
      ],
    ],
  ])("%s", (_name, title, after, expected) => {
    expect(under(title, planned(REPOSITORY, after))).toEqual(expected);
  });
});
