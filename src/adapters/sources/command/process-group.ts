/** Signals a program and everything that it started and that did not leave its group. */
export function signalGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name);
  } catch {
    // Nothing of it is left, which is all that was wanted.
  }
}
