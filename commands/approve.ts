import { optional, text, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand } from "../src/core/command/command.ts";
import { type Block, say } from "../src/core/say.ts";
import { whoMaySign } from "../src/core/signoff/card.ts";
import type { Signoff } from "../src/core/signoff/signoff.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import {
  nameOf,
  noSignoff,
  SIGNOFF_JSON,
  type SignoffRef,
  signoffData,
  signoffOf,
  signoffsArg,
  whyNot,
} from "./signoff-answers.ts";

export const approve = defineCommand({
  name: "approve",
  summary: "Sign what a task came to: it may be used, and what needs it goes on.",
  allow: "person",
  args: { signoffs: signoffsArg(), reason: optional(text("REASON", "what you have seen, for whoever asks")) },
  options: {
    shown: optional(word("DIGEST", "what you looked at, as its card has it; refused where that has changed")),
  },
  examples: ["approve 1089", "approve 1089 the shift is the new pulser", "approve t0/calibrate@8215,t0/calibrate@8216"],
  json: `[${SIGNOFF_JSON.replace("{", "{ok, refused, ")}]`,
  async run({ signoffs, reason, shown }, context: Context): Promise<Answer> {
    if (!context.operations) return notRunning();
    const given = [];
    for (const ref of signoffs) given.push(await approveOne(ref, { why: reason ?? null, shown }, context));
    return { ok: given.every(({ ok }) => ok), say: given.map((one) => one.say), data: given.map(({ data }) => data) };
  },
});

type Given = { readonly ok: boolean; readonly say: Block; readonly data: unknown };

async function approveOne(
  ref: SignoffRef,
  how: { readonly why: string | null; readonly shown: string | undefined },
  context: Context,
): Promise<Given> {
  const { operations, actor } = context;
  const of = await signoffOf(ref, context);
  const signed = of && (await operations?.approve({ ...of, ...how }, actor));
  if (!signed || (!signed.ok && signed.reason === "unknown-signoff"))
    return { ok: false, say: noSignoff(ref), data: { ok: false, refused: "unknown-signoff" } };
  if (!signed.ok)
    return {
      ok: false,
      say: whyNot(signed),
      data: { ...signoffData(signed.signoff), ok: false, refused: signed.reason },
    };
  return {
    ok: true,
    say: signedInWords(signed.signoff),
    data: { ...signoffData(signed.signoff), ok: true, refused: null },
  };
}

function signedInWords(signoff: Signoff): Block {
  const name = nameOf(signoff);
  return signoff.state === "approved"
    ? say`${name} is signed, and may be used. To take that back: revoke ${signoff.taskId} REASON`
    : say`${name} has your signature; it still waits for ${whoMaySign(signoff)}.`;
}
