/** Why a remote did not do what was asked of it, in words that say what to look at; made from what git printed about it. */
import { cleanLine } from "../../core/text/clean.ts";
import { formatDuration } from "../../core/time.ts";
import type { GitError } from "./git.ts";

export type Reason = {
  /** `refused`: it answered, and does not let us. `ours`: nothing is wrong with the remote, but with the clone. */
  readonly kind: "away" | "refused" | "ours";
  readonly words: string;
};

const LOGIN = "check the secret that calops has for it, or the keys of the bot's user, and what they may do there";

/** What git, ssh and curl say, the most telling first. */
const SAID: readonly (readonly [RegExp, Reason])[] = [
  [
    /No space left on device|insufficient permission for adding an object|unable to create temporary file/,
    { kind: "ours", words: "" },
  ],
  [
    /could not read (Username|Password)|terminal prompts disabled|Authentication failed|HTTP Basic: Access denied/,
    { kind: "refused", words: `wants a password or a token, and another one than calops has; ${LOGIN}` },
  ],
  [
    /Permission denied|returned error: 40[13]|[Pp]ermission to .* denied|read[- ]only|not allowed to (push|upload)|You are not allowed|not authori[sz]ed|access denied or repository not exported/,
    { kind: "refused", words: `does not let calops in; ${LOGIN}` },
  ],
  [
    /[Oo]ut of memory/,
    {
      kind: "away",
      words: "sends what would take gigabytes of memory; large files belong elsewhere, and out of its history",
    },
  ],
  [
    /dubious ownership/,
    {
      kind: "away",
      words:
        "belongs to another user of this machine, so git does not read it; if that is right, say so as the bot's user: git config --global --add safe.directory PATH",
    },
  ],
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    {
      kind: "away",
      words: "shows an unknown host key; put its key into known_hosts of the bot's user, if it is the right one",
    },
  ],
  [
    /Could not resolve host|Name or service not known|Temporary failure in name resolution/,
    { kind: "away", words: "has a name that leads nowhere; look at the address and at the network" },
  ],
  [
    /Connection refused|Failed to connect|Couldn't connect|Network is unreachable|No route to host/,
    { kind: "away", words: "refuses connections; look whether it runs" },
  ],
  [/[Tt]imed out|Operation too slow/, { kind: "away", words: "does not answer in time; look whether it runs" }],
  [
    /[Rr]epository .*not found|does not appear to be a git repository|returned error: 404|does not exist|No such file or directory/,
    { kind: "away", words: "has no repository there, or does not show it to calops; look at the address" },
  ],
  [
    /unable to update url base from redirection|returned error: 30\d/,
    { kind: "away", words: "leads on to another address; write that one" },
  ],
  [
    /did not send all necessary objects|not our ref|unadvertised object|missing (blob|tree|commit|object)|unable to (find|read) [0-9a-f]{40}|(?<!pack has )bad object|is corrupt|protocol error|expected .*got/,
    { kind: "away", words: "does not have what it promises; its repository may be damaged (git fsck)" },
  ],
  [
    /inflate|pack (has|is|signature)|index-pack|unpack-objects|early EOF|hung up|unexpected disconnect|invalid pack/,
    { kind: "away", words: "sent something damaged or incomplete; its repository may be damaged (git fsck)" },
  ],
];

/** Said after every failure, whatever it was. */
const SAID_ALWAYS =
  /^(remote:|hint:|warning:|Please make sure |and the repository exists|fatal: Could not read from remote)/;

/** @param mostBytes what one file that git writes may have */
export function reasonOf(error: GitError, timeoutMs: number, mostBytes: number): Reason {
  if (error.ended === "late" || error.ended === "silent")
    return { kind: "away", words: `said nothing for ${formatDuration(timeoutMs)}; look whether it runs` };
  if (/File too large|File size limit|died of signal 25/.test(error.errors) || error.code === 128 + 25)
    return {
      kind: "away",
      words: `sends more than ${Math.round(mostBytes / 1e6)} MB at once; large files belong elsewhere, and out of its history`,
    };
  const told = error.errors.split(/[\r\n]+/).filter((line) => line !== "" && !SAID_ALWAYS.test(line));
  const broken = /error: object ([0-9a-f]+): (\w+): (.*)/.exec(told.join("\n"));
  if (broken)
    return {
      kind: "away",
      words: `sends what git does not accept: ${broken[2]}, ${cleanLine(broken[3] ?? "")} (git fsck shows it there)`,
    };
  const text = told.join("\n");
  const known = SAID.find(([said]) => said.test(text))?.[1];
  const said = told.findLast((line) => /^(fatal|error): /.test(line)) ?? told.at(-1) ?? saidThere(error.errors);
  return known ?? { kind: "away", words: `does not do it: ${cleanLine(said ?? error.message)}` };
}

/** Some hosts say in a frame what is wrong, and git says nothing. */
function saidThere(errors: string): string | undefined {
  return errors.split(/[\r\n]+/).findLast((line) => /^remote: .*[a-z]/i.test(line));
}
