/** The decisions alone, through the fake that keeps plain lists: it passes the contract of the real ones. */
import { conditionsContract } from "../../contracts/conditions.ts";
import { MemoryConditions } from "../../fakes/memory-conditions.ts";

conditionsContract(
  "memory",
  async () => ({ open: async () => new MemoryConditions(), clean: async () => {}, lasts: false }),
  400,
);
