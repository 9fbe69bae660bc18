import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import { type Chat, ChatError, type Delivery } from "../../src/ports/chat.ts";

/** A chat that remembers what it shows, by key, and every call. */
export class MemoryChat implements Chat {
  readonly name = "memory";
  readonly calls: Delivery[] = [];
  readonly #shown = new Map<string, Delivery>();
  away = false;

  async deliver(delivery: Delivery): Promise<{ remoteRef: string }> {
    if (this.away) throw new ChatError("the server is away");
    this.calls.push(delivery);
    this.#shown.set(delivery.key, delivery);
    return { remoteRef: delivery.key };
  }

  /** What a reader of the channel sees, oldest message first. */
  get texts(): string[] {
    return [...this.#shown.values()].map(
      (one) => `${one.channel}: ${renderBlocks(one.blocks, { width: 400, now: 0, zone: "UTC" })}`,
    );
  }

  /** Everybody leaves the room, and it is a new one. */
  forget(): void {
    this.calls.length = 0;
    this.#shown.clear();
  }

  async close(): Promise<void> {}
}
