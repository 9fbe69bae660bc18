/** Remotes that do not do what they should. Whatever they do, it ends, changes nothing, and what is here already stays usable. */
import { randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aGround, FILES, failure, follow, type Ground } from "./ground.ts";
import { backend, type Changes, type Interference, serveHttp, serveTcp } from "./http-server.ts";
import { commandLines } from "./processes.ts";

let ground: Ground;
let first: string;
beforeEach(() => {
  ground = aGround();
  first = ground.bare.push(FILES, "first");
});
afterEach(() => ground.clean());

/** Over http, with interference that begins and ends when the test says so. */
async function interfered(interfere: Interference, timeoutMs = 20_000) {
  const switches = { on: false };
  const server = ground.closing(
    await serveHttp(ground.at("remotes"), (request, response) => switches.on && interfere(request, response)),
  );
  const source = `${server.url}/config.git`;
  const repository = await ground.open(source, { timeoutMs });
  await follow(repository);
  return { repository, source, switches };
}

const changing =
  (changes: Changes): Interference =>
  (request, response) => {
    void backend(ground.at("remotes"), request, response, changes);
    return true;
  };

const garbage = () => readdirSync(ground.at("data/config.git")).filter((name) => name.startsWith("incoming-"));
const packs = () => readdirSync(ground.at("data/config.git/objects/pack")).sort();

describe("a remote that hangs", () => {
  test("over ssh, having taken the connection, is away after the time that it is given, and no process is left", async () => {
    const { port } = ground.closing(await serveTcp(() => {}));
    const repository = await ground.open(`ssh://x@127.0.0.1:${port}/x.git`, { timeoutMs: 500 });
    const began = Date.now();
    expect(await failure(repository.refs())).toContain("RemoteAway: ssh://x@127.0.0.1:");
    expect(await failure(repository.refs())).toContain("said nothing for 500ms; look whether it runs");
    expect(Date.now() - began).toBeLessThan(10_000);
    await expect.poll(() => processesOn(port)).toEqual([]);
  });

  test("over http, having taken the request, is away after the time that it is given, and no process is left", async () => {
    const { port } = ground.closing(await serveTcp(() => {}));
    const repository = await ground.open(`http://127.0.0.1:${port}/x.git`, { timeoutMs: 500 });
    expect(await failure(repository.refs())).toContain("said nothing for 500ms");
    await expect.poll(() => processesOn(port)).toEqual([]);
  });

  test("half way through a pack is away, leaves nothing of it, and keeps nobody from what is here", async () => {
    const half: Interference = (request, response) => {
      void backend(ground.at("remotes"), request, fakeResponse(response), {});
      return true;
    };
    const { repository, switches } = await interfered(half, 1_500);
    const next = ground.bare.push({ ...FILES, large: randomBytes(300_000).toString("hex") });
    switches.on = true;
    const before = packs();
    const fetching = failure(repository.fetch({ name: "refs/heads/main", commit: next }));
    const began = Date.now();
    expect(await repository.text(first, "calops.yaml")).toBe(FILES["calops.yaml"]);
    await repository.checkout(first);
    expect(Date.now() - began).toBeLessThan(1_400);
    expect(await fetching).toMatch(
      /^RemoteAway: .*(said nothing for 2s|does not answer in time); look whether it runs/,
    );
    expect([garbage(), packs()]).toEqual([[], before]);
    switches.on = false;
    expect((await follow(repository)).commit).toBe(next);
  });

  /** The head of what is answered, and half of it. */
  function fakeResponse(response: Parameters<Interference>[1]): Parameters<Interference>[1] {
    const end = response.end.bind(response);
    response.end = ((body: Buffer) => {
      if (body.length < 100_000) return end(body);
      response.write(body.subarray(0, body.length / 2));
      return response;
    }) as typeof response.end;
    return response;
  }
});

describe("a remote that is not there", () => {
  test("since nothing listens, is away, and says to look whether it runs", async () => {
    const server = await serveTcp(() => {});
    await server.close();
    const repository = await ground.open(`http://127.0.0.1:${server.port}/x.git`);
    expect(await failure(repository.refs())).toContain("refuses connections; look whether it runs");
  });

  test("since its name leads nowhere, is away, and says to look at the address", async () => {
    const repository = await ground.open("https://no-such-host.invalid/x.git");
    expect(await failure(repository.refs())).toContain(
      "has a name that leads nowhere; look at the address and at the network",
    );
  });

  test("since what answers is no git, is away", async () => {
    const server = ground.closing(
      await serveHttp(ground.at("remotes"), (_, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<h1>Under maintenance</h1>");
        return true;
      }),
    );
    const repository = await ground.open(`${server.url}/config.git`);
    expect(await failure(repository.refs())).toMatch(/^RemoteAway: http/);
  });

  test("but lists nothing any more, is away: it does not mean that every branch is gone", async () => {
    const repository = await ground.open(ground.bare.path);
    await follow(repository);
    ground.bare.git("update-ref", "-d", "refs/heads/main");
    expect(await failure(repository.refs())).toContain(
      "has no branch; push one, or look at what became of the repository",
    );
  });
});

