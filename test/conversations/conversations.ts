/** What people type and press, and what they see then: the same in every chat, and at a terminal. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Chat, ChatParts } from "../../src/ports/chat.ts";
import { type Harness, startHarness } from "../engine/harness.ts";
import { configOf } from "../engine/workflow-text.ts";
import type { HandClock } from "../fakes/hand-clock.ts";

export type Who = "ann" | "ben" | "eve";
export const PEOPLE: Readonly<Record<Who, readonly string[]>> = { ann: ["expert"], ben: ["shifter"], eve: [] };

/** One chat, as the people in its channel #timing use it. */
export type Talk = {
  readonly openChat?: (parts: ChatParts) => Chat;
  readonly clock: HandClock;
  /** As `calops.yaml` names it, where it does. */
  readonly name?: string;
  /** Who is who there, as people.yaml has it: accounts by person. */
  readonly accounts: Readonly<Partial<Record<Who, Readonly<Record<string, string>>>>>;
  /** Once the bot runs. */
  begin(harness: Harness): Promise<void>;
  types(who: Who, line: string): Promise<void>;
  mentions(who: Who, line: string): Promise<void>;
  /** A button that they see. */
  presses(who: Who, label: string): Promise<void>;
  fills(who: Who, values: Readonly<Record<string, string>>): Promise<void>;
  /** Everything that they have seen so far, oldest first. */
  seen(who: Who): readonly Seen[];
  /** Others see what is for everybody. */
  readonly hasChannel: boolean;
  end(): Promise<void>;
};

export type Seen = {
  readonly id: string;
  readonly text: string;
  readonly alone: boolean;
  readonly buttons: readonly string[];
};

type Step = {
  readonly who: Who;
  readonly does: (talk: Talk, who: Who) => Promise<void>;
  /** What the one who did it sees, in words that every chat has. */
  readonly sees: RegExp;
  /** Everybody else sees it, too. */
  readonly everybody?: boolean;
  readonly buttons?: readonly string[];
};
const TYPES = "types: { t0: { description: Time zero } }\n";

type Conversation = { readonly of: string; readonly steps: readonly Step[] };

const types = (line: string) => (talk: Talk, who: Who) => talk.types(who, line);
const mentions = (line: string) => (talk: Talk, who: Who) => talk.mentions(who, line);
const presses = (label: string) => (talk: Talk, who: Who) => talk.presses(who, label);

