import { GitConfigRepository } from "../../../src/adapters/git/config-repository.ts";
import { configRepositoryContract } from "../../contracts/config-repository.ts";
import { MemoryRepository } from "../../fakes/memory-repository.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository, remoteOf } from "./a-repository.ts";

configRepositoryContract("of git", async (files) => {
  const directory = aDirectory();
  const bare = aBareRepository(directory.at("remote.git"));
  bare.push(files, "first");
  return {
    remote: remoteOf(bare),
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
