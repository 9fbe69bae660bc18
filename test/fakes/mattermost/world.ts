/** What a Mattermost server knows: accounts, teams, channels, posts. Names are for tests; the server's own are 26 letters and digits. */
import type { HandClock } from "../hand-clock.ts";

export type User = {
  readonly id: string;
  readonly username: string;
  readonly bot: boolean;
  /** Beyond what everybody may do. */
  systemRoles: string[];
  token: string;
};

export type Team = { readonly id: string; readonly name: string; readonly members: Map<string, string> };

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly type: "O" | "P" | "D";
  readonly team_id: string;
  readonly members: Set<string>;
  last_post_at: number;
};

export type Post = {
  readonly id: string;
  readonly create_at: number;
  update_at: number;
  edit_at: number;
  delete_at: number;
  readonly user_id: string;
  readonly channel_id: string;
  readonly root_id: string;
  message: string;
  readonly type: string;
  props: Record<string, unknown>;
  readonly pending_post_id: string;
  readonly file_ids: readonly string[];
  /** Whose eyes alone it is for; "" for one of the channel. */
  readonly only: string;
};

export type SlashCommand = {
  readonly id: string;
  token: string;
  readonly create_at: number;
  update_at: number;
  readonly delete_at: number;
  readonly creator_id: string;
  readonly team_id: string;
  trigger: string;
  method: string;
  username: string;
  icon_url: string;
  auto_complete: boolean;
  auto_complete_desc: string;
  auto_complete_hint: string;
  display_name: string;
  description: string;
  url: string;
};

export type Settings = {
  version: string;
  siteUrl: string;
  mmBlocks: boolean;
  /** Addresses inside the network that integrations may have: `AllowedUntrustedInternalConnections`. */
  allowedInternal: string[];
  customCommands: boolean;
  /** Seconds after which nobody may edit; -1 for never. */
  editTimeLimit: number;
};

export class World {
  readonly clock: HandClock;
  readonly settings: Settings = {
    version: "11.9.0",
    siteUrl: "",
    mmBlocks: false,
    allowedInternal: ["127.0.0.1", "localhost"],
    customCommands: true,
    editTimeLimit: -1,
  };
  readonly users: User[] = [];
  readonly teams: Team[] = [];
  readonly channels: Channel[] = [];
  readonly posts: Post[] = [];
  readonly commands: SlashCommand[] = [];
  readonly files: { id: string; channel_id: string; name: string; size: number }[] = [];
  /** What the real server would take, or not say, and a bot must not rely on. */
  readonly complaints: string[] = [];
  onPost: (post: Post) => void = () => {};
  #ids = 0;

  constructor(clock: HandClock) {
    this.clock = clock;
  }

  id(): string {
    this.#ids += 1;
    return `m${this.#ids.toString(36)}`.padEnd(26, "x");
  }

  user(username: string): User {
    return required(
      this.users.find((one) => one.username === username),
      `no account @${username}`,
    );
  }

  team(name: string): Team {
    return required(
      this.teams.find((one) => one.name === name),
      `no team ${name}`,
    );
  }

  /** `#name`, or `@other` for the conversation that somebody has with another account. */
  channel(name: string, user?: string): Channel {
    if (name.startsWith("@")) return this.direct(this.user(user ?? "").id, this.user(name.slice(1)).id);
    return required(
      this.channels.find((one) => one.name === name.replace(/^#/, "") || one.id === name),
      `no channel ${name}`,
    );
  }

  direct(one: string, other: string): Channel {
    const name = [one, other].sort().join("__");
    const there = this.channels.find((channel) => channel.name === name);
    if (there) return there;
    const made: Channel = {
      id: this.id(),
      name,
      type: "D",
      team_id: "",
      members: new Set([one, other]),
      last_post_at: 0,
    };
    this.channels.push(made);
    return made;
  }

  addUser(username: string, { bot = false, team }: { bot?: boolean; team?: string } = {}): User {
    const user: User = { id: this.id(), username, bot, systemRoles: [], token: this.id() };
    this.users.push(user);
    if (team !== undefined) this.team(team).members.set(user.id, "team_user");
    return user;
  }

  addTeam(name: string): Team {
    const team: Team = { id: this.id(), name, members: new Map() };
    this.teams.push(team);
    return team;
  }

  addChannel(name: string, of: { team: string; members: readonly string[]; private?: boolean }): Channel {
    const channel: Channel = {
      id: this.id(),
      name,
      type: of.private ? "P" : "O",
      team_id: this.team(of.team).id,
      members: new Set(of.members.map((member) => this.user(member).id)),
      last_post_at: 0,
    };
    this.channels.push(channel);
    return channel;
  }

  add(of: {
    user_id: string;
    channel_id: string;
    message: string;
    root_id?: string;
    props?: Record<string, unknown>;
    pending_post_id?: string;
    file_ids?: readonly string[];
    only?: string;
  }): Post {
    const now = this.clock.now();
    const post: Post = {
      root_id: "",
      props: {},
      pending_post_id: "",
      file_ids: [],
      only: "",
      ...of,
      id: this.id(),
      create_at: now,
      update_at: now,
      edit_at: 0,
      delete_at: 0,
      type: of.only ? "system_ephemeral" : "",
    };
    if (this.users.find(({ id }) => id === of.user_id)?.bot) post.props = { ...post.props, from_bot: "true" };
    this.posts.push(post);
    if (!of.only) {
      required(
        this.channels.find(({ id }) => id === post.channel_id),
        "no channel",
      ).last_post_at = now;
      this.onPost(post);
    }
    return post;
  }

  teamRoles(team: string, user: string): string[] {
    return (this.teams.find(({ id }) => id === team)?.members.get(user) ?? "").split(" ").filter((role) => role !== "");
  }

  isSystemAdmin(user: User): boolean {
    return user.systemRoles.includes("system_admin");
  }

  mayManageCommands(team: string, user: User): boolean {
    return this.teamRoles(team, user.id).includes("team_admin") || this.isSystemAdmin(user);
  }

  mayBeEphemeral(user: User): boolean {
    return this.isSystemAdmin(user) || user.systemRoles.includes("ephemeral_bot");
  }
}

export function required<T>(value: T | undefined, why: string): T {
  if (value === undefined) throw new Error(why);
  return value;
}
