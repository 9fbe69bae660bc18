/** Builds the image in a root directory, and runs it the way the hardest of its users does. Called by chroot.sh. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { buildImage, contextOf } from "./dockerfile.ts";
import { joinInside, type Mounts, startInside } from "./inside.ts";

const CHECKOUT = join(import.meta.dirname, "../..");
const [WORK = "", BASE = ""] = process.argv.slice(2);
/** OpenShift gives a container any user id, and the group 0. */
const SOMEBODY = "12345:0";
const PATIENCE_MS = 30_000;

let stages = 0;
const image = await buildImage(readFileSync(join(CHECKOUT, "Dockerfile"), "utf8"), {
  baseRoot,
  context: contextOf(CHECKOUT, join(WORK, "context")),
  outside: outside(),
});

const [base, whole] = [bytesOf(join(WORK, "base")), bytesOf(image.root)];
console.log(
  `   the image holds ${megabytes(whole)}: ${megabytes(base)} of the base, ${megabytes(whole - base)} of its own,`,
);
console.log(`   of which ${megabytes(bytesOf(join(image.root, "calops")))} are calops and its packages`);

// A configuration of somebody else's, that may only be read; one volume; nothing else can be written but /tmp.
const config = join(WORK, "config");
cpSync(join(import.meta.dirname, "tiny-config"), config, { recursive: true });
const git = (...args: string[]) =>
  execFileSync("git", ["-C", config, "-c", "user.name=test", "-c", "user.email=test@localhost", ...args]);
git("init", "--quiet");
git("add", "--all");
git("commit", "--quiet", "--message", "The smallest configuration");
mkdirSync(join(image.root, "config"));
const volume = join(WORK, "volume");
execFileSync("cp", ["-a", join(image.root, "data"), volume]);
assert.deepEqual(image.volumes, ["/data"]);
const mounts: Mounts = [
  'mount --bind "$root" "$root" && mount -o remount,bind,ro "$root"',
  'mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/tmp"',
  `mount --bind "${volume}" "$root/data"`,
  `mount --bind "${config}" "$root/config" && mount -o remount,bind,ro "$root/config"`,
];

const port = await freePort();
const running = {
  ...image,
  user: SOMEBODY,
  env: { ...image.env, CALOPS_CONFIG: "/config", CALOPS_PORT: String(port) },
};
const bot = await startInside(running, [...image.entrypoint, ...image.command], mounts);
const inside = async (...program: string[]) => await joinInside(bot, running, program);
try {
  await until("the bot is healthy", async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok);
  await inside(...image.healthcheck);
  console.log("   it is healthy");

  type Task = { readonly state: string };
  await until("the job is done", async () => {
    const tasks = JSON.parse(await inside("calops", "tasks", "--json")) as Task[];
    return tasks.length === 1 && tasks[0]?.state === "done";
  });
  assert.match(await inside("calops", "logs", "1"), /run 1 by 12345:0/);
  console.log("   a job ran to its end");

  await until("no process is left dead", async () => {
    const states = await inside("sh", "-c", "cat /proc/[0-9]*/stat | sed 's/.*) //' | cut -c1");
    return !states.includes("Z");
  });
  await inside("calops", "backup", "copy.sqlite");
  await inside("calops", "init", "own");
  await inside("calops", "validate", "own");
  await inside("pg_dump", "--version");
  // ssh speaks only for somebody who has a name, as the image's own user does.
  await joinInside(bot, image, ["ssh", "-V"]);
  console.log("   commands work beside it: tasks, logs, backup, init, validate");

  process.kill(bot.pid, "SIGTERM");
  const code = await Promise.race([bot.ended, wait(PATIENCE_MS, "no end", { ref: false })]);
  assert.equal(code, 0, `SIGTERM ended it with ${code}: ${bot.output()}`);
  assert.doesNotMatch(bot.output(), /"level":[45]0/);
  console.log("   SIGTERM ends it with 0");
} catch (error) {
  console.error(bot.output());
  throw error;
} finally {
  if (bot.alive()) process.kill(bot.pid, "SIGKILL");
}

function baseRoot(base: string): string {
  if (base !== BASE) throw new Error(`chroot.sh has made ${BASE}, and the Dockerfile wants ${base}`);
  stages += 1;
  const root = join(WORK, `stage-${stages}`);
  execFileSync("cp", ["-a", join(WORK, "base"), root]);
  return root;
}

/** The registry, its certificates and a proxy, as this machine's own npm has them. */
function outside() {
  const setting = (name: string) => execFileSync("npm", ["config", "get", name], { encoding: "utf8", cwd: "/" }).trim();
  const proxies = Object.entries(process.env).filter(([name]) => /^(https?|no)_proxy$/i.test(name));
  const env: Record<string, string> = {
    ...Object.fromEntries(proxies as [string, string][]),
    npm_config_registry: setting("registry"),
  };
  const certificates = [setting("cafile"), process.env["NODE_EXTRA_CA_CERTS"]].find((file) => file?.startsWith("/"));
  if (certificates === undefined) return { env, mounts: [] };
  const file = "/mnt/certificates.pem";
  const shown = `mount -t tmpfs tmpfs "$root/mnt" && cp "${certificates}" "$root${file}"`;
  return { env: { ...env, npm_config_cafile: file, NODE_EXTRA_CA_CERTS: file }, mounts: [shown] };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let last: unknown;
  while (Date.now() < end) {
    try {
      if (await holds()) return;
    } catch (error) {
      // It may only not be so yet; what it said last is told in the end.
      last = error;
    }
    await wait(100);
  }
  throw new Error(`it never came to this: ${what}`, { cause: last });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function bytesOf(directory: string): number {
  return 1024 * Number(execFileSync("du", ["-sk", directory], { encoding: "utf8" }).split("\t")[0]);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
