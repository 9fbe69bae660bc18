import { defineConfig } from "vitest/config";

/** Unit tests stay under a minute together; the others are slower and need more than Node, and CI runs them too. */
export default defineConfig({
  test: {
    // One a core: by itself vitest leaves one free, which is every second one on a small machine.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/{core,adapters,commands,program,architecture}/**/*.test.ts"],
          // Real git and the stand-ins for chat servers are slow, and have projects of their own.
          exclude: ["test/adapters/git/**", "test/adapters/chat/{slack,mattermost}/**"],
          // No file leaves anything behind for the next one, and to load all modules for each would take a third of the time.
          isolate: false,
          testTimeout: 15_000,
        },
      },
      {
        // Whole bots in this process, with a clock that is set by hand.
        test: { name: "engine", include: ["test/engine/**/*.test.ts"], isolate: false, testTimeout: 30_000 },
      },
      {
        test: {
          name: "whole",
          include: ["test/whole/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "git",
          include: ["test/{remotes,adapters/git}/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "chats",
          include: ["test/{conversations,adapters/chat/{slack,mattermost}}/**/*.test.ts"],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: { name: "postgres", include: ["test/postgres/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
