/** What a code host finds around it, beside its options. */
export type HostContext = {
  /** The value of a secret; throws, naming it, when it is not set. Asked for each time, so that it may be changed. */
  readonly secret: (name: string) => string;
  /** How long one answer may take; 15 s where it is left out. */
  readonly timeoutMs?: number;
};
