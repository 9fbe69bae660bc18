/** Marks what leaves and comes back, so that only calops can have made it. What is in it can be read by whoever has it. */
export interface Seal {
  seal(content: unknown): string;
  /** Undefined for what was not made by `seal`, or not for this. */
  open(sealed: string): unknown;
}
