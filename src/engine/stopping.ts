/** Work that was not decided any more because the bot stops: no mistake, and the next bot finds what it was about. */
export class Stopping extends Error {
  constructor() {
    super("calops is stopping");
    this.name = "Stopping";
  }
}
