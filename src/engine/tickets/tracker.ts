/** The tracker that production declares: opened anew when it is declared otherwise. */
import type { TrackerConfig } from "../../core/config/config.ts";
import type { Tickets } from "../../ports/tickets.ts";

export class Tracker {
  readonly #declared: () => TrackerConfig | undefined;
  readonly #open: (declared: TrackerConfig) => Tickets;
  #opened: { readonly by: string; readonly tickets: Tickets } | undefined;

  constructor(declared: () => TrackerConfig | undefined, open: (declared: TrackerConfig) => Tickets) {
    this.#declared = declared;
    this.#open = open;
  }

  current(): Tickets | undefined {
    const declared = this.#declared();
    if (!declared) return undefined;
    const by = JSON.stringify(declared);
    if (this.#opened?.by !== by) this.#opened = { by, tickets: this.#open(declared) };
    return this.#opened.tickets;
  }

  /** Null for a role, and for somebody whom nobody wrote down. */
  accountOf(person: string): string | null {
    const { accounts = {} } = this.#declared() ?? {};
    return (Object.hasOwn(accounts, person) ? accounts[person] : undefined) ?? null;
  }
}
