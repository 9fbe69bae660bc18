/** What the bot's account may do, as far as its roles say. */
import type { Known } from "./connection.ts";
import type { Server } from "./server.ts";

export type Rights = {
  readonly ephemeral: boolean;
  readonly teamAdmin: boolean;
};

export async function mayWhat(server: Server, { teams }: Known): Promise<Rights> {
  const me = await server.getMe();
  const members = await server.getMyTeamMembers();
  const mine = members.filter((member) => teams.some((team) => team.id === member.team_id));
  const system = me.roles.split(" ").filter((role) => role !== "");

  const roles = await server.getRolesByNames(system);
  return {
    ephemeral: roles.some(
      ({ name, permissions }) => system.includes(name) && permissions.includes("create_post_ephemeral"),
    ),
    teamAdmin: mine.every(({ roles: of }) => of.split(" ").includes("team_admin")) || system.includes("system_admin"),
  };
}
