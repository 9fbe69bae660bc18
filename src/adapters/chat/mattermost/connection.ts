/** What the bot knows of the server and of itself there: found out when it is first needed, and again when it may have changed. */
import { Refusal, type Server } from "./server.ts";

export type Team = { readonly id: string; readonly name: string };

export type Known = {
  readonly self: { readonly id: string; readonly username: string; readonly isBot: boolean };
  readonly teams: readonly Team[];
  /** Teams of the configuration that do not exist, or that the bot is not in. */
  readonly closed: readonly string[];
  readonly version: string;
  readonly siteUrl: string;
  /** Characters that a post may have. */
  readonly longest: number;
  /** The server knows Mattermost Blocks. */
  readonly blocks: boolean;
};

/** What the server takes whatever it is told, and what the oldest databases take. */
const LONGEST = 16_383;
const SHORTEST = 4_000;

export class Connection {
  readonly #server: Server;
  readonly #teams: readonly string[];
  #known: Known | undefined;
  #asking: Promise<Known> | undefined;

  constructor(server: Server, teams: readonly string[]) {
    this.#server = server;
    this.#teams = teams;
  }

  /** Undefined before the server was reached for the first time. */
  get known(): Known | undefined {
    return this.#known;
  }

  async ask(): Promise<Known> {
    return this.#known ?? (await this.refresh());
  }

  /** Rejects with what the server or the network said. */
  async refresh(): Promise<Known> {
    this.#asking ??= this.#find().finally(() => {
      this.#asking = undefined;
    });
    this.#known = await this.#asking;
    return this.#known;
  }

  async #find(): Promise<Known> {
    const me = await this.#server.getMe();
    const config = (await this.#server.getClientConfig()) as unknown as Readonly<Record<string, string>>;
    const found = await Promise.all(this.#teams.map((name) => this.#team(name)));
    const longest = Number(config["MaxPostSize"]);
    return {
      self: { id: me.id, username: me.username, isBot: (me as { is_bot?: boolean }).is_bot === true },
      teams: found.filter((team) => team !== undefined),
      closed: this.#teams.filter((_, index) => found[index] === undefined),
      version: config["Version"] ?? "",
      siteUrl: config["SiteURL"] ?? "",
      longest: longest >= SHORTEST ? Math.min(longest, LONGEST) : LONGEST,
      blocks: knowsBlocks(config),
    };
  }

  async #team(name: string): Promise<Team | undefined> {
    try {
      const { id } = await this.#server.getTeamByName(name);
      const mine = await this.#server.getMyTeams();
      return mine.some((team) => team.id === id) ? { id, name } : undefined;
    } catch (error) {
      if (error instanceof Refusal && (error.status === 404 || error.status === 403)) return undefined;
      throw error;
    }
  }
}

function knowsBlocks(config: Readonly<Record<string, string>>): boolean {
  const [major = 0, minor = 0] = (config["Version"] ?? "").split(".").map(Number);
  return (major > 11 || (major === 11 && minor >= 10)) && config["FeatureFlagMmBlocksEnabled"] === "true";
}