/** Runs 1 to 5 have failed, and 6 to 10 are done, of a workflow that is ann's. */
const CONVERSATIONS: readonly Conversation[] = [
  {
    of: "questions",
    steps: [
      { who: "eve", does: types("status"), sees: /Test: running for .*t0.*5.*5/ },
      { who: "eve", does: types("runs"), sees: /10.*9.*1/ },
      { who: "ben", does: types("why t0/calibrate@1"), sees: /ERROR: no beam/ },
      { who: "ben", does: types("mine"), sees: /Nothing waits for ben/ },
      { who: "ann", does: types("mine"), sees: /failure of your workflows.*t0\/calibrate/ },
      { who: "eve", does: types("tasks --state failed --json"), sees: /"state": ?"failed"/ },
    ],
  },
  {
    of: "what nobody understands",
    steps: [
      { who: "eve", does: types("satus"), sees: /did you mean status/ },
      { who: "eve", does: types("task 99999"), sees: /There is no task 99999/ },
      { who: "eve", does: types("status --env mirror/x"), sees: /There is no environment mirror\/x/ },
    ],
  },
  {
    of: "what one may not",
    steps: [
      { who: "eve", does: types("pause t0 noisy"), sees: /shifter/ },
      { who: "ben", does: types("reprocess t0/calibrate@6"), sees: /expert/ },
    ],
  },
  {
    of: "something that changes something",
    steps: [
      { who: "ben", does: types("pause t0 noisy wires"), sees: /t0 is paused: noisy wires/, everybody: true },
      { who: "ann", does: types("pause t0 again"), sees: /already paused|is paused/ },
      { who: "ann", does: mentions("resume t0"), sees: /t0 goes on/, everybody: true },
    ],
  },
  {
    of: "something dangerous",
    steps: [
      {
        who: "ann",
        does: types("reprocess --workflow t0"),
        sees: /It would start anew.*Nothing is done yet/,
        buttons: ["Reprocess", "Cancel"],
      },
      { who: "ann", does: presses("Reprocess"), sees: /10 tasks start anew/, everybody: true },
      { who: "ann", does: presses("Reprocess"), sees: /said yes to that before, and it was done once/ },
      { who: "ann", does: types("rollback production never mind"), sees: /Nothing good has run/ },
    ],
  },
  {
    of: "a failure that somebody takes care of",
    steps: [
      { who: "eve", does: types("alerts"), sees: /t0\/calibrate.*no beam/ },
      { who: "eve", does: types("ack 1"), sees: /shifter/ },
      {
        who: "ben",
        does: types("ack 1 I look at the pulser"),
        sees: /in hand of ben.*I look at the pulser/,
        everybody: true,
      },
      { who: "ann", does: types("ack 1"), sees: /ben/ },
      {
        who: "ben",
        does: types("silence workflow=t0 --for 2h noisy"),
        sees: /nobody is told|silence/i,
        everybody: true,
      },
      { who: "eve", does: types("silences"), sees: /workflow=t0.*ben.*noisy/ },
      { who: "ben", does: types("skip t0/calibrate@1 no beam"), sees: /skipped/, everybody: true },
      { who: "ben", does: types("skip t0/calibrate@1 too late"), sees: /already.*skipped|is skipped/ },
      { who: "ben", does: types("handover"), sees: /rota/ },
    ],
  },
  {
    of: "what constants are valid, and the way of some of them into a running tag",
    steps: [
      { who: "eve", does: types("gt list"), sees: /prompt.*RUNNING.*staging.*OPEN.*prompt/ },
      { who: "eve", does: types("iov staging at 4"), sees: /staging at 4:.*t0 from 3: [0-9a-f]{12}/ },
      { who: "eve", does: types("gt diff prompt staging"), sees: /\+ from 3 [0-9a-f]{12}/ },
      { who: "ben", does: types("gt append prompt staging --from 3"), sees: /expert/ },
      {
        who: "ann",
        does: types("gt append prompt staging --from 3"),
        sees: /This appends to prompt.*Added:.*t0 from 3.*Nothing is done yet/,
        buttons: ["Gt append", "Cancel"],
      },
      {
        who: "ann",
        does: presses("Gt append"),
        sees: /prompt has now what staging holds.*Next that can be appended:.*t0 4/,
        everybody: true,
      },
      { who: "eve", does: types("iov prompt at 4"), sees: /prompt at 4:.*t0 from 3/ },
      { who: "ann", does: types("gt append prompt staging --from 2"), sees: /too early|holds already/ },
      { who: "eve", does: types("gt history prompt"), sees: /append by ann: 1 added/ },
      { who: "eve", does: types("gt drift"), sees: /are as git declares them/ },
      { who: "eve", does: types("gt"), sees: /alone is no command: write gt list, gt show/ },
    ],
  },
  {
    of: "a result that two people are to sign, from its card",
    steps: [
      { who: "eve", does: types("signoffs"), sees: /align\/fit.*10.*expert, then shifter/ },
      {
        who: "eve",
        does: types("evidence align/fit@10"),
        sees: /its thresholds say ask.*shift: metrics.shift < 5 does not hold \(metrics.shift 7\)/,
      },
      { who: "eve", does: types("evidence t0/calibrate@1"), sees: /it was not judged by thresholds/ },
      { who: "ben", does: types("evidence align/fit@10 --attempt 4"), sees: /has no result of attempt 4/ },
      { who: "ben", does: types("approve align/fit@10"), sees: /is not yours to sign: it is for expert, then shifter/ },
      { who: "ann", does: types("mine"), sees: /1 result for you to sign:.*align\/fit of 10/ },
      {
        who: "ann",
        does: presses("Approve"),
        sees: /has your signature; it still waits for shifter/,
        everybody: true,
        buttons: [],
      },
      { who: "ann", does: presses("Approve"), sees: /is not yours to sign|You have signed/ },
      { who: "ben", does: types("mine"), sees: /1 result for you to sign/ },
      { who: "ben", does: presses("Approve"), sees: /is signed, and may be used/, everybody: true },
      { who: "ben", does: types("reject align/fit@10 too late"), sees: /is approved since .*ben signed it/ },
      {
        who: "ann",
        does: types("revoke align/fit@10 wrong reference"),
        sees: /would not be signed any more: wrong reference.*Nothing is done yet/,
        buttons: ["Revoke", "Cancel"],
      },
      { who: "ann", does: presses("Revoke"), sees: /is not signed any more/, everybody: true },
    ],
  },
  {
    of: "who is who",
    steps: [
      { who: "ben", does: types("whoami"), sees: /ben.*shifter/ },
      { who: "ben", does: types("help retry"), sees: /retry TASK/ },
      { who: "ben", does: types("oncall"), sees: /No rota says who is on duty/ },
    ],
  },
  {
    of: "pictures",
    steps: [
      { who: "eve", does: types("chart overview"), sees: /10 runs, 1 to 10, in production/ },
      { who: "eve", does: types("chart t9 shift"), sees: /There is no workflow t9/ },
    ],
  },
];

