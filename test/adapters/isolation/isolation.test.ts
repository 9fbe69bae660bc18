import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openIsolation, withFilter } from "../../../src/adapters/isolation/isolation.ts";
import { placesOf } from "../../../src/adapters/isolation/places.ts";
import { visible } from "./visible.ts";

const PATH = process.env["PATH"] ?? "/usr/bin:/bin";
const missing = ((await openIsolation(tmpdir(), { PATH }).cannot()) ?? "").includes("not installed");
const isRoot = process.getuid?.() === 0;

const nowhere = visible === undefined ? ", which is not tried: there is no place outside the home" : "";

describe.skipIf(nowhere)(`isolation${nowhere}`, () => {
  let base: string;
  const at = (...steps: string[]) => join(base, ...steps);
  beforeEach(() => {
    base = mkdtempSync(join(visible ?? tmpdir(), ".isolation-"));
    chmodSync(base, 0o755);
    for (const name of ["bin", "home", "data"]) mkdirSync(at(name));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const program = (name: string, script: string) =>
    writeFileSync(at("bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const open = (root = at("data"), env: NodeJS.ProcessEnv = {}) =>
    openIsolation(root, { PATH: `${at("bin")}:${PATH}`, HOME: at("home"), ...env });
  const run = async (command: readonly string[], isolation = open(), view = {}) => {
    const [first = "", ...rest] = withFilter(
      isolation.enclose(command, { directory: "/tmp", readable: [], writable: [], env: {}, ...view }),
    );
    const running = promisify(execFile)(first, rest, { env: { PATH } });
    running.child.stdin?.end(isolation.filter);
    return (await running).stdout.trim();
  };

  test("says what to install where bubblewrap is missing, and finds it once it is there", async () => {
    const isolation = openIsolation(at("data"), { PATH: at("bin") });
    expect(await isolation.cannot()).toContain("apt-get install bubblewrap");
    program("bwrap", "exit 0");
    expect(await isolation.cannot()).toBeUndefined();
  });

  test("says why bubblewrap cannot do it, in its words", async () => {
    program("bwrap", "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1");
    expect(await open().cannot()).toMatch(/does not let bwrap .*: bwrap: setting up uid map: Permission denied; docs/);
    program("bwrap", "kill -9 $$");
    expect(await open().cannot()).toMatch(/does not let bwrap/);
  });

  test("is tried out once, when it has succeeded", async () => {
    program("bwrap", `echo tried >> ${at("tried")}`);
    const isolation = open();
    await Promise.all([isolation.cannot(), isolation.cannot()]);
    await isolation.cannot();
    expect(await promisify(execFile)("cat", [at("tried")])).toMatchObject({ stdout: "tried\n" });
  });

  test("is refused to a bot whose home or data would take programs with it", async () => {
    program("bwrap", "exit 0");
    expect(await open(at("data"), { HOME: "/" }).cannot()).toContain("/ is the data directory, the home directory");
    expect(await open("/usr").cannot()).toContain("give the bot a directory of its own");
    expect(await open("/tmp").cannot()).toContain("give the bot a directory of its own");
    expect(await open(at("nowhere")).cannot()).toContain("there is no data directory");
    expect(placesOf(at("data"), { HOME: "/tmp" })).toMatchObject({ root: at("data") });
  });

  test("hides each place once, where it really is", () => {
    symlinkSync(at("home"), at("link"));
    mkdirSync(at("home/inner"));
    const places = placesOf(at("data"), { HOME: at("link"), TMPDIR: at("home/inner") });
    const hidden = typeof places === "string" ? [] : places.hidden;
    expect(hidden.filter((place) => place.startsWith(base))).toEqual([at("home")]);
  });

  describe.skipIf(missing)(missing ? "which is not tried: bubblewrap is not installed" : "for real", () => {
    test("can be done here", async () => {
      expect(await open().cannot()).toBeUndefined();
    });

    test("finds the data directory by a name that is hidden itself", async () => {
      symlinkSync(at("data"), at("home/data"));
      writeFileSync(at("data/file"), "x");
      const view = { directory: at("home/data"), readable: [at("home/data/file")] };
      expect(await run(["sh", "-c", `pwd -P; cat ${at("home/data/file")}; ls ..`], open(at("home/data")), view)).toBe(
        `${at("data")}\nxbin\ndata\nhome`,
      );
    });

    test("shows nothing of the bot's home and temporary directories, however they are reached", async () => {
      mkdirSync(at("elsewhere"));
      writeFileSync(at("elsewhere/key"), "geheim");
      writeFileSync(at("home/key"), "geheim");
      symlinkSync(at("elsewhere"), at("scratch"));
      const isolation = open(at("data"), { TMPDIR: at("scratch") });
      expect(await run(["sh", "-c", `cat ${base}/*/key 2>/dev/null; ls ${base}/scratch/`], isolation)).toBe("");
    });

    test.skipIf(!isRoot)("says that a bot of root keeps its data where nobody else gets to", async () => {
      mkdirSync(at("closed"), { mode: 0o700 });
      mkdirSync(at("closed/data"));
      expect(await open(at("closed/data")).cannot()).toContain(`does not get to ${at("closed/data")}`);
    });

    test("has namespaces of its own, but for the network", async () => {
      const names = ["cgroup", "ipc", "mnt", "net", "pid", "uts"];
      const inside = (await run(["sh", "-c", `cd /proc/self/ns; readlink ${names.join(" ")}`])).split("\n");
      const shared = names.filter((name, index) => inside[index] === readlinkSync(`/proc/self/ns/${name}`));
      expect(inside).toHaveLength(names.length);
      expect(shared).toEqual(["net"]);
    });

    test("gives a process its variables whatever is in them, and leaves its words as they are", async () => {
      const env = { A: "it's $HOME `id`\n", B: ".", C: "" };
      const script = 'printf "%s|" "$A" "$B" "$C" "$@"';
      expect(await run(["sh", "-c", script, "sh", "$(id)", "", "a b"], open(), { env })).toBe(
        "it's $HOME `id`\n|.||$(id)||a b|",
      );
    });

    test("lets a process make processes, threads' memory and files of its own, and nothing else", async () => {
      const script = "touch /dev/shm/x /tmp/x /var/tmp/x && ls /proc | grep -c '^[0-9]'; touch /x /usr/x 2>&1 | wc -l";
      expect(await run(["sh", "-c", script])).toMatch(/^[3-6]\n2$/);
    });
  });
});
