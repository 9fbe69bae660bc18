/** Payloads as they are named on a line. */
import { type Answer, refused } from "../src/core/command/command.ts";
import type { Payload } from "../src/core/conditions/iov.ts";
import { shortHash } from "../src/core/conditions/tag-words.ts";
import { say } from "../src/core/say.ts";
import type { ReadConditions } from "../src/ports/conditions.ts";

/** Shorter beginnings are not looked for. */
const LEAST = 6;

/** By its hash, or by a beginning of it that no other has. */
export async function findPayload(word: string, conditions: ReadConditions): Promise<Payload | Answer> {
  const hash = word.toLowerCase();
  if (!/^[0-9a-f]{1,64}$/.test(hash) || hash.length < LEAST)
    return refused([
      say`"${word}" is no payload. Write its hash, or ${LEAST} of its first digits or more; iov TAG at RUN shows them.`,
    ]);
  const [found, ...others] = await conditions.payloadsLike(hash, 5);
  if (!found) return refused([say`There is no payload ${word}. iov TAG at RUN shows those that are valid for a run.`]);
  if (others.length === 0) return found;
  const all = [found, ...others].map((one) => `${one.type} ${shortHash(one.hash)}`);
  return refused([say`Several payloads begin with ${word}: ${all.join(", ")}. Write more digits.`]);
}
