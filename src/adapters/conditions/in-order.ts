/** One after the other: each is begun once the one before has ended, however it ended. */
export function inOrder(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {
      // Whoever asked for it is told; the next one has nothing to do with it.
    });
    return done;
  };
}
