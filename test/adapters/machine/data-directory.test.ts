import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examineDataDirectory } from "../../../src/adapters/machine/data-directory.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-machine-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const about = async (directory: string, name: string) =>
  (await examineDataDirectory(directory, "sqlite")).filter((finding) => finding.about === name);

describe("a data directory", () => {
  test("that can be written is good, and nothing is left in it", async () => {
    expect(await about(root, "the data directory")).toMatchObject([{ state: "good", found: `${root} can be written` }]);
    expect(readdirSync(root)).toEqual([]);
  });

  test("that is not there yet is made by the first start", async () => {
    const found = await examineDataDirectory(join(root, "deep/data"), "sqlite");
    expect(found).toMatchObject([{ state: "good", found: expect.stringContaining("calops start makes it") }]);
    expect(readdirSync(root)).toEqual([]);
  });

  test("whose keys others can read says which, and what to type", async () => {
    chmodSync(root, 0o755);
    mkdirSync(join(root, "secrets"), { mode: 0o755 });
    writeFileSync(join(root, "secrets/TOKEN"), "abc", { mode: 0o644 });
    writeFileSync(join(root, "secrets/SAFE"), "abc", { mode: 0o600 });
    expect(await about(root, "files with secrets")).toEqual([
      {
        about: "files with secrets",
        state: "doubtful",
        found: `others on this machine can read ${root}/secrets/TOKEN`,
        fix: `chmod 600 ${root}/secrets/TOKEN`,
      },
    ]);
    chmodSync(root, 0o700);
    expect(await about(root, "files with secrets")).toEqual([]);
  });

  test.skipIf(!isRoot)("of somebody else is to be looked at as that user", async () => {
    chownSync(root, 4711, 4711);
    expect(await about(root, "the data directory")).toContainEqual({
      about: "the data directory",
      state: "doubtful",
      found: "it belongs to user 4711, and this is user 0: what is found here need not hold for the bot",
      fix: `give the command as its owner: sudo -u '#4711' calops doctor --data ${root}`,
    });
  });
});

const canMount = mounted("size=1m");

describe.skipIf(!canMount)("the disk of a data directory", () => {
  test("that is full is bad, and what takes it can be found", async () => {
    const disk = mount("size=1m");
    try {
      expect(() =>
        appendFileSync(join(disk, "ballast"), Buffer.alloc(statfsSync(disk).blocks * statfsSync(disk).bsize + 1)),
      ).toThrow("ENOSPC");
      const findings = await examineDataDirectory(disk, "sqlite");
      expect(findings.filter(({ state }) => state === "bad")).toMatchObject([
        { found: expect.stringContaining("ENOSPC"), fix: expect.stringContaining("du -xh --max-depth=2") },
        {
          about: "the disk of the data directory",
          found: "only 0 MB are free, and nothing is decided once it is full",
        },
      ]);
      expect(readdirSync(disk)).toEqual(["ballast"]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  test("that can only be read is bad, and says how it is mounted", async () => {
    const disk = mount("size=4000m,ro");
    try {
      expect(await about(disk, "the data directory")).toMatchObject([
        { state: "bad", found: expect.stringContaining("EROFS"), fix: expect.stringContaining("findmnt") },
      ]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

function mount(options: string): string {
  const disk = join(root, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk], { stdio: "ignore" });
  return disk;
}

/** Whether one may mount here: only root may, and not everywhere. */
function mounted(options: string): boolean {
  const disk = mkdtempSync(join(tmpdir(), "calops-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk], { stdio: "ignore" });
    execFileSync("umount", [disk]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(disk, { recursive: true });
  }
}
