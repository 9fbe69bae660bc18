/** Who said what to a sign-off, in the thread of its card. Each is told once, under its key. */
import type { Detail } from "../message.ts";
import { say } from "../say.ts";
import type { Signoff } from "./signoff.ts";

export function signoffDetails(key: string, { votes, steps, state, reason }: Signoff): Detail[] {
  const told = votes.map(({ by, step, vote, why, at }) => {
    const role = steps.length > 1 && vote === "approve" ? ` (${steps[step]?.role})` : "";
    const because = why === null ? "" : `: ${why}`;
    return {
      key: `${key} ${by} ${vote} ${at}`,
      blocks: [say`${by} ${vote === "approve" ? "signed" : "rejected"} it${role}${because}`],
    };
  });
  if (state !== "revoked") return told;
  return [...told, { key: `${key} revoked`, blocks: [say`It was revoked: ${reason}`] }];
}