describe("a remote that lies", () => {
  const replaced = (body: Buffer, from: string, to: string) =>
    Buffer.from(body.toString("latin1").replaceAll(from, to), "latin1");

  test("by promising a commit that it does not have, is away when that is fetched", async () => {
    const lie = "1".repeat(40);
    const { repository, switches } = await interfered(changing({ answered: (body) => replaced(body, first, lie) }));
    switches.on = true;
    expect(await failure(follow(repository))).toContain(
      "does not have what it promises; its repository may be damaged (git fsck)",
    );
    expect(await repository.commit(lie)).toBeUndefined();
    expect(garbage()).toEqual([]);
  });

  test("by sending another commit than it promised, is away, and that one is not taken in", async () => {
    const lie = "1".repeat(40);
    let other = "";
    const { repository, switches } = await interfered(
      changing({
        asked: (body) => replaced(body, lie, other),
        answered: (body) => (body.includes("PACK") ? body : replaced(body, other, lie)),
      }),
    );
    other = ground.bare.push({ ...FILES, more: "x" });
    switches.on = true;
    const before = packs();
    expect(await failure(follow(repository))).toContain("RemoteAway");
    expect(await repository.commit(other)).toBeUndefined();
    expect([garbage(), packs()]).toEqual([[], before]);
    switches.on = false;
    expect((await follow(repository)).commit).toBe(other);
  });

  test("about what a tag leads to, is away, and the tag is not taken in", async () => {
    ground.bare.git("tag", "-a", "-m", "x", "v1", first);
    const other = ground.bare.push({ ...FILES, more: "x" });
    const { repository, switches } = await interfered(
      changing({ answered: (body) => replaced(body, `peeled:${first}`, `peeled:${other}`) }),
    );
    switches.on = true;
    expect(await failure(follow(repository, "refs/tags/v1"))).toContain("was moved while it was fetched");
    expect(await repository.signature({ tag: "refs/tags/v1" }, [])).toEqual({
      kind: "bad",
      why: "refs/tags/v1 was not fetched",
    });
  });
});

describe("a pack that is damaged", () => {
  test("is not taken in, and the remote is away", async () => {
    const { repository, switches } = await interfered(
      changing({
        answered: (body) => {
          const at = body.indexOf("PACK");
          if (at > 0) body.fill(body[at + 40] === 0 ? 1 : 0, at + 40, at + 44);
          return body;
        },
      }),
    );
    const next = ground.bare.push({ ...FILES, large: randomBytes(5_000).toString("hex") });
    switches.on = true;
    const before = packs();
    expect(await failure(follow(repository))).toContain("sent something damaged or incomplete");
    expect(await repository.commit(next)).toBeUndefined();
    expect([garbage(), packs()]).toEqual([[], before]);
    switches.on = false;
    expect((await follow(repository)).commit).toBe(next);
  });

  test("in the remote itself, so that it cannot send all, is the remote's matter: it is away", async () => {
    const { bare } = ground;
    const repository = await ground.open(`file://${bare.path}`);
    await follow(repository);
    bare.pushTree([`100644 blob ${bare.blob("here")}\tmore`]);
    const blob = bare.git("rev-parse", "main:more");
    rmSync(join(bare.path, "objects", blob.slice(0, 2), blob.slice(2)));
    expect(await failure(follow(repository))).toMatch(/^RemoteAway: .*(does not have what it promises|damaged)/);
  });
});

describe("what is too large", () => {
  test("as a fetch, is not fetched, leaves nothing behind, and other branches are followed as before", async () => {
    const { bare } = ground;
    const repository = await ground.open(`file://${bare.path}`, { mostBytesFetched: 1_000_000 });
    await follow(repository);
    bare.push({ ...FILES, noise: randomBytes(1_500_000).toString("hex") }, "noise", { branch: "noise" });
    const before = packs();
    expect(await failure(follow(repository, "refs/heads/noise"))).toContain(
      "sends more than 1 MB at once; large files belong elsewhere, and out of its history",
    );
    expect([garbage(), packs()]).toEqual([[], before]);
    const next = bare.push({ ...FILES, more: "x" });
    expect((await follow(repository)).commit).toBe(next);
  });
});

/** Command lines of processes that speak of a port of this machine. */
function processesOn(port: number): string[] {
  return commandLines().filter((line) => line.includes(`127.0.0.1:${port}`) || line.includes(`-p ${port} `));
}
