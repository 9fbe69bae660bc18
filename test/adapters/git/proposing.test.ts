import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GitConfigRepository } from "../../../src/adapters/git/config-repository.ts";
import { CannotPropose, type Proposal } from "../../../src/ports/config-repository.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository, type BareRepository, writeFiles } from "./a-repository.ts";

let directory: ReturnType<typeof aDirectory>;
let bare: BareRepository;
let repository: GitConfigRepository;
let proposal: Proposal;
beforeEach(async () => {
  directory = aDirectory();
  bare = aBareRepository(directory.at("remote.git"));
  const env = { PATH: process.env["PATH"], HOME: directory.path };
  repository = await GitConfigRepository.open({ source: bare.path, root: directory.at("data"), env });
  const commit = bare.push(
    { "calops.yaml": "x", "campaigns/prompt.yaml": "y", "workflows/t0/fit.sh": "#!/bin/sh\n" },
    "one",
  );
  const onto = { name: "refs/heads/main", commit };
  await repository.fetch(onto);
  const author = { author: "Ann", email: "ann@x.org" };
  proposal = {
    branch: "calops/proc8",
    onto,
    files: { "campaigns/proc8.yaml": "z\n" },
    message: "Campaign proc8",
    author,
  };
});
afterEach(() => directory.remove());

describe("a branch with files as they are proposed", () => {
  test("changes nothing else: rights and neighbours stay", async () => {
    await repository.openProposal(proposal);
    expect(bare.git("diff", "--name-status", "main", proposal.branch)).toBe("A\tcampaigns/proc8.yaml");
    expect(bare.git("log", "-1", "--format=%an <%ae> %cn", proposal.branch)).toBe("Ann <ann@x.org> calops");
  });

  test("makes directories that are not there, also where a file has the name of one", async () => {
    await repository.openProposal({ ...proposal, files: { "tags/a/b.yaml": "1", "calops.yaml/x": "2" } });
    expect(bare.git("ls-tree", "-r", "--name-only", proposal.branch).split("\n")).toEqual([
      "calops.yaml/x",
      "campaigns/prompt.yaml",
      "tags/a/b.yaml",
      "workflows/t0/fit.sh",
    ]);
  });

  test.each(["../x", "a//b", "/etc/passwd", ".git/config", "a/./b"])(
    "has no path that leads elsewhere: %s",
    async (path) => {
      await expect(repository.openProposal({ ...proposal, files: { [path]: "x" } })).rejects.toThrow("is no path");
    },
  );

  test("is left to a person where the remote refuses it", async () => {
    writeFiles(join(bare.path, "hooks"), { "pre-receive": "#!/bin/sh\nexit 1\n" });
    const refused = repository.openProposal(proposal);
    await expect(refused).rejects.toBeInstanceOf(CannotPropose);
    await expect(refused).rejects.toThrow(
      "takes no branch from calops: pre-receive hook declined; write campaigns/proc8.yaml by hand",
    );
  });
});
