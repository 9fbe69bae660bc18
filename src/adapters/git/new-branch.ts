/** A branch that calops makes at the remote. One of that name that is there already stays as it is. */
import { cleanLine } from "../../core/text/clean.ts";
import { CannotPropose, RemoteAway } from "../../ports/config-repository.ts";
import { reasonOf } from "./away.ts";
import { GitError } from "./git.ts";
import { type RemoteParts, whileItGoesOn } from "./remote.ts";
import { isRefName } from "./remote-refs.ts";

export function refOfBranch(branch: string): string {
  const name = `refs/heads/${branch}`;
  if (!isRefName(name)) throw new Error(`${JSON.stringify(branch)} is no name of a branch`);
  return name;
}

/**
 * @param branch its short name
 * @param byHand how a person does it, where the remote takes no branch from us: `CannotPropose`
 */
export async function pushBranch(
  parts: RemoteParts,
  { branch, commit, byHand }: { readonly branch: string; readonly commit: string; readonly byHand: string },
): Promise<void> {
  const { network, address } = parts;
  const name = refOfBranch(branch);
  const flags = ["--porcelain", "--progress", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"];
  // The branch must not be there: it is never moved.
  const lease = `--force-with-lease=${name}:`;
  const words = ["push", ...flags, "--no-signed", lease, "--", address.source, `${commit}:${name}`];
  try {
    await network(words, whileItGoesOn(parts.timeoutMs));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const said = /^!\t\S+\t\[(?:remote )?rejected\] \((.*)\)/m.exec(error.output)?.[1];
    if (said !== undefined && isThere(said, error.errors)) return;
    const { kind, words: reason } = reasonOf(error, parts.timeoutMs, parts.mostBytes);
    if (said !== undefined || kind === "refused")
      throw new CannotPropose(
        `${address.shown} ${said === undefined ? reason : `takes no branch from calops: ${cleanLine(said)}`}; ${byHand}`,
        error,
      );
    throw kind === "ours" ? error : new RemoteAway(`${address.shown} ${reason}`, error);
  }
}

/** Made before this bot died, or by somebody who was quicker; if that was a moment ago, only the words of the remote tell. */
function isThere(said: string, errors: string): boolean {
  if (said === "failed to update ref")
    return /^remote: error: cannot lock ref .*: reference already exists/m.test(errors);
  return /stale info|already exists/.test(said);
}
