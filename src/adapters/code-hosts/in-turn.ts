/** Does what concerns one thing one after the other; different things do not wait for each other. */
export function inTurn<Thing>(): <T>(thing: Thing, deed: () => Promise<T>) => Promise<T> {
  const last = new Map<Thing, Promise<unknown>>();
  return (thing, deed) => {
    const before = last.get(thing) ?? Promise.resolve();
    // Whether the one before failed is told to whoever asked for it.
    const turn = before.then(deed, deed);
    last.set(thing, turn);
    const leave = () => {
      if (last.get(thing) === turn) last.delete(thing);
    };
    turn.then(leave, leave);
    return turn;
  };
}
