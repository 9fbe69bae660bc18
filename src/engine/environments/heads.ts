/** Heads of branches that moved since they were last noted: whoever reviews them is told what they would change. */
import { branchOf } from "../../core/environment/environment.ts";
import type { Refs } from "../../ports/config-repository.ts";
import type { Ledger } from "../ledger.ts";

const FACT = "heads";

/** At the first look only those with mirrors are told of: the others have stood there for long. */
export async function noteHeads(ledger: Ledger, refs: Refs, mirrors: readonly string[]): Promise<void> {
  const text = await ledger.ask((loads) => loads.fact(FACT));
  const before = text ? (JSON.parse(text) as Readonly<Record<string, string>>) : undefined;
  const now = Object.fromEntries(
    refs.branches.map((branch) => [branch.name.slice("refs/heads/".length), branch.commit]),
  );
  const mirrored = new Set(mirrors.map(branchOf));
  const moved = Object.keys(now).filter((branch) => (before ? before[branch] !== now[branch] : mirrored.has(branch)));
  if (moved.length === 0 && before && Object.keys(before).length === Object.keys(now).length) return;
  ledger.put("facts", { name: FACT, value: JSON.stringify(now) });
  for (const branch of moved) ledger.wake({ kind: "propose", ref: branch });
}
