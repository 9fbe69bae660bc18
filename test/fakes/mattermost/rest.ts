/** The server's API, as far as a bot needs it. Anything else that it is asked is a complaint. */
import { strangeIn, wrongDialog, wrongIn } from "./checks.ts";
import type { Integrations } from "./integrations.ts";
import { type Reply, refuse } from "./reply.ts";
import { clientPost } from "./sockets.ts";
import type { Post, SlashCommand, User, World } from "./world.ts";

export type Asked = {
  readonly method: string;
  /** Under the address of the server, without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  /** JSON, or the parts of a form. */
  readonly body: Readonly<Record<string, unknown>>;
};

const ok = (body: unknown, status = 200): Reply => ({ status, body });

const forbidden = refuse(403, "api.context.permissions.app_error", "You do not have the appropriate permissions.");
const PENDING_MS = 30_000;
const POST_FIELDS = ["channel_id", "message", "root_id", "file_ids", "props", "pending_post_id", "metadata"];

type Handler = (of: {
  readonly asked: Asked;
  readonly me: User;
  readonly ids: readonly string[];
}) => Reply | Promise<Reply>;

export function restOf(world: World, integrations: Integrations): (asked: Asked) => Promise<Reply> {
  const complain = (what: string): Reply => {
    world.complaints.push(what);
    return refuse(400, "complaint", what);
  };
  const channelOf = (id: unknown) => world.channels.find((one) => one.id === id);
  const inTeam = (user: User) => world.teams.filter(({ members }) => members.has(user.id));

  const createPost: Handler = ({ asked: { body }, me }) => {
    const strange = strangeIn(body, POST_FIELDS);
    if (strange) return complain(`POST /posts: ${strange}`);
    const pending = String(body["pending_post_id"] ?? "");
    const channel = channelOf(body["channel_id"]);
    if (!channel?.members.has(me.id)) return forbidden;
    const twin = world.posts.find(
      (one) => one.pending_post_id === pending && world.clock.now() - one.create_at < PENDING_MS,
    );
    if (pending !== "" && twin) {
      if (twin.delete_at > 0) return refuse(404, "app.post.get.app_error");
      return ok(clientPost(twin), 201);
    }
    const wrong =
      wrongIn(body) ??
      (body["message"] === "" && !hasMore(body) ? { id: "model.post.is_valid.empty", message: "empty" } : undefined);
    if (wrong) return refuse(400, wrong.id, wrong.message);
    const root = String(body["root_id"] ?? "");
    const parent = world.posts.find(({ id }) => id === root);
    if (
      root !== "" &&
      (!parent || parent.delete_at > 0 || parent.only || parent.channel_id !== channel.id || parent.root_id !== "")
    )
      return refuse(400, "api.post.create_post.root_id.app_error", "Invalid RootId parameter.");
    const files = (body["file_ids"] ?? []) as string[];
    if (files.some((id) => !world.files.some((file) => file.id === id && file.channel_id === channel.id)))
      return refuse(400, "api.post.create_post.files.app_error");
    const post = world.add({
      user_id: me.id,
      channel_id: channel.id,
      message: String(body["message"]),
      root_id: root,
      props: { ...(body["props"] as Record<string, unknown>) },
      pending_post_id: pending,
      file_ids: files,
    });
    return ok(clientPost(post), 201);
  };

  const patchPost: Handler = ({ asked: { body }, me, ids: [id] }) => {
    const strange = strangeIn(body, ["id", "message", "props", "file_ids", "is_pinned", "has_reactions"]);
    if (strange) return complain(`PUT /posts/${id}/patch: ${strange}`);
    const post = world.posts.find((one) => one.id === id && one.delete_at === 0 && !one.only);
    // The server does not say whether it is there.
    if (!post || post.user_id !== me.id || !channelOf(post.channel_id)?.members.has(me.id)) return forbidden;
    const { editTimeLimit } = world.settings;
    if (editTimeLimit >= 0 && world.clock.now() > post.create_at + editTimeLimit * 1_000)
      return refuse(400, "api.post.update_post.permissions_time_limit.app_error");
    const wrong = wrongIn(body);
    if (wrong) return refuse(400, wrong.id, wrong.message);
    if (body["message"] !== undefined) post.message = String(body["message"]);
    if (body["props"] !== undefined)
      post.props = { ...(body["props"] as Record<string, unknown>), ...(me.bot && { from_bot: "true" }) };
    post.update_at = world.clock.now();
    post.edit_at = world.clock.now();
    return ok(clientPost(post));
  };

  const ephemeral: Handler = ({ asked: { body }, me }) => {
    const strange =
      strangeIn(body, ["user_id", "post"]) ?? strangeIn(body["post"] as Record<string, unknown>, POST_FIELDS);
    if (strange) return complain(`POST /posts/ephemeral: ${strange}`);
    if (!world.mayBeEphemeral(me)) return forbidden;
    const given = body["post"] as Record<string, unknown>;
    const wrong = wrongIn(given);
    if (wrong) return refuse(400, wrong.id, wrong.message);
    if (!channelOf(given["channel_id"])) return refuse(404, "app.channel.get.existing.app_error");
    const post = world.add({
      user_id: me.id,
      channel_id: String(given["channel_id"]),
      root_id: String(given["root_id"] ?? ""),
      message: String(given["message"]),
      props: (given["props"] ?? {}) as Record<string, unknown>,
      only: String(body["user_id"]),
    });
    return ok(clientPost(post), 201);
  };

  const listOf = (posts: readonly Post[]) => ({
    order: posts.map(({ id }) => id),
    posts: Object.fromEntries(posts.map((post) => [post.id, clientPost(post)])),
    next_post_id: "",
    prev_post_id: "",
    first_inaccessible_post_time: 0,
  });

  const channelPosts: Handler = ({ asked: { query }, me, ids: [id] }) => {
    if (!channelOf(id)?.members.has(me.id)) return forbidden;
    const all = world.posts.filter((post) => post.channel_id === id && !post.only).toReversed();
    const since = Number(query.get("since"));
    if (since > 0) return ok(listOf(all.filter((post) => post.update_at > since)));
    const page = Number(query.get("page") ?? 0);
    const size = Number(query.get("per_page") ?? 60);
    return ok(listOf(all.filter((post) => post.delete_at === 0).slice(page * size, (page + 1) * size)));
  };

  const thread: Handler = ({ me, ids: [id] }) => {
    const root = world.posts.find((post) => post.id === id && post.delete_at === 0 && !post.only);
    if (!root || !channelOf(root.channel_id)?.members.has(me.id)) return refuse(404, "app.post.get.app_error");
    return ok(listOf(world.posts.filter((post) => (post.id === id || post.root_id === id) && post.delete_at === 0)));
  };

  const COMMAND_FIELDS = [
    "team_id",
    "trigger",
    "method",
    "username",
    "icon_url",
    "auto_complete",
    "auto_complete_desc",
    "auto_complete_hint",
    "display_name",
    "description",
    "url",
  ];
  const wrongCommand = (given: Readonly<Record<string, unknown>>): string | undefined => {
    if (!/^[^/\s][^\s]{0,127}$/.test(String(given["trigger"]))) return "model.command.is_valid.trigger.app_error";
    if (!/^https?:\/\//.test(String(given["url"])) || String(given["url"]).length > 1_024)
      return "model.command.is_valid.url.app_error";
    if (given["method"] !== "P" && given["method"] !== "G") return "model.command.is_valid.method.app_error";
    if (String(given["display_name"] ?? "").length > 64) return "model.command.is_valid.display_name.app_error";
    if (String(given["description"] ?? "").length > 128) return "model.command.is_valid.description.app_error";
    return undefined;
  };
  const taken = (team: unknown, trigger: unknown, but?: string) =>
    world.commands.some((one) => one.team_id === team && one.trigger === trigger && one.id !== but);

  const createCommand: Handler = ({ asked: { body }, me }) => {
    const strange = strangeIn(body, COMMAND_FIELDS);
    if (strange) return complain(`POST /commands: ${strange}`);
    if (!world.settings.customCommands) return refuse(501, "api.command.disabled.app_error");
    if (!world.mayManageCommands(String(body["team_id"]), me)) return forbidden;
    const wrong = wrongCommand(body);
    if (wrong) return refuse(400, wrong);
    if (taken(body["team_id"], body["trigger"])) return refuse(400, "api.command.duplicate_trigger.app_error");
    const now = world.clock.now();
    const command = {
      username: "",
      icon_url: "",
      ...body,
      id: world.id(),
      token: world.id(),
      create_at: now,
      update_at: now,
      delete_at: 0,
      creator_id: me.id,
    } as unknown as SlashCommand;
    world.commands.push(command);
    return ok(command, 201);
  };

  const updateCommand: Handler = ({ asked: { body }, me, ids: [id] }) => {
    const strange = strangeIn(body, [
      ...COMMAND_FIELDS,
      "id",
      "token",
      "create_at",
      "update_at",
      "delete_at",
      "creator_id",
    ]);
    if (strange) return complain(`PUT /commands: ${strange}`);
    const command = world.commands.find((one) => one.id === id);
    if (!command || !world.mayManageCommands(command.team_id, me))
      return refuse(404, "store.sql_command.get.missing.app_error");
    if (command.creator_id !== me.id && !world.isSystemAdmin(me)) return forbidden;
    const wrong = wrongCommand(body);
    if (wrong) return refuse(400, wrong);
    if (taken(command.team_id, body["trigger"], command.id))
      return refuse(400, "api.command.duplicate_trigger.app_error");
    const { token, creator_id, create_at } = command;
    Object.assign(command, body, { token, creator_id, create_at, update_at: world.clock.now() });
    return ok(command);
  };

  const listCommands: Handler = ({ asked: { query }, me }) => {
    const team = query.get("team_id") ?? "";
    if (query.get("custom_only") !== "true") return complain("commands are listed without custom_only");
    if (!world.settings.customCommands) return refuse(501, "api.command.disabled.app_error");
    if (!world.mayManageCommands(team, me)) return forbidden;
    return ok(
      world.commands.filter((one) => one.team_id === team && (one.creator_id === me.id || world.isSystemAdmin(me))),
    );
  };

  const execute: Handler = async ({ asked: { body }, me }) => {
    const channel = channelOf(body["channel_id"]);
    if (!channel?.members.has(me.id)) return forbidden;
    const error = await integrations.command(String(body["command"]), {
      user: me,
      channel,
      root: "",
      team: channel.team_id || String(body["team_id"]),
    });
    return error === undefined
      ? ok({ response_type: "", text: "", trigger_id: world.id() })
      : refuse(500, "api.command.execute_command.failed.app_error", error);
  };

  const openDialog: Handler = ({ asked: { body } }) => {
    const strange =
      strangeIn(body, ["trigger_id", "url", "dialog"]) ?? wrongDialog(body["dialog"] as Record<string, unknown>);
    if (strange) return complain(`POST /actions/dialogs/open: ${strange}`);
    const problem = integrations.openDialog(
      String(body["trigger_id"]),
      String(body["url"]),
      body["dialog"] as Record<string, unknown>,
    );
    return problem === undefined ? ok({ status: "OK" }) : refuse(400, problem);
  };

  const upload: Handler = ({ asked: { body }, me }) => {
    const channel = channelOf(body["channel_id"]);
    if (!channel?.members.has(me.id)) return forbidden;
    const made = (body["files"] as { name: string; size: number }[]).map(({ name, size }) => ({
      id: world.id(),
      channel_id: channel.id,
      name,
      size,
    }));
    world.files.push(...made);
    return ok({ file_infos: made, client_ids: [] }, 201);
  };

  const direct: Handler = ({ asked: { body }, me }) => {
    const [one = "", other = ""] = Object.values(body) as string[];
    if (one !== me.id && other !== me.id) return forbidden;
    if (!world.users.some(({ id }) => id === one) || !world.users.some(({ id }) => id === other))
      return refuse(404, "app.user.missing_account.const");
    return ok(world.direct(one, other), 201);
  };

  const join: Handler = ({ asked: { body }, me, ids: [id] }) => {
    const channel = channelOf(id);
    if (!channel) return refuse(404, "app.channel.get.existing.app_error");
    const member = inTeam(me).some((team) => team.id === channel.team_id);
    if (channel.type !== "O" || !member || body["user_id"] !== me.id) return forbidden;
    channel.members.add(me.id);
    return ok({ channel_id: id, user_id: me.id }, 201);
  };

  const byName: Handler = ({ me, ids: [team, name] }) => {
    const channel = world.channels.find((one) => one.team_id === team && one.name === name);
    if (!channel) return refuse(404, "app.channel.get_by_name.missing.app_error");
    if (channel.type !== "O" && !channel.members.has(me.id))
      return refuse(404, "app.channel.get_by_name.missing.app_error");
    return ok({ ...channel, members: undefined, delete_at: 0 });
  };

  const mine = (me: User, team?: string) =>
    ok(
      world.channels
        .filter((one) => one.members.has(me.id) && (team === undefined || one.team_id === team || one.type === "D"))
        .map((one) => ({ ...one, members: undefined, delete_at: 0 })),
    );

  const clientUser = (user: User) => ({
    id: user.id,
    username: user.username,
    is_bot: user.bot,
    roles: ["system_user", ...user.systemRoles].join(" "),
  });

  const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
    ["GET", /^\/users\/me$/, ({ me }) => ok(clientUser(me))],
    ["GET", /^\/users\/me\/teams$/, ({ me }) => ok(inTeam(me).map(({ id, name }) => ({ id, name })))],
    [
      "GET",
      /^\/users\/me\/teams\/members$/,
      ({ me }) => ok(inTeam(me).map((team) => ({ team_id: team.id, user_id: me.id, roles: team.members.get(me.id) }))),
    ],
    ["GET", /^\/users\/me\/channels$/, ({ me }) => mine(me)],
    ["GET", /^\/users\/me\/teams\/(\w{26})\/channels$/, ({ me, ids: [team] }) => mine(me, team)],
    [
      "GET",
      /^\/users\/(\w{26})$/,
      ({ ids: [id] }) => {
        const user = world.users.find((one) => one.id === id);
        return user ? ok(clientUser(user)) : refuse(404, "app.user.missing_account.const");
      },
    ],
    [
      "POST",
      /^\/roles\/names$/,
      ({ asked }) =>
        ok((Object.values(asked.body) as string[]).map((name) => ({ name, permissions: permissionsOf(name) }))),
    ],
    [
      "GET",
      /^\/teams\/name\/([\w-]+)$/,
      ({ ids: [name], me }) => {
        const team = world.teams.find((one) => one.name === name);
        if (!team) return refuse(404, "app.team.get_by_name.missing.app_error");
        return team.members.has(me.id) ? ok({ id: team.id, name }) : forbidden;
      },
    ],
    ["GET", /^\/teams\/(\w{26})\/channels\/name\/([^/]+)$/, byName],
    ["POST", /^\/channels\/direct$/, direct],
    ["POST", /^\/channels\/(\w{26})\/members$/, join],
    ["GET", /^\/channels\/(\w{26})\/posts$/, channelPosts],
    ["POST", /^\/posts$/, createPost],
    ["POST", /^\/posts\/ephemeral$/, ephemeral],
    ["PUT", /^\/posts\/(\w{26})\/patch$/, patchPost],
    [
      "GET",
      /^\/posts\/(\w{26})$/,
      ({ ids: [id] }) => {
        const post = world.posts.find((one) => one.id === id && one.delete_at === 0 && !one.only);
        return post ? ok(clientPost(post)) : refuse(404, "app.post.get.app_error");
      },
    ],
    ["GET", /^\/posts\/(\w{26})\/thread$/, thread],
    ["GET", /^\/commands$/, listCommands],
    ["POST", /^\/commands$/, createCommand],
    ["POST", /^\/commands\/execute$/, execute],
    ["PUT", /^\/commands\/(\w{26})$/, updateCommand],
    ["POST", /^\/actions\/dialogs\/open$/, openDialog],
    ["POST", /^\/files$/, upload],
  ];

  return async (asked) => {
    if (asked.path.startsWith("/hooks/commands/"))
      return integrations.hook(asked.path.slice("/hooks/commands/".length), asked.body);
    const path = asked.path.replace(/^\/api\/v4/, "");
    if (path === "/config/client" && asked.query.get("format") === "old") return ok(clientConfig(world));
    const me = world.users.find(({ token }) => token === asked.token && token !== "");
    if (!me)
      return refuse(401, "api.context.session_expired.app_error", "Invalid or expired session, please login again.");
    for (const [method, pattern, handler] of routes) {
      const found = method === asked.method ? pattern.exec(path) : null;
      if (found) return await handler({ asked, me, ids: found.slice(1) });
    }
    return complain(`${asked.method} ${asked.path} is nothing that this server was taught`);
  };
}

function hasMore(body: Readonly<Record<string, unknown>>): boolean {
  const props = (body["props"] ?? {}) as Record<string, unknown>;
  return ((body["file_ids"] ?? []) as unknown[]).length > 0 || "attachments" in props || "mm_blocks" in props;
}

function permissionsOf(role: string): string[] {
  if (role === "system_admin") return ["manage_system", "create_post_ephemeral"];
  return role === "ephemeral_bot" ? ["create_post_ephemeral"] : ["create_direct_channel"];
}

function clientConfig({ settings }: World): Record<string, string> {
  return {
    Version: settings.version,
    SiteURL: settings.siteUrl,
    MaxPostSize: "16383",
    EnableCommands: String(settings.customCommands),
    EnablePostUsernameOverride: "false",
    ...(settings.mmBlocks && { FeatureFlagMmBlocksEnabled: "true" }),
  };
}
