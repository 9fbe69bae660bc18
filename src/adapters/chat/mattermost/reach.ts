/** Whether the server reaches the bot: it is asked to give the bot's own command, and either that arrives or it does not. */
import type { Known } from "./connection.ts";
import { Refusal, type Server } from "./server.ts";

export type Reached =
  | { readonly state: "reached" }
  | { readonly state: "not reached"; readonly why: string }
  | { readonly state: "cannot be tried"; readonly why: string };

export class Reach {
  #arrivals = 0;

  /** Something arrived that only the server can have sent. */
  reached(): void {
    this.#arrivals += 1;
  }

  async find(server: Server, trigger: string, { teams, self }: Known): Promise<Reached> {
    const [team] = teams;
    if (!team) return { state: "cannot be tried", why: "the bot is in no team" };
    const before = this.#arrivals;
    try {
      const channel = (await server.getMyChannels(team.id)).find(
        ({ type, delete_at }) => type !== "D" && delete_at === 0,
      );
      if (!channel) return { state: "cannot be tried", why: `@${self.username} is in no channel` };
      await server.executeCommand(`/${trigger} help`, { channel_id: channel.id, team_id: team.id });
      if (this.#arrivals > before) return { state: "reached" };
      return { state: "not reached", why: "the command went to somebody else" };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (this.#arrivals > before) return { state: "reached" };
      return error.status === 403 || error.status === 429
        ? { state: "cannot be tried", why: error.message }
        : { state: "not reached", why: error.message };
    }
  }
}
