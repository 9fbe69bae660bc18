import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCommandSource } from "../../../src/adapters/sources/command/command.ts";
import { commandOptions } from "../../../src/adapters/sources/command/config.ts";
import { type Program, runProgram } from "../../../src/adapters/sources/command/run-program.ts";
import type { RunSource } from "../../../src/ports/run-source.ts";
import { readAll, runSourceContract } from "../../contracts/run-source.ts";
import { aContext, type TestContext } from "./a-context.ts";
import { aDirectory } from "./a-directory.ts";

const RUNS = Array.from({ length: 1_203 }, (_, index) => ({ run: 8_000 + index }));

const jsonLines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** A program that prints everything, and one that goes on behind its cursor. */
const PRINTS_ALL = "cat runs.jsonl";
const PRINTS_NEW = `tail -n +$(( \${CALOPS_CURSOR:-0} + 1 )) runs.jsonl
echo "{\\"cursor\\": \\"$(wc -l < runs.jsonl)\\"}"`;

for (const [name, text] of Object.entries({ "that prints everything": PRINTS_ALL, "with a cursor": PRINTS_NEW })) {
  runSourceContract(`command, ${name}`, async () => {
    const directory = aDirectory();
    writeFileSync(directory.at("runs.jsonl"), jsonLines(RUNS));
    writeFileSync(directory.at("print.sh"), `#!/bin/sh -e\n${text}\n`);
    chmodSync(directory.at("print.sh"), 0o755);
    const context = aContext(directory.path);
    return {
      open: () => openCommandSource(commandOptions.parse({ run: "./print.sh" }), context),
      records: RUNS,
      fail: async () => renameSync(directory.at("print.sh"), directory.at("away")),
      mend: async () => renameSync(directory.at("away"), directory.at("print.sh")),
      pass: context.clock.pass,
      clean: async () => directory.remove(),
    };
  });
}

