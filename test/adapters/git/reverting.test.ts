import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GitConfigRepository } from "../../../src/adapters/git/config-repository.ts";
import { CannotRevert, type Revert } from "../../../src/ports/config-repository.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository, aRepository, type BareRepository, writeFiles } from "./a-repository.ts";

let directory: ReturnType<typeof aDirectory>;
let bare: BareRepository;
let repository: GitConfigRepository;
let revert: Revert;
beforeEach(async () => {
  directory = aDirectory();
  bare = aBareRepository(directory.at("remote.git"));
  const env = { PATH: process.env["PATH"], HOME: directory.path };
  repository = await GitConfigRepository.open({ source: bare.path, root: directory.at("data"), env });
  const good = bare.push({ "calops.yaml": "experiment: One\n" }, "good");
  const bad = bare.push({ "calops.yaml": "experiment: Broken\n" }, "bad");
  const onto = { name: "refs/heads/main", commit: bad };
  await repository.fetch(onto);
  revert = { branch: "calops/revert-1", bad, good, onto, message: "Take it back" };
});
afterEach(() => directory.remove());

const branches = () => bare.git("for-each-ref", "--format=%(refname:short)", "refs/heads/").split("\n");

/** What the remote does when it is given something. */
const hook = (name: string, script: string) =>
  writeFiles(join(bare.path, "hooks"), { [name]: `#!/bin/sh\n${script}\n` });

describe("a branch that takes a commit back", () => {
  test("is left to a person where a hook of the remote refuses it, whatever that hook prints", async () => {
    hook("pre-receive", "echo Connection refused; printf '\\033[31mred\\n' >&2; exit 1");
    const refused = repository.openRevert(revert);
    await expect(refused).rejects.toBeInstanceOf(CannotRevert);
    await expect(refused).rejects.toThrow(
      `${bare.path} takes no branch from calops: pre-receive hook declined; take it back by hand: git switch main && git pull && git switch --create calops/revert-1 && git diff --binary ${revert.bad.slice(0, 8)} ${revert.good.slice(0, 8)} | git apply --3way --index && git commit -m 'Take back ${revert.bad.slice(0, 8)}' && git push origin calops/revert-1`,
    );
    expect(branches()).toEqual(["main"]);
  });

  test("never moves one of that name, also where it was made in the same moment", async () => {
    const theirs = bare.push({ "calops.yaml": "experiment: Theirs\n" }, "theirs", { branch: revert.branch });
    await repository.openRevert(revert);
    expect(bare.git("rev-parse", revert.branch)).toBe(theirs);
    bare.git("branch", "--quiet", "-D", revert.branch);
    hook("pre-receive", `unset GIT_QUARANTINE_PATH; git update-ref refs/heads/${revert.branch} ${revert.good}`);
    await repository.openRevert(revert);
    expect(bare.git("rev-parse", revert.branch)).toBe(revert.good);
  });

  test("brings nothing with it, and runs no hook of the clone", async () => {
    bare.git("tag", "v1", revert.bad);
    await repository.fetch({ name: "refs/tags/v1", commit: revert.bad });
    bare.git("tag", "--delete", "v1");
    writeFiles(directory.at("data/config.git/hooks"), { "pre-push": `#!/bin/sh\ntouch ${directory.at("executed")}\n` });
    await repository.openRevert(revert);
    expect(branches()).toEqual(["calops/revert-1", "main"]);
    expect(bare.git("tag", "--list")).toBe("");
    expect(existsSync(directory.at("executed"))).toBe(false);
  });

  test("is told with commands that a shell takes as they are meant, whatever the branches are called", async () => {
    hook("pre-receive", "exit 1");
    const evil = "it's$(touch${IFS}x);`id`";
    bare.git("update-ref", `refs/heads/${evil}`, revert.bad);
    const onto = { name: `refs/heads/${evil}`, commit: revert.bad };
    await repository.fetch(onto);
    const told = await repository.openRevert({ ...revert, onto }).catch((error: Error) => error.message);
    expect(told).toContain("by hand: git switch 'it'\\''s$(touch${IFS}x);`id`' && git pull");
  });

  test("is told with commands that do it, also where merges are among what is taken back", async () => {
    const side = bare.push({ "calops.yaml": "experiment: One\n", side: "x" }, "side", {
      branch: "side",
      parent: revert.good,
    });
    const bad = bare.git("commit-tree", `${side}^{tree}`, "-p", revert.bad, "-p", side, "-m", "a merge");
    bare.git("update-ref", "refs/heads/main", bad);
    const onto = {
      name: "refs/heads/main",
      commit: bare.push({ "calops.yaml": "experiment: One\n", side: "x", more: "y" }),
    };
    await repository.fetch(onto);
    hook("pre-receive", "exit 1");
    const told = await repository.openRevert({ ...revert, bad, onto }).catch((error: Error) => error.message);
    rmSync(join(bare.path, "hooks/pre-receive"));
    const clone = aRepository(directory.at("clone"));
    clone.git("remote", "add", "origin", bare.path);
    clone.git("fetch", "--quiet", "origin");
    clone.git("switch", "--quiet", "main");
    execFileSync("/bin/sh", ["-ec", String(told).split("by hand: ")[1] ?? ""], {
      cwd: clone.path,
      env: {
        ...process.env,
        GIT_AUTHOR_NAME: "Ann",
        GIT_AUTHOR_EMAIL: "ann@x",
        GIT_COMMITTER_NAME: "Ann",
        GIT_COMMITTER_EMAIL: "ann@x",
      },
      stdio: "pipe",
    });
    expect(bare.git("ls-tree", "-r", "--name-only", revert.branch).split("\n")).toEqual(["calops.yaml", "more"]);
    expect(bare.git("rev-parse", `${revert.branch}^`)).toBe(onto.commit);
  });

  test("has a name that git takes for one, and says what it is to say", async () => {
    for (const branch of ["a b", "-x:y", "../x", "", "x.lock"])
      await expect(repository.openRevert({ ...revert, branch })).rejects.toThrow("is no name of a branch");
    const message = '--help\n\n# kept\n$(id) "quoted"';
    await repository.openRevert({ ...revert, branch: "-u", message });
    expect(bare.git("log", "-1", "--format=%B", "refs/heads/-u")).toBe(message);
    expect(bare.git("log", "-1", "--format=%an <%ae>", "refs/heads/-u")).toBe("calops <calops@localhost>");
  });

  test("takes back what several commits did, files that came and went and rights among it", async () => {
    const { good } = revert;
    const script = "#!/bin/sh\n";
    bare.push({ "calops.yaml": "experiment: Broken\n", more: "x", "fit.sh": script }, "more");
    const bad = bare.push({ more: "y", "fit.sh": script }, "worse");
    const since = bare.push({ more: "y", "fit.sh": script, "workflows/t0/x": "x" }, "since");
    const onto = { name: "refs/heads/main", commit: since };
    await repository.fetch(onto);
    await repository.openRevert({ ...revert, good, bad, onto });
    const [made, listed] = [
      bare.git("rev-parse", revert.branch),
      bare.git("ls-tree", "-r", "--name-only", revert.branch),
    ];
    expect(bare.git("rev-parse", `${made}^`)).toBe(since);
    expect(listed.split("\n")).toEqual(["calops.yaml", "workflows/t0/x"]);
  });
});
