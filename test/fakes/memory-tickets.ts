import type { Block } from "../../src/core/say.ts";
import type { RemoteTicket, TicketState } from "../../src/core/ticket/ticket.ts";
import type { NewTicket, Tickets } from "../../src/ports/tickets.ts";

export type MemoryTicket = NewTicket & {
  readonly key: string;
  readonly id: string;
  state: TicketState;
  readonly blocks: string[];
  readonly notes: { readonly key: string; readonly text: string }[];
};

/** A tracker that remembers its tickets, and every deed. Something can be made to happen before each. */
export class MemoryTickets implements Tickets {
  readonly tickets: MemoryTicket[] = [];
  readonly deeds: string[] = [];
  /** It may throw: then the deed is not done. */
  before: (deed: string) => void = () => {};
  /** It may throw: then the deed is done, and nobody hears of it. */
  after: (deed: string) => void = () => {};
  /** As those trackers are that search in an index which is behind. */
  findsNothing = false;

  async find(key: string): Promise<RemoteTicket | undefined> {
    return this.#do("find", () => {
      const found = this.findsNothing ? undefined : this.tickets.find((one) => one.key === key);
      return found && this.#remote(found);
    });
  }

  async make(key: string, ticket: NewTicket): Promise<RemoteTicket> {
    return this.#do("make", () => {
      const made = {
        ...ticket,
        key,
        id: String(this.tickets.length + 1),
        state: "open" as const,
        blocks: [],
        notes: [],
      };
      this.tickets.push(made);
      return this.#remote(made);
    });
  }

  async block(blocker: string, blocked: string): Promise<void> {
    this.#do("block", () => {
      const { blocks } = this.#get(blocker);
      if (!blocks.includes(blocked)) blocks.push(blocked);
    });
  }

  async move(id: string, to: TicketState): Promise<void> {
    this.#do("move", () => {
      this.#get(id).state = to;
    });
  }

  async write(id: string, key: string, blocks: readonly Block[]): Promise<void> {
    this.#do("write", () => {
      const { notes } = this.#get(id);
      const text = blocks.flatMap((block) => (block.kind === "text" ? block.parts : [])).join("");
      if (!notes.some((one) => one.key === key)) notes.push({ key, text });
    });
  }

  async examine() {
    return [];
  }

  #do<T>(deed: string, work: () => T): T {
    this.deeds.push(deed);
    this.before(deed);
    const done = work();
    this.after(deed);
    return done;
  }

  #get(id: string): MemoryTicket {
    const found = this.tickets.find((one) => one.id === id);
    if (!found) throw new Error(`there is no ticket ${id}`);
    return found;
  }

  #remote({ id }: MemoryTicket): RemoteTicket {
    return { id, url: `https://tracker.example/${id}` };
  }
}
