/** Jobs of which nobody knows what they do. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { LocalExecutor } from "../../../src/adapters/executors/local/local.ts";
import { processesWith } from "../../../src/adapters/executors/local/processes.ts";
import { openIsolation } from "../../../src/adapters/isolation/isolation.ts";
import type { InputFacts, Order } from "../../../src/core/job/order.ts";
import type { Sighting } from "../../../src/ports/executor.ts";
import { until } from "../../contracts/executor.ts";
import { anOrder } from "../../contracts/orders.ts";
import { visible } from "../isolation/visible.ts";
import { endIn, localContract, partsOf, sh } from "./local-ground.ts";

const isolated = (key: string, command: readonly string[], more: Partial<Order> = {}) =>
  anOrder(key, command, { isolated: true, ...more });
const inputOf = (files: readonly string[]): InputFacts => ({
  workflow: "w",
  task: "a",
  group: "1",
  attempt: 1,
  iteration: 1,
  role: "part",
  index: 0,
  metrics: {},
  files,
  from: "need",
});
const withInputs = (files: readonly string[]): Pick<Order, "facts"> => ({
  facts: { ...anOrder("", []).facts, inputs: [inputOf(files)] },
});

const missing = await openIsolation(tmpdir(), process.env)
  .cannot()
  .then((why) => why?.includes("not installed") === true);

describe.skipIf(missing)(`isolated${missing ? ", which is not tried: bubblewrap is not installed" : ""}:`, () => {
  localContract("local, with isolated orders", true);

  describe("a job", () => {
    let root: string;
    let executor: LocalExecutor;
    let seen: Sighting[];
    const start = () => {
      executor = new LocalExecutor({ ...partsOf(root), clock: systemClock() });
      executor.onSighting((sightings) => seen.push(...sightings));
    };
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), "calops-isolated-"));
      seen = [];
      start();
    });
    afterEach(async () => {
      await executor.close();
      rmSync(root, { recursive: true, force: true });
    });
    const endOf = (key: string) => endIn(seen, key);
    const at = (...steps: string[]) => join(root, ...steps);
    const logOf = (key: string) => readFileSync(at("jobs", key, "log"), "utf8");
    /** The job has come as far as to say so. */
    const said = (key: string, word: string) =>
      until(() => existsSync(at("jobs", key, "log")) && logOf(key).includes(word));

    test("does its ordinary work: scripts of its checkout, inputs, outputs, /tmp, the network", async () => {
      const server = createServer((_request, response) => response.end("conditions")).listen(0, "127.0.0.1");
      await until(() => server.listening);
      const here = at("checkouts/c0ffee/workflows/w");
      mkdirSync(here, { recursive: true });
      writeFileSync(join(here, "shape.json"), "17");
      const script = `#!/usr/bin/env node
        import { readFileSync, writeFileSync } from "node:fs";
        const facts = JSON.parse(readFileSync(process.env.CALOPS_JOB, "utf8"));
        const inputs = facts.inputs.flatMap((input) => input.files).map((file) => readFileSync(file, "utf8"));
        writeFileSync("/tmp/calops-scratch", process.cwd());
        writeFileSync(process.env.HOME + "/.profile", "");
        const page = await (await fetch(process.argv[2])).text();
        writeFileSync(process.env.CALOPS_OUT + "/metrics.json", JSON.stringify({
          inputs, page, shape: readFileSync(import.meta.dirname + "/shape.json", "utf8"), level: process.env.LEVEL,
          scratch: readFileSync(process.env.TMPDIR + "/calops-scratch", "utf8"), isolated: process.env.CALOPS_ISOLATED,
        }));`;
      writeFileSync(join(here, "fit.mjs"), script, { mode: 0o755 });
      await executor.submit([isolated("first", sh('mkdir "$CALOPS_OUT/sub"; echo made > "$CALOPS_OUT/sub/result"'))]);
      await endOf("first");
      const url = `http://localhost:${(server.address() as AddressInfo).port}`;
      const second = isolated("second", [join(here, "fit.mjs"), url], {
        env: { LEVEL: "3 'of' $five" },
        ...withInputs([at("jobs/first/out/sub/result")]),
      });
      await executor.submit([second]);
      const end = await endOf("second");
      server.close();
      expect([end.exitCode, logOf("second")]).toEqual([0, ""]);
      expect(JSON.parse(readFileSync(at("jobs/second/out/metrics.json"), "utf8"))).toEqual({
        inputs: ["made\n"],
        page: "conditions",
        shape: "17",
        level: "3 'of' $five",
        scratch: at("jobs/second/work"),
        isolated: "1",
      });
      expect(existsSync("/tmp/calops-scratch")).toBe(false);
    });

    test("hears that it is to end, and may end by itself", async () => {
      const order = isolated("asked", sh('trap "echo heard; exit 5" TERM; echo ready; while :; do sleep 0.02; done'));
      await executor.submit([order]);
      await said("asked", "ready");
      await executor.cancel([{ ...order, externalId: null }]);
      expect(await endOf("asked")).toMatchObject({ ended: "cancelled", exitCode: 5 });
      expect(logOf("asked")).toContain("heard");
    });

    test("hears it from a bot that has found it again, too", async () => {
      const order = isolated("found", sh('trap "exit 5" TERM; echo ready; while :; do sleep 0.02; done'));
      await executor.submit([order]);
      await said("found", "ready");
      await executor.close();
      start();
      await executor.cancel([{ ...order, externalId: null }]);
      expect(await endOf("found")).toMatchObject({ ended: "cancelled", exitCode: 5 });
    });

    test("that does not listen is forced, with everything that it started", async () => {
      const stubborn = "trap '' TERM; setsid sh -c \"trap '' TERM; echo ready; sleep 30\" & sleep 30 & wait; sleep 30";
      const order = isolated("stubborn", sh(stubborn));
      await executor.submit([order]);
      await said("stubborn", "ready");
      await executor.cancel([{ ...order, externalId: null }]);
      expect(await endOf("stubborn")).toMatchObject({ ended: "cancelled", exitCode: null, signal: "SIGKILL" });
      await until(() => processesWith("stubborn").length === 0);
    });

    test("that runs longer or writes more than it may is ended", async () => {
      await executor.submit([
        isolated("slow", sh("sleep 30"), { walltimeMs: 400 }),
        isolated("talker", sh("yes"), { logLimit: 100_000 }),
      ]);
      expect(await endOf("slow")).toMatchObject({ ended: "walltime", signal: "SIGTERM" });
      expect(await endOf("talker")).toMatchObject({ ended: "log-limit" });
    });

    test("leaves nothing behind when it ends, not even what has left its group", async () => {
      await executor.submit([isolated("litter", sh("setsid sleep 30 & sleep 30 & exit 0"))]);
      expect(await endOf("litter")).toMatchObject({ exitCode: 0 });
      await until(() => processesWith("litter").length === 0);
    });

    test("is told with its signal, its exit code and the processor time that it took", async () => {
      const busy = "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done";
      await executor.submit([
        isolated("shot", sh("kill -9 $$")),
        isolated("missing", ["./no-such-program"]),
        isolated("busy", sh(`sh -c '${busy}'; ${busy}; exit 75`)),
      ]);
      expect(await endOf("shot")).toMatchObject({ exitCode: 137, signal: "SIGKILL", ended: null });
      expect(await endOf("missing")).toMatchObject({ exitCode: 127 });
      expect(logOf("missing")).toContain("no-such-program");
      const busyEnd = await endOf("busy");
      expect(busyEnd.exitCode).toBe(75);
      expect(busyEnd.cpuMs).toBeGreaterThan(50);
    });

    test("whose shell is killed does not live on", async () => {
      await executor.submit([isolated("orphan", sh("echo ready; sleep 30"))]);
      await said("orphan", "ready");
      process.kill(Number(readFileSync(at("jobs/orphan/claim"), "utf8").split(" ")[0]), "SIGKILL");
      expect(await endOf("orphan")).toMatchObject({ exitCode: null, signal: "SIGKILL" });
      await until(() => processesWith("orphan").length === 0);
    });

    test("whose shell is killed while no bot is there does not live on either", async () => {
      await executor.submit([isolated("alone", sh("echo ready; setsid sleep 30 & sleep 30"))]);
      await said("alone", "ready");
      await executor.close();
      process.kill(Number(readFileSync(at("jobs/alone/claim"), "utf8").split(" ")[0]), "SIGKILL");
      await until(() => processesWith("alone").length === 0);
    });

    test("sees nothing of an earlier one that has been replaced by a link", async () => {
      mkdirSync(at("secrets"));
      writeFileSync(at("secrets/token"), "geheim");
      mkdirSync(at("jobs/trap"), { recursive: true });
      symlinkSync(at("secrets"), at("jobs/trap/out"));
      const file = at("jobs/trap/out/token");
      await executor.submit([isolated("caught", ["cat", file], withInputs([file]))]);
      expect(await endOf("caught")).toMatchObject({ exitCode: 1 });
      expect(logOf("caught")).toContain("No such file");
    });

    test("has its variables for itself: nothing that runs outside gets to see them", async () => {
      const bin = at("checkouts/c0ffee/bin");
      mkdirSync(bin, { recursive: true });
      for (const name of ["bwrap", "setpriv", "sh"])
        writeFileSync(join(bin, name), "#!/bin/sh\necho taken over\n", { mode: 0o755 });
      const order = isolated("variables", ["cat", "/proc/1/cmdline", "-"], {
        env: { PATH: `${bin}:/usr/bin:/bin`, LD_PRELOAD: "/nowhere/evil.so", ENV: "/nowhere/evil.sh" },
      });
      const waiting = isolated("waiting", ["sleep", "30"], { env: order.env });
      await executor.submit([order, waiting]);
      expect(await endOf("variables")).toMatchObject({ exitCode: 0 });
      expect(logOf("variables")).not.toContain("taken over");
      await until(() => existsSync(at("jobs/waiting/claim")));
      const shell = Number(readFileSync(at("jobs/waiting/claim"), "utf8").split(" ")[0]);
      expect(readFileSync(`/proc/${shell}/environ`, "utf8")).not.toContain("evil");
      await executor.cancel([{ ...waiting, externalId: null }]);
      await endOf("waiting");
    });

    test("with more inputs than can be mounted one by one reads them all", async () => {
      const files = Array.from({ length: 150 }, (_, index) => `jobs/e/c/w/g${index % 3}/t.1/${index}/out/result`);
      for (const file of files) {
        mkdirSync(dirname(at(file)), { recursive: true });
        writeFileSync(at(file), "x");
      }
      const order = isolated(
        "many",
        sh('cat "$@" | wc -c; ls -d "$0"/*').concat(at("jobs"), ...files.map((file) => at(file))),
        {
          directory: "jobs/e/c/w/g0/u.1/0",
          ...withInputs(files.map((file) => at(file))),
        },
      );
      mkdirSync(at("jobs/production"), { recursive: true });
      await executor.submit([order]);
      await endOf("many");
      expect(readFileSync(at(order.directory, "log"), "utf8").trim().split("\n")).toEqual(["150", at("jobs/e")]);
    });
  });

  const nowhere = visible === undefined ? ", which is not tried: there is no place outside the home" : "";
  describe.skipIf(nowhere)(`a job that tries everything${nowhere}`, () => {
    const isRoot = process.getuid?.() === 0;
    const ordinary: { uid?: number; gid?: number } = isRoot ? { uid: 47_110, gid: 47_110 } : {};
    const users = [
      ...(isRoot ? ["root"] : []),
      // Root may work where nobody else gets to.
      ...(spawnSync(process.execPath, ["--version"], ordinary).status === 0 ? ["an ordinary user"] : []),
    ];
    let base: string;
    beforeEach(() => {
      base = mkdtempSync(join(visible ?? tmpdir(), ".isolated-"));
      chmodSync(base, 0o755);
    });
    afterEach(() => {
      rmSync(base, { recursive: true, force: true });
    });

    for (const user of users)
      for (const place of ["data", "home/data"])
        test(`finds no secret and changes nothing, of a bot of ${user} with its data in ${place}`, async () => {
          const [left, right] = ["geheim", `${Date.now()}${process.pid}`];
          const since = Math.floor(Date.now() / 1_000) - 1;
          const root = join(base, place);
          const at = (...steps: string[]) => join(root, ...steps);
          const here = at("checkouts/c0ffee/workflows/w");
          const [input, other] = [at("jobs/mirror/0/out/result"), at("jobs/production/0")];
          const put = (file: string, text: string, mode = 0o644) => {
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, text, { mode });
          };
          const secret = `${left}-${right}\n`;
          for (const file of ["secrets/token", "access.json", "calops.sqlite", "config.git/HEAD"])
            put(at(file), secret);
          for (const file of ["out/result", "log", "work/x"]) put(join(other, file), secret);
          for (const file of [".ssh/id", ".netrc"]) put(join(base, "home", file), secret, 0o600);
          put(input, "made\n");
          symlinkSync(at("secrets/token"), join(dirname(input), "link"));
          symlinkSync(at("secrets"), join(dirname(input), "directory"));
          mkdirSync(here, { recursive: true });
          cpSync(join(import.meta.dirname, "attack.sh"), join(here, "attack.sh"));
          symlinkSync(at("secrets/token"), join(here, "link"));
          put(join(base, "kept/file"), "kept\n", 0o666);
          if (user === "root") put(join(base, "kept/root-only"), secret, 0o600);
          mkdirSync(join(base, "home/bin"));
          const someone = user === "root" ? {} : ordinary;
          if (someone.uid !== undefined) execFileSync("chown", ["-R", "-h", `${someone.uid}:${someone.gid}`, base]);
          const node = join(base, "home/bin/node");
          sameFile(process.execPath, node);

          const order = isolated("attack", ["sh", join(here, "attack.sh")], {
            directory: "jobs/mirror/1",
            env: { BASE: base, SINCE: String(since), LEFT: left, RIGHT: right, HERE: here, INPUT: input, OTHER: other },
            ...withInputs([input, join(dirname(input), "link"), join(dirname(input), "directory/token")]),
          });
          const sockets = [join(base, "home/agent.sock"), at("bot.sock")];
          const { stdout } = await promisify(execFile)(
            node,
            [join(import.meta.dirname, "bot-main.ts"), JSON.stringify({ root, order, sockets })],
            { env: { PATH: process.env["PATH"], HOME: join(base, "home"), REGISTRY_TOKEN: secret.trim() }, ...someone },
          );
          const log = readFileSync(at("jobs/mirror/1/log"), "utf8");
          expect(log.split("\n").filter((line) => line.startsWith("LEAK"))).toEqual([]);
          expect(JSON.parse(stdout)).toMatchObject([{ state: "ended", end: { exitCode: 0 } }]);
          expect(readFileSync(at("jobs/mirror/1/out/tried"), "utf8")).toBe(`${node}\n`);
          expect(readFileSync(input, "utf8")).toBe("made\n");
          expect(readFileSync(join(base, "kept/file"), "utf8")).toBe("kept\n");
          // Nobody but the bot gets to what it left there with the setuid bit.
          expect(statSync(at("jobs/mirror/1")).mode & 0o777).toBe(0o700);
        }, 60_000);
  });
});

function sameFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

test("an order that is to be isolated is refused where bubblewrap is missing, and says what to install", async () => {
  const root = mkdtempSync(join(tmpdir(), "calops-isolated-"));
  const executor = new LocalExecutor({ ...partsOf(root, { env: { PATH: root } }), clock: systemClock() });
  const ended = new Promise((resolve) =>
    executor.onSighting((seen) => {
      if (seen.some((one) => one.state === "ended")) resolve(seen.map((one) => one.key));
    }),
  );
  const receipts = await executor.submit([isolated("refused", ["true"]), anOrder("plain", ["true"])]);
  expect(receipts).toEqual([
    { kind: "refused", why: expect.stringMatching(/bubblewrap is not installed.*apt-get install bubblewrap/) },
    { kind: "accepted", externalId: null },
  ]);
  expect(await ended).toEqual(["plain"]);
  expect(existsSync(join(root, "jobs/refused"))).toBe(false);
  await executor.close();
  rmSync(root, { recursive: true, force: true });
});
