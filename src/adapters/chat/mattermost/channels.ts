/** Where a message goes: the server's name for what a configuration or a request calls a channel. */
import { ChatError } from "../../../ports/chat.ts";
import type { Known } from "./connection.ts";
import { Refusal, type Server } from "./server.ts";

const REMEMBERED = 1_000;

export class Channels {
  readonly #server: Server;
  readonly #found = new Map<string, string>();

  constructor(server: Server) {
    this.#server = server;
  }

  /** @param channel `#name`, `@ACCOUNT` or `=ID`. Rejects with a `ChatError` where there is none, or none that the bot may see. */
  async idOf(channel: string, known: Known): Promise<string> {
    if (channel.startsWith("=")) return channel.slice(1);
    const before = this.#found.get(channel);
    if (before !== undefined) return before;
    const id = channel.startsWith("@")
      ? (await this.#server.createDirectChannel([known.self.id, channel.slice(1)])).id
      : await this.#byName(channel.replace(/^[#~]/, "").toLowerCase(), known);
    if (this.#found.size >= REMEMBERED) this.#found.clear();
    this.#found.set(channel, id);
    return id;
  }

  /** By what the server calls it, once that is known. */
  nameOf(channel: string): string {
    const id = this.#found.get(channel);
    return id === undefined ? channel : `=${id}`;
  }

  /** It may have been deleted and made anew. */
  forget(channel: string): void {
    this.#found.delete(channel);
  }

  async #byName(name: string, { teams, self }: Known): Promise<string> {
    for (const team of teams) {
      try {
        return (await this.#server.getChannelByName(team.id, encodeURIComponent(name))).id;
      } catch (error) {
        if (!(error instanceof Refusal) || (error.status !== 404 && error.status !== 403)) throw error;
      }
    }
    const where = teams.map((team) => team.name).join(", ") || "a team that the bot is in";
    throw new ChatError(
      `there is no channel ~${name} in ${where} that @${self.username} may see; make it, or invite the bot into it: /invite @${self.username}`,
    );
  }
}