describe("the command source", () => {
  let directory: ReturnType<typeof aDirectory>;
  let context: TestContext;
  const opened: RunSource[] = [];
  /** A shell script as a source. */
  const open = (text: string, options: object = {}) => {
    writeFileSync(directory.at("fetch.sh"), `#!/bin/sh\n${text}\n`);
    chmodSync(directory.at("fetch.sh"), 0o755);
    const source = openCommandSource(commandOptions.parse({ run: "./fetch.sh", ...options }), context);
    opened.push(source);
    return source;
  };
  const whyNot = (source: RunSource): Promise<string> =>
    source.read(null).then(
      () => "it was read",
      (error: Error) => error.message,
    );

  beforeEach(() => {
    directory = aDirectory();
    context = aContext(directory.path, {
      env: {
        PATH: process.env["PATH"],
        HOME: "/home/calo",
        LANG: "C",
        TZ: "UTC",
        REGISTRY_TOKEN: "sesame",
        SHELL: "/bin/zsh",
      },
    });
  });
  afterEach(async () => {
    for (const source of opened.splice(0)) await source.close();
    directory.remove();
  });

  test("hands over the cursor that was printed last, and none at first", async () => {
    const source = open(`echo "{\\"seen\\": \\"$CALOPS_CURSOR\\"}"; echo '{"cursor": "after 8215"}'`);
    const { records, cursor } = await source.read(null);
    expect(records).toEqual([{ seen: "" }]);
    expect((await source.read(cursor)).records).toEqual([{ seen: "after 8215" }]);
  });

  test("keeps the cursor when none is printed any more, and has none when none ever was", async () => {
    const { cursor } = await open(`echo '{"cursor": 17}'`).read(null);
    expect(await open(`echo "{\\"run\\": $CALOPS_CURSOR}"`).read(cursor)).toEqual({
      records: [{ run: 17 }],
      cursor,
      more: false,
    });
    expect((await open(`echo '{"run": 1}'`).read(null)).cursor).toBe(null);
  });

  test("takes a cursor only from the last line, which holds nothing else", async () => {
    const { records, cursor } = await open(`echo '{"cursor": "a"}'; echo '{"run": 1, "cursor": "b"}'`).read(null);
    expect(records).toEqual([{ cursor: "a" }, { run: 1, cursor: "b" }]);
    expect(cursor).toBe(null);
  });

  test("runs the program once for all batches of what it printed", async () => {
    writeFileSync(directory.at("runs.jsonl"), jsonLines(RUNS));
    const { readings } = await readAll(open("echo run >> started; cat runs.jsonl"), null, () => {});
    expect(readings.map(({ records }) => records.length)).toEqual([500, 500, 203]);
    expect(readFileSync(directory.at("started"), "utf8")).toBe("run\n");
  });

  test("gives out what is no JSON as unreadable, with the records around it, and a last line without an end", async () => {
    const { records } = await open(`echo Loading...; echo '{"run": 1}'; echo; printf '{"run": 2}'`).read(null);
    expect(records).toEqual([
      { unreadable: "Loading...", file: "./fetch.sh", line: 1, why: expect.stringContaining("not JSON: ") },
      { run: 1 },
      { run: 2 },
    ]);
  });

  test("lets the program see nothing of the bot's environment but what it needs and was given", async () => {
    const source = open("env -0 | tr '\\0' '\\n' > seen", { secrets: { TOKEN: { secret: "REGISTRY_TOKEN" } } });
    await source.read(null);
    const seen = Object.fromEntries(
      readFileSync(directory.at("seen"), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("=")),
    );
    delete seen["PWD"];
    delete seen["_"];
    delete seen["SHLVL"];
    expect(seen).toEqual({
      PATH: expect.stringContaining("/bin"),
      HOME: "/home/calo",
      LANG: "C",
      TZ: "UTC",
      CALOPS_CURSOR: "",
      TOKEN: "Bearer sesame-7f3a9c",
    });
  });

  test("keeps the secrets that it was given out of what it prints", async () => {
    const source = open('echo "using $TOKEN"', { secrets: { TOKEN: { secret: "REGISTRY_TOKEN" } } });
    expect((await source.read(null)).records).toMatchObject([{ unreadable: "using ***" }]);
  });

  describe("rejects, saying what to look at, when the program", () => {
    test("ends with a code that is not 0, whatever it printed", async () => {
      expect(await whyNot(open(`echo '{"run": 1}'; echo first >&2; echo 'no route to registry' >&2; exit 3`))).toBe(
        "./fetch.sh ended with exit code 3: no route to registry",
      );
    });

    test("is ended by a signal", async () => {
      expect(await whyNot(open("kill -SEGV $$"))).toBe(`./fetch.sh was ended by SIGSEGV`);
    });

    test("cannot be started", async () => {
      expect(await whyNot(open("true", { run: ["./nothing.sh"] }))).toBe(`./nothing.sh cannot be started: ENOENT`);
      writeFileSync(directory.at("plain"), "");
      expect(await whyNot(open("true", { run: ["./plain"] }))).toBe(`./plain cannot be started: EACCES`);
    });

    test("repeats its secrets, which are left out", async () => {
      const source = open('echo "cannot log in with $TOKEN (sesame-7f3a9c)" >&2; exit 1', {
        secrets: { TOKEN: { secret: "REGISTRY_TOKEN" } },
      });
      expect(await whyNot(source)).toBe(`./fetch.sh ended with exit code 1: cannot log in with *** (***)`);
    });

    test("prints a cursor that could never be handed back to it", async () => {
      expect(await whyNot(open(`printf '{"cursor": "'; head -c 40000 /dev/zero | tr '\\0' x; echo '"}'`))).toContain(
        "a cursor that no environment variable can hold",
      );
    });

    test("needs a secret that is not set", async () => {
      expect(await whyNot(open("touch started", { secrets: { TOKEN: { secret: "OTHER" } } }))).toBe(
        "the secret OTHER is not set",
      );
      expect(existsSync(directory.at("started"))).toBe(false);
    });

    test("takes too long", async () => {
      expect(await whyNot(open("sleep 60", { timeout: "50ms" }))).toContain("took longer than 50ms");
    });
  });

  test("ends the program when it is closed", async () => {
    const source = open("echo $$ > pid; exec sleep 60");
    const said = whyNot(source);
    const pid = await appears(directory.at("pid"));
    await source.close();
    expect(await said).toContain("was ended: the source is closed");
    await hasGone(pid);
    expect(await whyNot(source)).toContain("was not started: the source is closed");
  });

  describe("ends with a program", () => {
    const run = (text: string, limits: Partial<Program> = {}) =>
      runProgram({
        name: "sh",
        words: ["sh", "-c", text],
        directory: directory.path,
        env: { PATH: "/usr/bin:/bin" },
        timeoutMs: 10_000,
        graceMs: 2_000,
        limitBytes: 1e6,
        closing: new AbortController().signal,
        ...limits,
      });

    test("what it left in the background", async () => {
      expect(await run("sleep 60 & echo $! > pid; echo done")).toBe("done\n");
      await hasGone(await appears(directory.at("pid")));
    });

    test("not the waiting for what left its group and holds its output open", async () => {
      expect(await run("setsid sleep 1.5 & echo done", { graceMs: 50 })).toBe("done\n");
    });

    test("that does not listen, by force, and says so", async () => {
      const text = "trap '' TERM; (trap '' TERM; sleep 60) & echo $! > pid; wait; wait; sleep 60";
      await expect(run(text, { timeoutMs: 200, graceMs: 50 })).rejects.toThrow(
        /^sh took longer than 200ms: .*, and had to be forced to end$/,
      );
      await hasGone(await appears(directory.at("pid")));
    });

    test("that prints without an end", async () => {
      await expect(run("yes", { limitBytes: 2e6 })).rejects.toThrow(
        "sh printed more than 2 MB: let it print only what is new",
      );
    });
  });
});

/** The number in a file, once it is there. */
async function appears(file: string): Promise<number> {
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await after(5);
  return Number(readFileSync(file, "utf8"));
}

/** A process that was killed takes a moment to go. */
async function hasGone(pid: number): Promise<void> {
  while (lives(pid)) await after(5);
}

/** Whether a process runs; one that has ended and waits to be asked how does not. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
