/**
 * What is hidden from an isolated process, and what it gets back of that. All paths are real ones: a place is hidden where it
 * is, not where a link says.
 */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { type OnDemand, onDemand } from "./on-demand.ts";
import { isBelow } from "./paths.ts";

export type Places = {
  /** The data directory. Of it only what a view names is to be seen. */
  readonly root: string;
  /** How it is called by the bot, where that name is a link which is hidden too. */
  readonly alias: string | undefined;
  /** Directories of which nothing is to be seen; none lies in another. */
  readonly hidden: readonly string[];
  /** What lies in those and is to be seen nevertheless: directories and files. */
  readonly kept: readonly string[];
  readonly onDemand: OnDemand;
};

/** Each isolated process has its own of these, empty, and may write there. */
export const PRIVATE = ["/tmp", "/var/tmp", "/dev/shm"];

/** What people and services keep for themselves: keys, mail, sockets by which a service can be asked for something. */
const HIDDEN = ["/home", "/root", "/run", "/var/lib", "/var/log", "/var/mail", "/var/spool", "/etc/calops"];

/** What programs need of it: names of users and hosts, certificates, formats of TeX. */
const KEPT = ["/run/nscd", "/var/lib/sss", "/var/lib/ca-certificates", "/var/lib/texmf"];

/** Where one of these would be hidden, nothing could run any more. */
const NEEDED = ["/usr/bin", "/usr/sbin", "/usr/lib", "/bin", "/sbin", "/lib", "/etc", "/dev", "/proc", ...PRIVATE];

/** @returns in words, why nothing can be hidden here */
export function placesOf(root: string, env: NodeJS.ProcessEnv): Places | string {
  const real = realOf(root);
  if (real === undefined) return `there is no data directory ${root}`;
  const secret = [...HIDDEN, ...homes(env), env["TMPDIR"]].flatMap((place) => directoryAt(place) ?? []);
  const vital = [real, ...secret.filter((place) => !PRIVATE.includes(place))].find(isNeeded);
  if (vital !== undefined)
    return `${vital} is the data directory, the home directory or TMPDIR of the bot, which would have to be hidden, but programs need it; give the bot a directory of its own`;
  const hidden = outermost(secret.filter((place) => !isIn(place, [real, ...PRIVATE])));
  return {
    root: real,
    alias: root !== real && isIn(root, [...hidden, ...PRIVATE]) ? root : undefined,
    hidden,
    kept: kept([...hidden, ...PRIVATE, real]),
    onDemand: onDemand(readFileSync("/proc/self/mountinfo", "utf8")),
  };
}

/** ssh goes by what the system knows of the user, most others by HOME. */
function homes(env: NodeJS.ProcessEnv): (string | undefined)[] {
  try {
    return [env["HOME"], userInfo().homedir];
  } catch {
    // The system knows no user of this number.
    return [env["HOME"]];
  }
}

function kept(gone: readonly string[]): string[] {
  const names = realOf("/etc/resolv.conf");
  // It is replaced as a whole when the network changes, so that its directory is what has to be seen.
  const resolver = names !== undefined && !gone.includes(dirname(names)) ? dirname(names) : names;
  return [...KEPT, resolver, process.execPath]
    .flatMap((place) => realOf(place) ?? [])
    .filter((place) => isIn(place, gone));
}

function isNeeded(place: string): boolean {
  return NEEDED.some((one) => isBelow(one, place));
}

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => isBelow(path, place));
}

function outermost(places: readonly string[]): string[] {
  const once = [...new Set(places)];
  return once.filter((place) => !once.some((other) => other !== place && isBelow(place, other)));
}

function directoryAt(place: string | undefined): string | undefined {
  const real = realOf(place);
  return real !== undefined && statSync(real, { throwIfNoEntry: false })?.isDirectory() ? real : undefined;
}

/** Undefined where nothing is. */
export function realOf(place: string | undefined): string | undefined {
  try {
    return place ? realpathSync(place) : undefined;
  } catch {
    return undefined;
  }
}
