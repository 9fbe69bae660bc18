import { describe, expect, test } from "vitest";
import type { Written } from "../config/reading.ts";
import { ED25519, planned, REPOSITORY, under, without } from "./planning.ts";

describe("of the rules of environments it is told", () => {
  const rules = (text: string): Written => ({ ...REPOSITORY, "people.yaml": PEOPLE, "environments.yaml": text });
  const PEOPLE = `people:
  ann: { name: Ann, roles: [expert, timing-expert], keys: ["ssh-ed25519 ${ED25519}"] }
  ben: { name: Ben, roles: [expert, shifter] }
  eve: { name: Eve, roles: [expert, shifter] }
  joe: { name: Joe, roles: [expert] }
`;
  const STRICT = `production:
  follow: { tag: "v*" }
  deploy: on-request
  require: { signed: { role: expert }, approval: { role: expert, count: 2 }, other-than-author: true }
  freeze:
    - { from: 2026-12-20, until: 2027-01-04, reason: shutdown }
    - { every: 0 18 * * 5, for: 60h, reason: weekend }
mirrors: { branches: ["wip/*"], except: [wip/secret], channel: "#dev" }
webhooks: { github: { secret: HOOK } }
`;
  const WEAKER = "Protections that are weaker:";
  const REST = "Rules of environments:";
  test.each<[string, string, string, string, string[]]>([
    [
      "that nobody is asked to deploy",
      "on-request",
      "automatic",
      WEAKER,
      ["deploy of production on-request -> automatic"],
    ],
    [
      "that it follows something else",
      '{ tag: "v*" }',
      "{ branch: main }",
      REST,
      ["follow of production tags v* -> branch main"],
    ],
    [
      "that no signature is needed",
      "signed: { role: expert }, ",
      "",
      WEAKER,
      ["require.signed of production: by a key of expert is not asked any more"],
    ],
    [
      "that any key will do",
      "signed: { role: expert }",
      "signed: true",
      WEAKER,
      ["require.signed of production: by a key of expert -> by a person's key"],
    ],
    [
      "that fewer approve",
      "count: 2",
      "count: 1",
      WEAKER,
      ["require.approval of production: 2 by expert -> 1 by expert"],
    ],
    [
      "that nobody approves",
      ", approval: { role: expert, count: 2 }, other-than-author: true",
      "",
      WEAKER,
      [
        "require.approval of production: 2 by expert is not asked any more",
        "require.other-than-author of production: somebody else than the author is not asked any more",
      ],
    ],
    [
      "that others approve",
      "approval: { role: expert",
      "approval: { role: shifter",
      REST,
      ["require.approval of production: 2 by expert -> 2 by shifter"],
    ],
    [
      "that the author may approve",
      ", other-than-author: true",
      "",
      WEAKER,
      ["require.other-than-author of production: somebody else than the author is not asked any more"],
    ],
    [
      "that a window is shorter",
      "until: 2027-01-04",
      "until: 2027-01-02",
      WEAKER,
      [
        "freeze of production 2026-12-20T00:00:00.000Z to 2027-01-04T00:00:00.000Z: shutdown -> 2026-12-20T00:00:00.000Z to 2027-01-02T00:00:00.000Z: shutdown",
      ],
    ],
    [
      "that a window is longer",
      "for: 60h",
      "for: 72h",
      REST,
      ["freeze of production 0 18 * * 5 (UTC) for 2d12h: weekend -> 0 18 * * 5 (UTC) for 3d: weekend"],
    ],
    [
      "that a window is gone",
      "    - { every: 0 18 * * 5, for: 60h, reason: weekend }\n",
      "",
      WEAKER,
      ["freeze of production: 0 18 * * 5 (UTC) for 2d12h: weekend taken away"],
    ],
    ["that more branches run", '["wip/*"]', '["wip/*", "fix/*"]', WEAKER, ["branches of mirrors: fix/* added"]],
    ["that fewer branches run", '["wip/*"]', '["wip/a*"]', WEAKER, ["branches of mirrors: wip/a* added"]],
    [
      "that a branch is not left out",
      "except: [wip/secret], ",
      "",
      WEAKER,
      ["except of mirrors: wip/secret taken away"],
    ],
    [
      "that branches are not kept apart",
      'channel: "#dev"',
      'channel: "#dev", isolation: none',
      WEAKER,
      ["isolation of mirrors required -> none"],
    ],
    ["that mirrors are told elsewhere", '"#dev"', '"#trials"', REST, ["channel of mirrors #dev -> #trials"]],
    [
      "that somebody else may hurry it",
      "github:",
      "gitlab:",
      REST,
      [
        "webhooks.github of environments.yaml: secret HOOK taken away",
        "webhooks.gitlab of environments.yaml: secret HOOK added",
      ],
    ],
  ])("%s", (_name, from, to, title, expected) => {
    expect(STRICT).toContain(from);
    expect(under(title, planned(rules(STRICT), rules(STRICT.replace(from, to))))).toEqual(expected);
  });

  test("that there are mirrors at all, and that everything is gone", () => {
    expect(
      under(
        WEAKER,
        planned(without(rules(""), "environments.yaml"), rules('mirrors: { channel: "#dev", isolation: none }\n')),
      ),
    ).toEqual(["mirrors of environments.yaml: branches **; isolation none added"]);
    const lines = planned(rules(STRICT), without(rules(""), "environments.yaml"));
    expect(lines[0]).toBe("Rules of environments changed; 6 protections weaker.");
    expect(under(REST, lines)).toContain("follow of production tags v* -> the protected branch");
  });
});
