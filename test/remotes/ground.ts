/** A remote, and a config repository that follows it, for a test of how they get along. */
import { expect } from "vitest";
import { GitConfigRepository, type RepositoryOptions } from "../../src/adapters/git/config-repository.ts";
import type { ConfigRepository, Ref } from "../../src/ports/config-repository.ts";
import { aBareRepository, type BareRepository } from "../adapters/git/a-repository.ts";
import { aDirectory } from "../adapters/sources/a-directory.ts";
import { leftOver } from "./processes.ts";

export type Ground = {
  readonly at: (name: string) => string;
  readonly bare: BareRepository;
  open(source: string, more?: Partial<RepositoryOptions>): Promise<GitConfigRepository>;
  /** To be closed before the directory is removed. */
  closing<T extends { close(): Promise<void> }>(one: T): T;
  /** Fails where a process of it still runs. */
  clean(): Promise<void>;
};

export const FILES = { "calops.yaml": "experiment: One\n", "workflows/t0/fit.sh": "#!/bin/sh\n" };

export function aGround(): Ground {
  const directory = aDirectory();
  const closers: { close(): Promise<void> }[] = [];
  const bare = aBareRepository(directory.at("remotes/config.git"));
  bare.git("config", "http.receivepack", "true");
  return {
    at: directory.at,
    bare,
    open: (source, more = {}) =>
      GitConfigRepository.open({
        source,
        root: directory.at("data"),
        timeoutMs: 20_000,
        ...more,
        env: { PATH: process.env["PATH"], HOME: directory.at("home"), ...more.env },
      }),
    closing(one) {
      closers.push(one);
      return one;
    },
    async clean() {
      for (const one of closers.splice(0)) await one.close();
      await expect.poll(() => leftOver(directory.path), { timeout: 5_000 }).toEqual([]);
      directory.remove();
    },
  };
}

/** The ref of this full name, fetched. */
export async function follow(repository: ConfigRepository, name = "refs/heads/main"): Promise<Ref> {
  const { branches, tags } = await repository.refs();
  const ref = [...branches, ...tags].find((one) => one.name === name);
  if (!ref) throw new Error(`the remote has no ${name}`);
  await repository.fetch(ref);
  return ref;
}

/** What it is that went wrong: the name of the error, and what it says. */
export async function failure(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return "nothing went wrong";
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}
