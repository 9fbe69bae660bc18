/** Git over each way that remotes are reached by. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RepositoryOptions } from "../../src/adapters/git/config-repository.ts";
import { remoteOf } from "../adapters/git/a-repository.ts";
import { configRepositoryContract } from "../contracts/config-repository.ts";
import { aGround, FILES, failure, follow, type Ground } from "./ground.ts";
import { serveHttp } from "./http-server.ts";
import { commandLines } from "./processes.ts";
import { serveSsh } from "./ssh-server.ts";

type Reached = { readonly source: string; readonly more?: Partial<RepositoryOptions> };

const WAYS: Readonly<Record<string, (ground: Ground) => Promise<Reached>>> = {
  http: async (ground) => {
    const server = ground.closing(await serveHttp(ground.at("remotes")));
    return { source: `${server.url}/config.git` };
  },
  ssh: async (ground) => {
    const server = ground.closing(await serveSsh(ground.at("ssh")));
    return { source: server.at(ground.bare.path), more: { env: server.env } };
  },
};

for (const [way, reach] of Object.entries(WAYS)) {
  configRepositoryContract(`of git over ${way}`, async (files) => {
    const ground = aGround();
    const { bare } = ground;
    bare.push(files, "first");
    const { source, more } = await reach(ground);
    return {
      remote: remoteOf(bare),
      open: () => ground.open(source, more),
      clean: ground.clean,
    };
  });
}

let ground: Ground;
beforeEach(() => {
  ground = aGround();
  ground.bare.push(FILES, "first");
});
afterEach(() => ground.clean());

describe("a remote over http that wants a token", () => {
  const guarded = async () => {
    const basic = `Basic ${Buffer.from("x-access-token:tok-right-1").toString("base64")}`;
    const server = ground.closing(
      await serveHttp(ground.at("remotes"), (request, response) => {
        if (request.headers.authorization === basic) return false;
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
        return true;
      }),
    );
    return { ...server, source: `${server.url}/config.git` };
  };

  test("gets it, and it alone", async () => {
    const { source } = await guarded();
    const repository = await ground.open(source, { token: () => "tok-right-1" });
    expect(await repository.commit((await follow(repository)).commit)).toMatchObject({ subject: "first" });
  });

  test("gets it, or the password of its address, where nobody else on the machine sees it: on no command line", async () => {
    const secrets = ["tok-right-1", "hunter2x"];
    const encoded = ["x-access-token:tok-right-1", "ann:hunter2x"].map((text) => Buffer.from(text).toString("base64"));
    const running: string[] = [];
    const server = ground.closing(
      await serveHttp(ground.at("remotes"), () => {
        running.push(...commandLines());
        return false;
      }),
    );
    const source = `${server.url}/config.git`;
    await follow(await ground.open(source, { token: () => "tok-right-1" }));
    await follow(await ground.open(source.replace("//", "//ann:hunter2x@")));
    const sent = server.requests.map(({ authorization }) => authorization?.split(" ")[1]);
    expect(new Set(sent)).toEqual(new Set(encoded));
    expect(running.filter((line) => line.includes(source)).length).toBeGreaterThan(0);
    for (const secret of [...secrets, ...encoded]) expect(running.filter((line) => line.includes(secret))).toEqual([]);
  });

  test("is away without it and with a wrong one, says what to look at, and shows neither", async () => {
    const { source } = await guarded();
    const wants = `RemoteAway: ${source} wants a password or a token, and another one than calops has; check the secret`;
    expect(await failure((await ground.open(source)).refs())).toContain(wants);
    const wrong = await failure((await ground.open(source, { token: () => "tok-wrong-2" })).refs());
    expect(wrong).toContain(wants);
    expect(wrong).not.toContain("tok-wrong-2");
    const inAddress = source.replace("//", "//ann:hunter2x@");
    const told = await failure((await ground.open(inAddress)).refs());
    expect(told).toContain(`RemoteAway: ${source.replace("//", "//***@")} wants a password`);
    expect(told).not.toContain("hunter2x");
  });

  test("is away where it leads on to another address, which does not get the token", async () => {
    const { url, requests } = await guarded();
    const leading = ground.closing(
      await serveHttp(ground.at("remotes"), (request, response) => {
        response.writeHead(302, { location: `${url}${request.url}` }).end();
        return true;
      }),
    );
    const repository = await ground.open(`${leading.url}/config.git`, { token: () => "tok-right-1" });
    expect(await failure(repository.refs())).toContain("leads on to another address; write that one");
    expect(requests).toEqual([]);
  });
});

describe("a remote over ssh", () => {
  test("that does not know the bot's key is away, and says to look at the key", async () => {
    const server = ground.closing(await serveSsh(ground.at("ssh")));
    const source = server.at(ground.bare.path);
    const repository = await ground.open(source, { env: server.strangerEnv });
    expect(await failure(repository.refs())).toContain(
      `RemoteAway: ${source} does not let calops in; check the secret that calops has for it, or the keys`,
    );
  });

  test("whose host key is unknown is away, and nobody is asked", async () => {
    const server = ground.closing(await serveSsh(ground.at("ssh")));
    const repository = await ground.open(server.at(ground.bare.path), { env: server.unknownHostEnv });
    expect(await failure(repository.refs())).toContain("shows an unknown host key; put its key into known_hosts");
  });

  test("that has no such repository is away, and says to look at the address", async () => {
    const server = ground.closing(await serveSsh(ground.at("ssh")));
    const repository = await ground.open(server.at(ground.at("nowhere.git")), { env: server.env });
    expect(await failure(repository.refs())).toContain("has no repository there, or does not show it to calops");
  });
});

describe("a remote that takes no branch from calops", () => {
  const revertOn = async (source: string, more: Partial<RepositoryOptions> = {}) => {
    const repository = await ground.open(source, more);
    const good = (await follow(repository)).commit;
    const bad = ground.bare.push({ ...FILES, "calops.yaml": "experiment: Broken\n" }, "bad");
    const onto = await follow(repository);
    return await failure(repository.openRevert({ branch: "back", bad, good, onto, message: "Back" }));
  };

  test("since it only lets it read, leaves the revert to a person, with the commands", async () => {
    ground.bare.git("config", "http.receivepack", "false");
    const server = ground.closing(await serveHttp(ground.at("remotes")));
    const told = await revertOn(`${server.url}/config.git`);
    expect(told).toMatch(
      /^CannotRevert: .* does not let calops in; .*; take it back by hand: git switch main && git pull/,
    );
    expect(told).toMatch(/git switch --create back && git diff .* && git commit .* && git push origin back$/);
  });

  test("since a rule of the host forbids it, leaves the revert to a person, with what the host said", async () => {
    const server = ground.closing(await serveSsh(ground.at("ssh")));
    ground.bare.git("config", "receive.denyCreates", "true");
    ground.bare.git("config", "transfer.hideRefs", "refs/heads/back");
    const told = await revertOn(server.at(ground.bare.path), { env: server.env });
    expect(told).toMatch(
      /^CannotRevert: ssh:.* takes no branch from calops: deny updating a hidden ref; take it back by hand/,
    );
  });
});
