/**
 * The config repository, looked at with a clone of nothing: whether its remote answers, and whether it would take the branch
 * by which a rollback opens a revert. What the bot has of it is not touched.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bad, doubtful, type Finding, good, told, unknown } from "../../core/doctor/finding.ts";
import { shortRef } from "../../core/environment/environment.ts";
import { plural } from "../../core/say.ts";
import { type Refs, RemoteAway } from "../../ports/config-repository.ts";
import { type Address, addressOf } from "./address.ts";
import { reasonOf } from "./away.ts";
import { openClone } from "./clone.ts";
import { type Git, GitError, localGit, remoteGit } from "./git.ts";
import { isPlain } from "./plain-directory.ts";
import { Remote } from "./remote.ts";

export type RepositoryExamination = {
  readonly source: string;
  readonly env: NodeJS.ProcessEnv;
  readonly token: () => string | undefined;
  readonly timeoutMs?: number;
};

const ABOUT = "the config repository";
/** Less than anybody who looks waits for. */
const TIMEOUT_MS = 8_000;
/** Since then it merges without files. */
const MERGES_SINCE = [2, 38] as const;
const MOST_BYTES = 64_000_000;
/** Never made: it is only asked whether it could be. */
const TRIED = "refs/heads/calops/revert-doctor";

export async function examineRepository(wanted: RepositoryExamination): Promise<Finding[]> {
  let address: Address;
  try {
    address = addressOf(wanted.source);
  } catch (error) {
    const { found, fix } = told((error as Error).message, "write an address or a path behind --config");
    return [bad(ABOUT, found, fix)];
  }
  const clone = await mkdtemp(join(tmpdir(), "calops-doctor-"));
  try {
    const version = await versionFinding(clone, wanted.env);
    if (version.state === "bad") return [version];
    if (address.local && !existsSync(address.source))
      return [
        version,
        bad(ABOUT, `there is nothing at ${address.source}`, "let --config or CALOPS_CONFIG name the repository"),
      ];
    if (address.local && isPlain(address.source)) return [version, directoryFinding(address.source)];
    return [version, ...(await lookAtRemote(clone, address, wanted))];
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

async function versionFinding(directory: string, env: NodeJS.ProcessEnv): Promise<Finding> {
  const about = "git";
  try {
    const version = (await localGit({ directory, env })(["version"])).trim().replace("git version ", "");
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const [wanted, least] = MERGES_SINCE;
    if (major > wanted || (major === wanted && minor >= least)) return good(about, `version ${version}`);
    return doubtful(
      about,
      `version ${version} is too old to open the revert of a rollback`,
      `upgrade git to ${wanted}.${least} or newer`,
    );
  } catch (error) {
    return bad(about, (error as Error).message, "install git on this machine: apt-get install git");
  }
}

function directoryFinding(directory: string): Finding {
  if (existsSync(join(directory, "calops.yaml")))
    return good(
      ABOUT,
      `${directory} is a directory without a history; it is looked at when the bot starts, at SIGHUP and at deploy`,
    );
  return bad(
    ABOUT,
    `${directory} has no calops.yaml`,
    "let --config name a config repository; calops init DIR makes one",
  );
}

async function lookAtRemote(
  clone: string,
  address: Address,
  { env, token, timeoutMs = TIMEOUT_MS }: RepositoryExamination,
): Promise<Finding[]> {
  const local = await openClone({ directory: clone, env });
  const network = remoteGit({ directory: clone, env, address, token, timeoutMs });
  let refs: Refs;
  try {
    refs = await new Remote({ local, network, clone, address, timeoutMs, mostBytes: MOST_BYTES }).refs();
  } catch (error) {
    if (!(error instanceof RemoteAway)) return [unknown(ABOUT, (error as Error).message, "look into the bot's log")];
    const { found, fix } = told(
      error.message,
      "look at the address behind --config, and try git ls-remote with it as the bot's user",
    );
    return [bad(ABOUT, found, fix)];
  }
  const { head, branches, tags } = refs;
  const found = `${address.shown} answers: ${branches.length === 1 ? "1 branch" : `${branches.length} branches`}, ${plural(tags.length, "tag")}, and it stands on ${shortRef(head)}`;
  return [good(ABOUT, found), await pushFinding(local, network, address, timeoutMs)];
}

/** A push that is only tried: the remote asks for the same rights, and nothing is made there. */
async function pushFinding(local: Git, network: Git, address: Address, timeoutMs: number): Promise<Finding> {
  const about = `${ABOUT}: to push a branch`;
  const without = "so whoever rolls back has to take the commit back in git by hand";
  const fix = "give the token or the key of the bot the right to push branches calops/revert-*";
  const tree = (await local(["hash-object", "-t", "tree", "-w", "--stdin"], { input: "" })).trim();
  const commit = (await local(["commit-tree", tree, "-m", "tried"])).trim();
  try {
    await network(["push", "--dry-run", "--porcelain", "--no-verify", "--", address.source, `${commit}:${TRIED}`]);
    return good(
      about,
      "the remote lets calops push, as a rollback wants to; its own rules for branches show only then",
    );
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const { kind, words } = reasonOf(error, timeoutMs, MOST_BYTES);
    const why = told(words, fix);
    return kind === "refused" || kind === "away"
      ? doubtful(about, `it ${why.found}, ${without}`, fix)
      : unknown(about, error.message, fix);
  }
}