export function conversations(name: string, open: () => Promise<Talk>): void {
  describe(`in ${name}`, () => {
    let talk: Talk;
    let harness: Harness;
    beforeEach(async () => {
      talk = await open();
      const files = configOf({
        align:
          'channel: "#timing"\nselect: run.number == 10\ntasks: { fit: { run: ["true"], validate: { thresholds: { shift: { accept: metrics.shift < 5 } } }, signoff: { steps: [{ role: expert }, { role: shifter }] } } }\n',
        t0: 'channel: "#timing"\npause-after: never\ntasks: { calibrate: { run: ["true"], retries: 0 } }\n',
      });
      const people = Object.entries(PEOPLE)
        .filter(([who]) => who !== "eve")
        .map(([who, roles]) => {
          const accounts = JSON.stringify(talk.accounts[who as Who] ?? {});
          return `  ${who}: { name: ${who}, roles: [${roles.join(", ")}], accounts: ${accounts} }\n`;
        });
      harness = await startHarness({
        files: {
          ...files,
          "tags/prompt.yaml": `description: For reconstruction\nstate: RUNNING\n${TYPES}`,
          "tags/staging.yaml": `description: On its way\nupstream: prompt\n${TYPES}`,
          "people.yaml": `people:\n${people.join("")}`,
          ...(talk.openChat && { "calops.yaml": `${files["calops.yaml"]}chats: { ${talk.name}: {} }\n` }),
        },
        script: ({ facts }) =>
          (facts.run?.number ?? 0) <= 5 && facts.task.attempt === 1
            ? { exit: 1, log: "ERROR: no beam\n" }
            : { outputs: { "metrics.json": '{ "shift": 7 }' } },
        clock: talk.clock,
        ...(talk.openChat && { openChat: talk.openChat }),
      });
      await harness.take(...Array.from({ length: 10 }, (_, index) => ({ run: index + 1 })));
      await harness.pass(10_000);
      await putIntoStaging(harness);
      await talk.begin(harness);
      await passes();
    });
    afterEach(async () => {
      await harness.stop();
      await talk.end();
    });

    /** Whatever was to be sent is there. */
    const passes = async () => {
      for (let second = 0; second < 6; second++) await harness.pass(1_100);
    };

    test.each(CONVERSATIONS.map((one) => [one.of, one.steps] as const))("%s", async (_of, steps) => {
      for (const { who, does, sees, everybody = false, buttons } of steps) {
        const before = new Map((["ann", "ben", "eve"] as const).map((one) => [one, new Set(talk.seen(one).map(idOf))]));
        await does(talk, who);
        await passes();
        const news = (one: Who) => talk.seen(one).filter((shown) => !before.get(one)?.has(idOf(shown)));
        // What is told to everybody says who asked for it.
        const told = new RegExp(everybody && talk.hasChannel ? `^ ?${who}: ` : "");
        const found = news(who).find(({ text }) => sees.test(plain(text)) && told.test(plain(text)));
        expect(found?.text ?? news(who).map(({ text }) => plain(text)), String(sees)).toEqual(expect.any(String));
        if (buttons && talk.hasChannel) expect(found?.buttons).toEqual(expect.arrayContaining([...buttons]));
        if (!talk.hasChannel) continue;
        const other = who === "eve" ? "ben" : "eve";
        const overheard = news(other).some(({ text, alone }) => !alone && sees.test(plain(text)));
        expect([sees.source, overheard]).toEqual([sees.source, everybody]);
      }
    });

    test("a button whose command lacks something asks for just that", async () => {
      if (!talk.hasChannel) return;
      await talk.presses("ann", "Reject");
      await passes();
      await talk.fills("ann", { reason: "outliers in sector 3" });
      await passes();
      const { id, state, reason } = await harness.task("align", "fit", "10");
      expect([state, reason]).toEqual(["failed", "rejected by ann: outliers in sector 3"]);
      expect(talk.seen("eve").map(({ text }) => plain(text))).toContainEqual(
        expect.stringMatching(
          new RegExp(`^ ?Rejected: align/fit of 10 .task ${id}.: rejected by ann|Rejected: align/fit of 10`),
        ),
      );
    });

    test("an unfinished line opens a form, which becomes the line", async () => {
      if (!talk.hasChannel) return;
      const task = (await harness.tasks())[0]?.id;
      await talk.types("ben", "skip");
      await passes();
      await talk.fills("ben", { task: String(task), reason: "no beam then" });
      await passes();
      expect(talk.seen("eve").some(({ text }) => /ben: skip \d+ no beam then/.test(plain(text)))).toBe(true);
      expect((await harness.tasks())[0]?.state).toBe("skipped");
    });
  });
}

async function putIntoStaging({ conditions, root }: Harness): Promise<void> {
  const file = join(root, "t0");
  writeFileSync(file, "one");
  const { hash } = await conditions.keep("t0", file);
  const iovs = [{ type: "t0", payload: hash, from: { major: 3, minor: 0 }, until: null }];
  const tag = { environment: "production", name: "staging" };
  await conditions.change({ tag, change: { kind: "put", iovs }, key: "before", by: "ann", why: null });
}

/** An edited message is news. */
function idOf({ id, text }: Seen): string {
  return `${id} ${text}`;
}

/** Without what a chat makes of it. */
function plain(text: string): string {
  return text.replace(/[*_`|\\]+/g, " ").replace(/\s+/g, " ");
}
