/** Looks at many things side by side, none of them for long. */
import { type Finding, unknown } from "../../core/doctor/finding.ts";
import type { Redact } from "../../core/text/redact.ts";
import { formatDuration } from "../../core/time.ts";

/** One thing that is looked at. It changes nothing. */
export type Look = {
  readonly about: string;
  readonly look: () => Promise<readonly Finding[]> | readonly Finding[];
};

export type Examination = {
  readonly redact: Redact;
  readonly limitMs?: number;
  /** What is still being looked at, each time that something is done with. */
  readonly onProgress?: ((left: readonly string[]) => void) | undefined;
};

const LIMIT_MS = 10_000;

/** In the order of the looks, whichever answered first. What cannot be looked at is a finding as well: it never rejects. */
export async function examineAll(
  looks: readonly Look[],
  { redact, limitMs = LIMIT_MS, onProgress }: Examination,
): Promise<Finding[]> {
  const left = new Set(looks.map(({ about }) => about));
  onProgress?.([...left]);
  const found = await Promise.all(
    looks.map(async (one) => {
      const findings = await within(one, limitMs);
      left.delete(one.about);
      onProgress?.([...left]);
      return findings;
    }),
  );
  return found.flat().map((finding) => ({
    ...finding,
    found: redact(finding.found),
    fix: finding.fix === null ? null : redact(finding.fix),
  }));
}

async function within({ about, look }: Look, limitMs: number): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    const found = `there was no answer within ${formatDuration(limitMs)}`;
    timer = setTimeout(resolve, limitMs, [unknown(about, found, "look whether it runs, and give doctor again")]);
  });
  const looking = async () => await look();
  try {
    return await Promise.race([looking(), late]);
  } catch (error) {
    return [unknown(about, (error as Error).message, "mend what this says, and give doctor again")];
  } finally {
    clearTimeout(timer);
  }
}
