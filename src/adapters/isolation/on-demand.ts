/**
 * File systems that are mounted when somebody asks for them (autofs). One that comes while a process runs does not come
 * read-only, as those are that were there before; so nothing more comes, and what is there already is seen.
 */
import { isBelow } from "./paths.ts";

export type OnDemand = {
  /** Where file systems appear. */
  readonly points: readonly string[];
  /** What has appeared there. */
  readonly mounted: readonly string[];
};

/** Software that nobody can write whatever it is mounted as; jobs could do little without. */
const READ_ONLY = ["/cvmfs"];
/** Isolated processes get others of these. */
const REPLACED = ["/dev", "/proc", "/sys"];

/** @param mountinfo `/proc/self/mountinfo` (`man 5 proc`) */
export function onDemand(mountinfo: string): OnDemand {
  const mounts = mountinfo.split("\n").flatMap((line) => parse(line) ?? []);
  const points = mounts
    .filter(({ type, at }) => type === "autofs" && ![...READ_ONLY, ...REPLACED].some((place) => isBelow(at, place)))
    .map(({ at }) => at);
  const mounted = mounts
    .filter(({ type, at }) => type !== "autofs" && points.some((point) => isBelow(at, point)))
    .map(({ at }) => at);
  return { points: [...new Set(points)], mounted: [...new Set(mounted)] };
}

/** `36 35 98:0 / /data rw,relatime shared:1 - autofs auto.data rw`, spaces in names written as `\040`. */
function parse(line: string): { readonly at: string; readonly type: string } | undefined {
  const [own = "", filesystem = ""] = line.split(" - ");
  const at = own.split(" ")[4];
  const type = filesystem.split(" ")[0];
  if (at === undefined || type === undefined) return undefined;
  return { at: at.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))), type };
}
