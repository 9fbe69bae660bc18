/** What is asked of a task's result before it may be used, as the configuration declares it. */
import type { Expression } from "../expression/expression.ts";

export type Validation = {
  /** In the order in which they are declared; at least one. */
  readonly thresholds: readonly Threshold[];
  /** The run whose result is `reference`. */
  readonly referenceRun: number | undefined;
  /** So many earlier results are `history`. */
  readonly window: number;
  /** What becomes of a result that has no earlier one to be compared with. */
  readonly first: First;
};

export type First = "ask" | "accept";

export type Threshold = ConditionThreshold | ChannelThreshold;

/** Over `metrics`, `previous`, `reference` and `history`. What neither accepts nor vetoes asks. */
export type ConditionThreshold = {
  readonly kind: "condition";
  readonly name: string;
  /** At least one of the two. */
  readonly accept: Expression | undefined;
  readonly veto: Expression | undefined;
};

/** One test for each of many metrics of one kind, as the limits of CMS' alignment calibrations are applied to each module. */
export type ChannelThreshold = {
  readonly kind: "channels";
  readonly name: string;
  /** How the names of its metrics begin; the rest is the channel. */
  readonly prefix: string;
  /** How the names of their errors begin. */
  readonly error: string | undefined;
  /** `zero` where the metric is the change itself. */
  readonly against: "previous" | "reference" | "zero";
  /** A smaller change needs nobody. */
  readonly act: number;
  /** Neither does a change that is fewer errors than this. */
  readonly significance: number | undefined;
  /** A larger change vetoes, and so does one that counts with a larger error. */
  readonly most: number;
  readonly mostError: number | undefined;
  /** While no more channels ask than this, nobody is asked. */
  readonly mayAsk: number;
};

/** Where nothing else is declared. */
export const WINDOW = 20;
