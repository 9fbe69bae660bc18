/** A few kilobytes that were made to stand for gigabytes: of memory, of files, of paths, of what is printed. */
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { treeMistakes } from "../../src/core/config/tree.ts";
import type { ConfigRepository } from "../../src/ports/config-repository.ts";
import { aGround, FILES, failure, follow, type Ground } from "./ground.ts";
import { serveHttp } from "./http-server.ts";

let ground: Ground;
beforeEach(() => {
  ground = aGround();
  ground.bare.push(FILES, "first");
});
afterEach(() => ground.clean());

const codes = async (repository: ConfigRepository, commit: string) =>
  treeMistakes(await repository.tree(commit)).map(({ file, code }) => `${file} ${code}`);

test("a pack that would unpack into all the memory that there is is not unpacked, and the remote is away", async () => {
  const [lie, pack] = ["1".repeat(40), bomb(4_000_000_000)];
  expect(pack.length).toBeLessThan(20_000);
  const server = ground.closing(
    await serveHttp(ground.at("remotes"), (request, response) => {
      const type = request.method === "GET" ? "advertisement" : "result";
      response.writeHead(200, { "content-type": `application/x-git-upload-pack-${type}` });
      request.resume().once("end", () => response.end(request.method === "GET" ? listing(lie) : sent(pack)));
      return true;
    }),
  );
  const repository = await ground.open(`${server.url}/config.git`);
  expect(await failure(follow(repository))).toContain(
    "RemoteAway: http://127.0.0.1:" +
      `${new URL(server.url).port}/config.git sends what would take gigabytes of memory; large files belong elsewhere`,
  );
});

test("a tree that stands for ten thousand million files is told to be too many, and others are followed", async () => {
  const { bare } = ground;
  let tree = bare.feed(`100644 blob ${bare.blob("x")}\tx\n`, "mktree");
  for (let level = 0; level < 10; level++)
    tree = bare.feed(Array.from({ length: 10 }, (_, index) => `040000 tree ${tree}\t${index}\n`).join(""), "mktree");
  bare.git("update-ref", "refs/heads/bomb", bare.git("commit-tree", tree, "-m", "bomb"));
  const repository = await ground.open(`file://${bare.path}`);
  const { commit } = await follow(repository, "refs/heads/bomb");
  expect(await codes(repository, commit)).toEqual([". too-many"]);
  expect((await follow(repository)).name).toBe("refs/heads/main");
});

test("a tree whose paths are longer than any machine takes is told so", async () => {
  const { bare } = ground;
  bare.push({ [`${"d/".repeat(3_000)}x`]: "x" }, "deep", { branch: "deep" });
  bare.push({ [`${"long-name/".repeat(60)}x`]: "x", ["y".repeat(4_000)]: "y" }, "long", { branch: "long" });
  const repository = await ground.open(`file://${bare.path}`);
  for (const [branch, mistakes] of Object.entries({ deep: 1, long: 2 })) {
    const { commit } = await follow(repository, `refs/heads/${branch}`);
    const told = await codes(repository, commit);
    expect(told).toHaveLength(mistakes);
    for (const one of told) expect(one).toMatch(/^.{200} bad-path$/);
  }
});

test("a list of refs without end is not taken, and the remote is away", async () => {
  const line = `${"1".repeat(40)} refs/heads/${"x".repeat(900)}`;
  const lines = packet(`${line}\n`);
  const server = ground.closing(
    await serveHttp(ground.at("remotes"), (request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
      response.write(Buffer.concat([packet("# service=git-upload-pack\n"), Buffer.from("0000")]));
      const goOn = () => {
        while (!response.destroyed && response.write(lines));
        response.once("drain", goOn);
      };
      goOn();
      return true;
    }),
  );
  const repository = await ground.open(`${server.url}/config.git`, { timeoutMs: 3_000 });
  expect(await failure(repository.refs())).toMatch(
    /^RemoteAway: .* (said nothing for 3s|sends what would take gigabytes of memory)/,
  );
});

/** A pack of two objects: zeros, and as what differs from those, much more of them (gitformat-pack). */
function bomb(bytes: number): Buffer {
  const base = Buffer.alloc(16_000_000);
  const id = createHash("sha1").update(`blob ${base.length}\0`).update(base).digest();
  const copyAll = Buffer.from([0xf0, base.length & 255, (base.length >> 8) & 255, (base.length >> 16) & 255]);
  const copies = Array.from({ length: bytes / base.length }, () => copyAll);
  const delta = Buffer.concat([...[base.length, bytes].map((size) => number(size)), ...copies]);
  const head = Buffer.from("PACK\0\0\0\u0002\0\0\0\u0002", "latin1");
  const objects = [headOf(3, base.length), deflateSync(base), headOf(7, delta.length), id, deflateSync(delta)];
  const body = Buffer.concat([head, ...objects]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

function headOf(kind: number, size: number): Buffer {
  const rest = Math.floor(size / 16);
  return Buffer.concat([Buffer.from([128 | (kind << 4) | (size % 16)]), number(rest)]);
}

/** Seven bits a byte, the lowest first. */
function number(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push(128 | (rest % 128));
  }
}

function listing(commit: string): Buffer {
  const can = "side-band-64k ofs-delta symref=HEAD:refs/heads/main";
  const refs = [`${commit} HEAD\0${can}\n`, `${commit} refs/heads/main\n`].map(packet);
  const end = Buffer.from("0000");
  return Buffer.concat([packet("# service=git-upload-pack\n"), end, ...refs, end]);
}

function sent(pack: Buffer): Buffer {
  return Buffer.concat([packet("NAK\n"), packet(Buffer.concat([Buffer.from([1]), pack])), Buffer.from("0000")]);
}

/** In four hexadecimal digits how long it is, with them (gitprotocol-common). */
function packet(content: string | Buffer): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, "0")), body]);
}
