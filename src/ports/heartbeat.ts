/** Whoever tells people when the bot has been silent for too long. */
export interface Heartbeat {
  /** Says that the bot works. Rejects with a reason that does not have the address in it: whoever knows that can say it too. */
  beat(url: string): Promise<void>;
}
