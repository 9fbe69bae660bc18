/** Work that must not overlap is done one after the other, in the order in which it was asked for. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

export function inTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    // Whoever asked for it hears of the failure; the next in line is not stopped by it.
    last = done.catch(() => {});
    return done;
  };
}
