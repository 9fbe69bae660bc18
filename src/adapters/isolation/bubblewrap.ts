/** The options of bubblewrap (`man bwrap`) for what an isolated process may see and do. Later ones lie on top of earlier ones. */
import { between, isBelow } from "./paths.ts";
import { type Places, PRIVATE } from "./places.ts";

export type Mounts = {
  /** Where it starts. */
  readonly directory: string;
  /** What is to be seen of the data directory, by real paths below it. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
};

/** Whom a bot that is root runs isolated processes as: `nobody`, who owns nothing. */
export const NOBODY = 65534;

/** Where the filter of system calls is read from. */
export const FILTER_FD = 3;

/** @param isRoot whether the bot is: then it needs no user namespace, and must not stay what it is */
export function bubblewrapOptions(places: Places, mounts: Mounts, isRoot: boolean): string[] {
  const { root, alias, hidden, kept, onDemand } = places;
  const gone = [...onDemand.points, ...hidden, ...PRIVATE, root];
  // Older versions make directories on the way for nobody but their owner, unless each is asked for.
  const way = (path: string) => {
    const above = gone.filter((place) => place !== path && isBelow(path, place)).sort((a, b) => b.length - a.length);
    return above[0] === undefined ? [] : between(above[0], path).flatMap((step) => ["--dir", step]);
  };
  const bind = (how: "--bind" | "--ro-bind") => (path: string) => [...way(path), how, path, path];
  return [
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...onDemand.points.flatMap((place) => ["--tmpfs", place]),
    ...onDemand.mounted.flatMap(bind("--ro-bind")),
    ...hidden.flatMap((place) => ["--tmpfs", place]),
    ...PRIVATE.flatMap((place) => [...(isRoot ? ["--perms", "1777"] : []), "--tmpfs", place]),
    ...kept.flatMap(bind("--ro-bind")),
    ...[...way(root), "--tmpfs", root],
    ...(alias === undefined ? [] : [...way(alias), "--symlink", root, alias]),
    ...mounts.readable.flatMap(bind("--ro-bind")),
    ...mounts.writable.flatMap(bind("--bind")),
    ...[...onDemand.points, ...hidden, root].flatMap((place) => ["--remount-ro", place]),
    ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    // Of root's rights it needs those to become another user, and with that they are gone.
    ...(isRoot
      ? ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
      : ["--unshare-user-try", "--cap-drop", "ALL"]),
    ...["--seccomp", String(FILTER_FD), "--new-session", "--die-with-parent", "--as-pid-1"],
    ...["--chdir", mounts.directory],
  ];
}

/**
 * What a bot that is root puts before the program, inside. The first process stays root, with no rights but those: what
 * holds its namespaces could not end it otherwise when it ends itself.
 */
export const BECOME_NOBODY = [
  "setpriv",
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  "--clear-groups",
  "--inh-caps=-all",
] as const;
