/** Thrown where it shows only inside of a command whose workflow or environment it touches. Nothing was done. */
export class NotAllowed extends Error {
  /** @param why for the one who asked: who may, and where */
  constructor(why: string) {
    super(why);
    this.name = "NotAllowed";
  }
}
