/** What an isolated job is shown of the data directory: itself and its inputs. */
import type { Order } from "../../../core/job/order.ts";
import type { View } from "../../isolation/isolation.ts";
import type { AttemptDirectory } from "./attempt-directory.ts";

/** Each is a mount of its own, and a hundred take as long as the rest of it ten times over. */
const MOST_DIRECTORIES = 64;

export function viewOf(order: Order, root: string, files: AttemptDirectory): View {
  return {
    directory: files.work,
    readable: [files.job, ...inputDirectories(order, root), ...constantFiles(order)],
    writable: [files.work, files.out],
    env: order.env,
  };
}

/** Constants were kept by the bot and are read-only: none of these files is a job's. */
function constantFiles({ facts }: Pick<Order, "facts">): string[] {
  return [...new Set(Object.values(facts.conditions).flatMap((list) => list.map((one) => one.path)))];
}

/**
 * Where an order's inputs lie: the whole `out` of each attempt, never a single file or a directory in it. Whatever stands there
 * was made by a job, and could be a link to what nobody should see; `out` itself no job can replace.
 */
export function inputDirectories(order: Pick<Order, "directory" | "facts">, root: string, most = MOST_DIRECTORIES) {
  // Directories of attempts have the same number of steps.
  const depth = order.directory.split("/").length;
  const outs = order.facts.inputs
    .flatMap((input) => input.files)
    .filter((file) => file.startsWith(`${root}/`))
    .map((file) => file.slice(root.length + 1).split("/"))
    .filter((steps) => steps[depth] === "out")
    .map((steps) => steps.slice(0, depth + 1).join("/"));
  return fewer(outs, most).map((directory) => `${root}/${directory}`);
}

/** The directories above them, if they are too many: of their tasks, groups, workflows; at last of their environment. */
function fewer(directories: readonly string[], most: number): string[] {
  const once = [...new Set(directories)];
  const above = once.map((directory) => directory.split("/").slice(0, -1));
  if (once.length <= most || above.some((steps) => steps.length < 2)) return once;
  return fewer(
    above.map((steps) => steps.join("/")),
    most,
  );
}
