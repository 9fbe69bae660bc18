/** Pictures that the jobs have painted, in the thread of the card: whoever signs from a phone sees them without another page. */
import { outputsOf, resultJobs } from "../../core/job/results.ts";
import { type Block, picture, say } from "../../core/say.ts";
import { signoffKey } from "../../core/signoff/card.ts";
import { signoffInWords } from "../../core/signoff/signoff.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Workspace } from "../../ports/workspace.ts";
import type { Ledger } from "../ledger.ts";

/** So many are looked at in a chat; the card has the addresses of others. */
const MOST = 3;
/** What is larger is not for a phone. */
const LARGEST_BYTES = 500_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Read beside the engine's units of work. */
export async function plotsOf(
  queries: Pick<Queries, "signoffs" | "doneAttempts">,
  workspace: Pick<Workspace, "openOutput">,
  ref: string,
): Promise<(ledger: Ledger) => Promise<void>> {
  const [signoff] = await queries.signoffs([Number(ref)]);
  const done = signoff ? await queries.doneAttempts([{ id: signoff.taskId, attempt: signoff.attempt }]) : [];
  const files = resultJobs(done).flatMap(({ attempt }) =>
    outputsOf(attempt).files.flatMap(({ path }) =>
      /\.png$/i.test(path) ? [{ directory: attempt.directory, path }] : [],
    ),
  );
  const blocks: Block[] = [];
  for (const { directory, path } of files) {
    if (blocks.length === MOST) break;
    const png = await small(workspace, directory, path);
    if (png !== undefined) blocks.push(picture(png, path));
  }
  return async (ledger) => {
    await ledger.transaction.finishErrand({ kind: "plots", ref });
    if (!signoff || blocks.length === 0) return;
    const under = signoffKey(signoff);
    for (const { chat, channel } of await ledger.ask((loads) => loads.messages(under)))
      ledger.post(`${under} plots`, `${chat}:${channel}`, [say`${signoffInWords(signoff)}:`, ...blocks], {
        thread: { under },
        over: true,
      });
  };
}

/** In base64; undefined where it is not there, too large, or no picture at all. */
async function small(
  workspace: Pick<Workspace, "openOutput">,
  directory: string,
  path: string,
): Promise<string | undefined> {
  const found = await workspace.openOutput(directory, path);
  if (!found) return undefined;
  if (found.bytes > LARGEST_BYTES) {
    found.stream.destroy();
    return undefined;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of found.stream) chunks.push(Buffer.from(chunk));
  const png = Buffer.concat(chunks);
  return png.subarray(0, PNG.length).equals(PNG) ? png.toString("base64") : undefined;
}
