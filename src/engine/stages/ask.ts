/**
 * Locks that ask outside. Tasks that ask the same share one question, which is asked on its own rhythm, more rarely while
 * nobody answers. What nobody can answer is unknown, and unknown is closed.
 */
import { compile, isProblem, scope } from "../../core/expression/expression.ts";
import type { AskFact } from "../../core/task/locks.ts";
import type { Question } from "../../ports/things.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** Everything that is needed to ask. */
export type AskSpec = {
  readonly what: string;
  readonly url: string | null;
  readonly run: readonly string[] | null;
  /** Whether the command may be anybody's. */
  readonly isolated: boolean;
  /** An expression over `answer`. */
  readonly open: string;
  readonly everyMs: number;
};

/** What was answered: JSON, or why there is no answer. */
export type OutsideAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string };

const ANSWERS = scope({ answer: "dyn" });
/** A question that is not answered is asked at most this much more rarely. */
const SLOWEST = 16;

/** What is known of a question; a new one is put on the list to be asked. */
export async function askOutside(ledger: Ledger, scene: Scene, taskId: number, spec: AskSpec): Promise<AskFact> {
  const text = JSON.stringify(spec);
  const key = scene.digest(text).slice(0, 24);
  const known = await ledger.ask((loads) => loads.question(key));
  if (known?.state === "open") return { state: "open", detail: known.detail };
  ledger.put("askers", { question: key, taskId });
  if (known) return { state: known.state, detail: known.detail };
  ledger.put("questions", {
    key,
    state: "unknown",
    detail: "not asked yet",
    askedAt: ledger.now,
    failures: 0,
    spec: text,
  });
  ledger.wake({ kind: "ask", ref: key });
  return { state: "unknown", detail: "not asked yet" };
}

/** An answer came, or failed to. */
export async function takeAnswer(ledger: Ledger, key: string, answer: OutsideAnswer): Promise<void> {
  const question = await ledger.ask((loads) => loads.question(key));
  await ledger.transaction.finishErrand({ kind: "ask", ref: key });
  if (!question || question.state === "open") return;
  const spec = JSON.parse(question.spec) as AskSpec;
  const next: Question = { ...question, ...judge(spec, answer, question.failures), askedAt: ledger.now };
  ledger.put("questions", next);
  if (next.state !== "open")
    ledger.wake({ kind: "ask", ref: key }, ledger.now + spec.everyMs * Math.min(SLOWEST, 2 ** next.failures));
  if (next.state === question.state && next.detail === question.detail) return;
  for (const task of await ledger.ask((loads) => loads.askersOf(key))) ledger.wake({ kind: "task", ref: String(task) });
}

function judge(
  spec: AskSpec,
  answer: OutsideAnswer,
  failures: number,
): Pick<Question, "state" | "detail" | "failures"> {
  if (!answer.ok) return { state: "unknown", detail: `no answer: ${answer.why}`, failures: failures + 1 };
  const condition = compile(spec.open, ANSWERS, "bool");
  const verdict = isProblem(condition)
    ? { known: false as const, why: condition.what }
    : condition.ask({ answer: answer.value });
  if (!verdict.known)
    return { state: "unknown", detail: `the answer cannot be judged: ${verdict.why}`, failures: failures + 1 };
  return verdict.value === true
    ? { state: "open", detail: "open", failures: 0 }
    : { state: "closed", detail: `not yet (${spec.open})`, failures: 0 };
}
