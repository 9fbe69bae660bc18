/**
 * The slash command, registered and kept right by the bot itself. What somebody else made is left alone. The server makes a
 * token for each command, and proves by it that a request is its own; it is never written anywhere.
 */
import type { Command } from "@mattermost/types/integrations";
import type { Clock } from "../../../ports/clock.ts";
import type { Known, Team } from "./connection.ts";
import { isSame } from "./proof.ts";
import { Refusal, type Server } from "./server.ts";

export type Registration =
  /** It is there, and leads to us. */
  | { readonly state: "registered"; readonly commandId: string }
  /** The bot may not manage commands; what somebody made by hand may work all the same. */
  | { readonly state: "not allowed" }
  /** Somebody else has a command of this name. */
  | { readonly state: "taken"; readonly by: string | null }
  /** The server has no custom commands at all. */
  | { readonly state: "switched off" };

export type CommandsParts = {
  readonly server: Server;
  readonly trigger: string;
  /** Where the server sends commands to. */
  readonly url: string;
  /** Of a command that was made by hand; null where there is none. */
  readonly givenToken: string | null;
  readonly clock: Clock;
};

const HINT = "help";
const DESCRIPTION = "Ask calops, or tell it what to do. Begin with: help";
/** How often the tokens are read again because one did not fit: whoever guesses must not keep the server busy. */
const READ_AGAIN_MS = 5_000;

export class Commands {
  readonly #parts: CommandsParts;
  /** By team. */
  readonly #tokens = new Map<string, string>();
  readonly #registrations = new Map<string, Registration>();
  #readAt = Number.NEGATIVE_INFINITY;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** By the name of the team. */
  get registrations(): ReadonlyMap<string, Registration> {
    return this.#registrations;
  }

  /** Looks at each team's command, and makes or mends it. Rejects where the server does not answer. */
  async keepRight(known: Known): Promise<void> {
    // One after the other, so that it is not made twice.
    const work = this.#working.then(() => this.#keepAllRight(known));
    this.#working = work.catch(() => undefined);
    await work;
  }

  async #keepAllRight({ teams, self }: Known): Promise<void> {
    for (const team of teams) {
      const { registration, token } = await this.#keepTeamRight(team, self.id);
      this.#registrations.set(team.name, registration);
      if (token === undefined) this.#tokens.delete(team.id);
      else this.#tokens.set(team.id, token);
    }
  }

  /** A request for this team proves by one of these that the server sent it. */
  async isOurs(teamId: string, given: readonly string[], known: Known): Promise<boolean> {
    if (this.#fits(teamId, given)) return true;
    const now = this.#parts.clock.elapsed();
    if (!given.some((token) => token !== "") || now - this.#readAt < READ_AGAIN_MS) return false;
    // Somebody may have made a new token.
    this.#readAt = now;
    await this.keepRight(known);
    return this.#fits(teamId, given);
  }

  #fits(teamId: string, given: readonly string[]): boolean {
    const known = [this.#tokens.get(teamId) ?? "", this.#parts.givenToken ?? ""];
    // All are compared, so that the time tells nothing.
    return known.map((token) => given.map((one) => isSame(one, token)).includes(true)).includes(true);
  }

  async #keepTeamRight(
    team: Team,
    self: string,
  ): Promise<{ readonly registration: Registration; readonly token?: string }> {
    const { server, trigger, url } = this.#parts;
    try {
      const there = await server.getCustomTeamCommands(team.id);
      const named = there.find((command) => command.trigger === trigger);
      if (named && named.creator_id !== self && named.url !== url)
        return { registration: { state: "taken", by: named.creator_id } };
      const mine = named ?? there.find((command) => command.creator_id === self && samePath(command.url, url));
      const command = mine === undefined ? await this.#make(team) : await this.#mend(mine, self);
      return { registration: { state: "registered", commandId: command.id }, token: command.token };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.id === "api.command.duplicate_trigger.app_error") return { registration: { state: "taken", by: null } };
      if (error.status === 501) return { registration: { state: "switched off" } };
      if (error.status === 403 || error.status === 404) return { registration: { state: "not allowed" } };
      throw error;
    }
  }

  async #make(team: Team): Promise<Command> {
    return await this.#parts.server.addCommand({ team_id: team.id, ...this.#wanted() } as Command);
  }

  /** One that somebody made for us by hand is used as it is. */
  async #mend(command: Command, self: string): Promise<Command> {
    const wanted = this.#wanted();
    const right = Object.entries(wanted).every(([key, value]) => command[key as keyof Command] === value);
    if (right || command.creator_id !== self) return command;
    return await this.#parts.server.editCommand({ ...command, ...wanted });
  }

  #wanted() {
    return {
      trigger: this.#parts.trigger,
      url: this.#parts.url,
      method: "P",
      auto_complete: true,
      auto_complete_hint: HINT,
      auto_complete_desc: DESCRIPTION,
      display_name: "calops",
      description: DESCRIPTION,
    } as const;
  }
}

/** A bot that moved has its command still. */
function samePath(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).pathname === new URL(other).pathname;
}
