import { doubtful, type Finding, good } from "../../core/doctor/finding.ts";

/** What calops is written for, and tested with. */
const MAJOR = 24;

/** @param versions as `process.versions` has them */
export function nodeFinding(versions: { readonly node: string }, calops: string): Finding {
  const about = "versions";
  const found = `calops ${calops} on Node ${versions.node}`;
  const major = Number(versions.node.split(".")[0]);
  if (major === MAJOR) return good(about, found);
  return doubtful(
    about,
    `${found}, and it is tested with Node ${MAJOR}`,
    "start it with npx calops or bin/calops.js, which bring their own Node, and let npm run the install script of the package node",
  );
}
