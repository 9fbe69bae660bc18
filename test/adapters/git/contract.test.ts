import { renameSync } from "node:fs";
import { GitConfigRepository } from "../../../src/adapters/git/config-repository.ts";
import { configRepositoryContract } from "../../contracts/config-repository.ts";
import { MemoryRepository } from "../../fakes/memory-repository.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository } from "./a-repository.ts";

configRepositoryContract("of git", async (files) => {
  const directory = aDirectory();
  const bare = aBareRepository(directory.at("remote.git"));
  bare.push(files, "first");
  return {
    remote: {
      push: bare.push,
      tag: (name, commit) => void bare.git("tag", "--force", name, commit),
      deleteTag: (name) => void bare.git("tag", "--delete", name),
      deleteBranch: (name) => void bare.git("branch", "--quiet", "-D", name),
      setAway: (away) => {
        const [here, elsewhere] = [bare.path, directory.at("elsewhere.git")];
        if (away) renameSync(here, elsewhere);
        else renameSync(elsewhere, here);
      },
    },
    open: () =>
      GitConfigRepository.open({
        source: `file://${bare.path}`,
        root: directory.at("data"),
        env: { PATH: process.env["PATH"], HOME: directory.path },
      }),
    clean: directory.remove,
  };
});

configRepositoryContract("of the tests", async (files) => {
  const directory = aDirectory();
  const memory = new MemoryRepository(directory.path, files);
  return {
    remote: {
      push: (pushed, subject, how) => memory.push(pushed, subject, how),
      tag: (name, commit) => memory.tag(name, commit),
      deleteTag: (name) => memory.deleteTag(name),
      deleteBranch: (name) => memory.deleteBranch(name),
      setAway: (away) => {
        memory.away = away;
      },
    },
    open: async () => memory,
    clean: directory.remove,
  };
});
