import { describe, expect, test } from "vitest";
import { configOf, issuesOf } from "./reading.ts";

const issues = (people: string) => issuesOf({ "calops.yaml": "experiment: D\n", "people.yaml": `people:\n${people}` });

test("an account is one person's", () => {
  expect(
    issues(`  ann: { name: Ann, accounts: { slack: U012AB3CD } }
  ben: { name: Ben, accounts: { slack: U012AB3CD, mattermost: fk5sr1mxufbnbkjpzwr6ynyugc } }
`),
  ).toEqual(["people.yaml:3:40: this account is ann's too; leave it to the one who uses it"]);
});

test("an account is called what the chat calls it: a name could be anybody's tomorrow", () => {
  expect(
    issues(`  ann: { name: Ann, accounts: { slack: ann, mattermost: "@ann" } }
  ben: { name: Ben, accounts: { slcak: U012AB3CD, irc: ben } }
`),
  ).toEqual([
    "people.yaml:2:40: not an account that nobody else can take; write what whoami shows there, like U012AB3CD",
    "people.yaml:2:57: not an account that nobody else can take; write what whoami shows there, like fk5sr1mxufbnbkjpzwr6ynyugc",
    'people.yaml:3:33: unknown key "slcak"; write slack',
    'people.yaml:3:51: unknown key "irc"; known here: slack, mattermost',
  ]);
});

test("an address is one person's, however it is written, so that it is clear who wrote what", () => {
  expect(
    issues(`  ann: { name: Ann, email: ann@lab.org, emails: [ann@home.org, Ann@lab.org] }
  ben: { name: Ben, emails: [ANN@home.org, ben-at-home] }
`),
  ).toEqual([
    "people.yaml:2:64: this address stands here twice; take one of them away",
    "people.yaml:3:30: this address is ann's too; leave it to the one who commits with it",
    "people.yaml:3:44: not an e-mail address; write name@place",
  ]);
});

describe("roles", () => {
  const T0 = { "workflows/t0/workflow.yaml": "description: x\nowner: ann\ntasks: { fit: { run: [fit] } }\n" };
  const withRoles = (text: string) => ({
    "calops.yaml": "experiment: D\n",
    "people.yaml": `people:\n  ann: { name: Ann, roles: [timing-expert] }\n${text}`,
    ...T0,
  });

  test("have commands, workflows, environments and channels; shifter and expert are there without a word", () => {
    const { rights } = configOf(
      withRoles(`roles:
  timing-expert: { commands: [retry, hold], workflows: [t0, "raw*"], environments: [production, "mirror/**"] }
  desk: { commands: reading, channels: ["slack:C012AB3CD", direct, mattermost] }
  expert: { commands: all }
unknown: { commands: [status, runs], channels: [slack] }
`),
    );
    const everywhere = { workflows: undefined, environments: undefined, channels: undefined };
    expect(rights).toEqual({
      roles: {
        "timing-expert": {
          ...everywhere,
          commands: ["retry", "hold"],
          workflows: ["t0", "raw*"],
          environments: ["production", "mirror/**"],
        },
        desk: {
          ...everywhere,
          commands: { upTo: "person" },
          channels: ["slack:C012AB3CD", "direct", "mattermost"],
        },
        shifter: { ...everywhere, commands: { upTo: "shifter" } },
        expert: { ...everywhere, commands: { upTo: "expert" } },
      },
      unknown: { commands: ["status", "runs"], channels: ["slack"] },
      holders: { "timing-expert": ["ann"] },
    });
  });

  test("are told what is wrong with them, all at once", () => {
    expect(
      issuesOf(
        withRoles(`roles:
  timing-expret: { commands: [rerty, logs] }
  desk: { commands: everything, workflows: [t00], environments: [prodution, fit] }
  shifter: { commands: [], channels: [timing, "irc:timing"] }
unknown: { commands: [status, retry, nothing] }
`),
      ),
    ).toEqual([
      "people.yaml:4:18: nobody has the role timing-expret; write timing-expert",
      "people.yaml:4:31: there is no command rerty; write retry",
      "people.yaml:5:21: not commands; write all, reading or a list of their names",
      "people.yaml:5:45: there is no workflow t00; write t0",
      "people.yaml:5:66: no environment can be called prodution; write production",
      "people.yaml:5:77: no environment can be called fit; write production, or mirror/fit",
      "people.yaml:6:24: an empty list; write at least one",
      'people.yaml:6:39: "timing" is not a channel; write CHAT:CHANNEL as whoami shows it there, slack or mattermost for a whole chat, or direct',
      'people.yaml:6:47: "irc:timing" is not a channel; write one of slack, mattermost',
      "people.yaml:7:31: retry is nothing for people whom nobody knows; leave it out, or give it to a role",
      expect.stringMatching(/^people.yaml:7:38: there is no command nothing; write one of status, /),
    ]);
  });
});
