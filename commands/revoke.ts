import { text } from "../src/core/command/args.ts";
import { defineCommand, done, refused } from "../src/core/command/command.ts";
import { type Block, list, plural, say } from "../src/core/say.ts";
import { type Signoff, signoffInWords } from "../src/core/signoff/signoff.ts";
import { type Task, taskInWords } from "../src/core/task/task.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";
import {
  nameOf,
  noSignoff,
  notSigned,
  SIGNOFF_JSON,
  type SignoffRef,
  signoffArg,
  signoffData,
  signoffOf,
} from "./signoff-answers.ts";

/** Results that are named. */
const NAMED = 10;

export const revoke = defineCommand({
  name: "revoke",
  summary: "Take a sign-off back: its task has failed, and what was made from it is stale.",
  allow: "person",
  args: { signoff: signoffArg(), reason: text("REASON", "why it must not be used") },
  options: {},
  examples: ["revoke 1089 the reference run was wrong"],
  json: `${SIGNOFF_JSON.replace(/\}$/, "")}, stale: [{id, workflow, task, group}]}`,
  async preview({ signoff: ref, reason }, context: Context) {
    const { operations } = context;
    const signoff = await newestOf(ref, context);
    if (!operations || signoff?.state !== "approved") return undefined;
    const { downstream, users } = await operations.consequences([signoff.taskId]);
    const touched = [...downstream, ...users];
    return {
      say: [
        say`${signoffInWords(signoff)} would not be signed any more: ${reason}. Its task (${signoff.taskId}) would have failed.`,
        ...staleInWords(touched, "would be"),
      ],
      basis: [
        `${signoff.id}.${signoff.state}.${signoff.attempt}`,
        ...touched.map((task) => `${task.id}.${task.attempt}.${task.state}`),
      ].join(" "),
    };
  },
  async run({ signoff: ref, reason }, context: Context) {
    const { operations, actor } = context;
    if (!operations) return notRunning();
    const of = await signoffOf(ref, context);
    if (!of) return refused([noSignoff(ref)]);
    const revoked = await operations.revoke({ ...of, why: reason }, actor);
    if (!revoked.ok) return revoked.reason === "unknown-signoff" ? refused([noSignoff(ref)]) : notSigned(revoked);
    const { signoff, stale } = revoked;
    const data = stale.map(({ id, workflow, name, groupKey }) => ({ id, workflow, task: name, group: groupKey }));
    return done(
      [
        say`${nameOf(signoff)} is not signed any more, and its task has failed: ${reason}.`,
        ...staleInWords(stale, "is"),
        say`To make it anew: reprocess ${signoff.taskId}; what is stale, once it is signed: reprocess --stale`,
      ],
      { ...signoffData(signoff), stale: data },
    );
  },
});

async function newestOf(ref: SignoffRef, context: Context): Promise<Signoff | undefined> {
  const of = await signoffOf(ref, context);
  if (!of) return undefined;
  return "signoff" in of
    ? (await context.queries.signoffs([of.signoff]))[0]
    : await context.queries.lastSignoffOf(of.task);
}

function staleInWords(stale: readonly Task[], be: "is" | "would be"): Block[] {
  if (stale.length === 0) return [say`Nothing was made from it.`];
  const more = stale.length - NAMED;
  const are = be === "is" && stale.length !== 1 ? "are" : be;
  return [
    say`${plural(stale.length, "result")} made from it ${are} stale:`,
    list([
      ...stale.slice(0, NAMED).map((task) => `task ${task.id}, ${taskInWords(task)}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ]),
  ];
}
