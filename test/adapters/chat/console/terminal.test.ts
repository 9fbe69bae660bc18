import { once } from "node:events";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Channel, openChannel } from "../../../../src/adapters/chat/console/channel.ts";
import { openTerminal } from "../../../../src/adapters/chat/console/terminal.ts";
import { text as textArg } from "../../../../src/core/command/args.ts";
import { type Command, defineCommand, done, refused } from "../../../../src/core/command/command.ts";
import { say } from "../../../../src/core/say.ts";
import { commandDesk } from "../../../../src/engine/talk/command-desk.ts";
import { handClock } from "../../../fakes/hand-clock.ts";
import { aDirectory } from "../../sources/a-directory.ts";

const about = { allow: "anyone", summary: "", examples: [], json: "" } as const;
const COMMANDS: readonly Command<unknown>[] = [
  defineCommand({
    ...about,
    name: "echo",
    args: { words: textArg("WORDS", "") },
    options: {},
    run: async ({ words }) => done([say`You said ${words}.`], { words }),
  }),
  defineCommand({
    ...about,
    name: "refuse",
    args: {},
    options: {},
    run: async () => refused([say`No. Type echo instead.`]),
  }),
  defineCommand({
    ...about,
    name: "logs",
    args: {},
    options: {},
    run: async () => ({ ...done([say`The log:`], null), follow: { job: 1, attempt: 1, from: 0 } }),
  }),
];

let directory: ReturnType<typeof aDirectory>;
let channel: Channel;
let input: PassThrough & { isTTY?: boolean };
let output: PassThrough & { isTTY?: boolean; columns?: number };
let shown: string;
let left: boolean;
let close: () => void;
/** The log that `logs` follows. */
let log: AsyncIterable<string>;

beforeEach(() => {
  directory = aDirectory();
  channel = openChannel(directory.at("channel.jsonl"), clock);
  input = new PassThrough();
  output = Object.assign(new PassThrough(), { columns: 80 });
  shown = "";
  left = false;
  output.on("data", (chunk) => {
    shown += chunk;
  });
});
afterEach(() => {
  close();
  directory.remove();
});

const clock = handClock();

function open({ interactive }: { interactive: boolean }) {
  input.isTTY = interactive;
  output.isTTY = interactive;
  const terminal = openTerminal({
    input,
    output,
    channel,
    desk: commandDesk({
      commands: COMMANDS,
      contextFor: () => undefined,
      knows: async () => false,
      remember: async () => {},
      now: () => 0,
      log: { info: () => {}, warn: () => {}, error: () => {} },
    }),
    actor: { id: "ann", roles: [], owner: true, via: "terminal" },
    clock,
    follow: async (_log, print, stopped) => {
      for await (const text of log) {
        if (stopped()) return;
        print(text);
      }
    },
    onLeave: () => {
      left = true;
      output.emit("data", "");
    },
  });
  close = terminal.close;
  return terminal;
}

/** Resolves once it is on the screen. */
async function sees(text: string): Promise<void> {
  while (!shown.includes(text)) await once(output, "data");
}

const PLAIN = { remoteRef: null, thread: null, unsure: false, place: null };

const deliver = (text: string, edition = 1) =>
  channel.deliver({ key: "alert 1", channel: "#timing", edition, blocks: [say`${text}`], ...PLAIN });

test("a detail is shown with what it is a detail of", async () => {
  open({ interactive: false });
  await channel.deliver({
    key: "plan",
    channel: "#timing",
    edition: 1,
    blocks: [say`nothing changes`],
    ...PLAIN,
    thread: "deployment 1",
  });
  await sees("nothing changes");
  expect(shown).toContain("#timing, of deployment 1\n  nothing changes");
});

describe("a terminal", () => {
  test("answers what is typed, as in chat", async () => {
    open({ interactive: false });
    input.write("echo hello\n/calops echo again\n\nrefuse\necoh\n");
    await sees("ecoh");
    expect(shown.split("\n")).toEqual([
      "You said hello.",
      "You said again.",
      "No. Type echo instead.",
      'There is no command "ecoh": did you mean echo? help lists all.',
      "",
    ]);
  });

  test("gives data where it is asked for", async () => {
    open({ interactive: false });
    input.write('echo "a\u009b2Jb" --json\nrefuse --json\n');
    await sees("instead");
    expect(shown).toBe('{\n "words": "a\\u009b2Jb"\n}\nNo. Type echo instead.\n');
  });

  test("shows messages as they come, each with its time and channel, and says which were updated", async () => {
    open({ interactive: false });
    await deliver("1 task failed\u001b[2J");
    await deliver("2 tasks failed", 2);
    await sees("2 tasks");
    expect(shown.split("\n").map((line) => line.replace(/^\d\d:\d\d:\d\d/, "TIME"))).toEqual([
      "TIME #timing",
      "  1 task failed",
      "TIME #timing (edited)",
      "  2 tasks failed",
      "",
    ]);
  });

  test("at which a person sits shows what came before, and its prompt again below what comes", async () => {
    await deliver("earlier");
    await deliver("earlier, changed", 2);
    open({ interactive: true });
    await sees("calops> ");
    expect(shown).toContain("Earlier in the channel:");
    expect(shown).toContain("  earlier, changed\n");
    expect(shown).not.toContain("  earlier\n");
    shown = "";
    await deliver("now", 3);
    await sees("now\n");
    await sees("calops> ");
    expect(shown.lastIndexOf("calops> ")).toBeGreaterThan(shown.indexOf("now"));
  });

  test.each(["exit\r", "quit\r", "\u0004"])("is left by %j", async (typed) => {
    open({ interactive: true });
    input.write(typed);
    while (!left) await once(output, "data");
    expect(left).toBe(true);
  });

  test("whose input has ended still shows what comes, where no person sits at it", async () => {
    open({ interactive: false });
    input.end("echo hello\n");
    await sees("hello");
    await deliver("later");
    await sees("later");
    expect(left).toBe(false);
  });

  test("shows a log as it grows, without what a terminal would obey", async () => {
    log = (async function* () {
      yield "one\n\u001b[3";
      yield "1mred\u001b[0m\n";
      yield "\u001b]0;title\u0007end";
    })();
    open({ interactive: false });
    input.write("logs\necho done\n");
    await sees("said");
    expect(shown.split("\n")).toEqual([
      "The log:",
      "(it goes on as it grows; Enter stops)",
      "one",
      "red",
      "end",
      "You said done.",
      "",
    ]);
  });

  test("stops to show a log when Enter is pressed, and takes the next line as a command", async () => {
    log = (async function* () {
      for (;;) {
        yield "tick\n";
        await new Promise(setImmediate);
      }
    })();
    open({ interactive: false });
    input.write("logs\n");
    await sees("tick");
    input.write("\n");
    input.write("echo done\n");
    await sees("You said done.");
  });
});
