/**
 * For which request of a chat something is done. Whatever is committed for one is marked at it in the same unit of work, so
 * that it is known after a crash that it was done, whichever command did it.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export type AskedBy = { readonly request: string; begun: boolean };

const current = new AsyncLocalStorage<AskedBy>();

export function askedBy<T>(asker: AskedBy, work: () => Promise<T>): Promise<T> {
  return current.run(asker, work);
}

export function whoAsked(): AskedBy | undefined {
  return current.getStore();
}
