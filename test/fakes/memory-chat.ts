import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import type { Form } from "../../src/core/chat/form.ts";
import type { Asking, Place } from "../../src/core/chat/request.ts";
import { type Chat, type ChatDesk, ChatError, type Delivery, type Incoming, type Reply } from "../../src/ports/chat.ts";

/** A chat that remembers what it shows, by key, and every call. */
export class MemoryChat implements Chat {
  readonly name: string;
  readonly paceMs: number;
  readonly calls: Delivery[] = [];
  readonly answers: Reply[] = [];
  readonly forms: Form[] = [];
  readonly #shown = new Map<string, Delivery>();
  readonly #refs = new Map<string, string>();
  readonly #lost = new Set<string>();
  away = false;
  #desk: ChatDesk | undefined;
  #asked = 0;
  /** What happens to each call before it is done: it may throw. */
  before: (what: Delivery | Reply) => void = () => {};

  constructor(name = "memory", paceMs = 0) {
    this.name = name;
    this.paceMs = paceMs;
  }

  opened(desk: ChatDesk): void {
    this.#desk = desk;
  }

  /** Somebody asks. Resolves with the key of what they asked once it is acknowledged. */
  async ask(asking: Asking | string, more: Partial<Incoming> = {}): Promise<string> {
    const key = more.key ?? `${this.name} ${++this.#asked}`;
    const place: Place = { channel: "C1", thread: null, direct: false, remote: "" };
    const taken = await this.#desk?.take({
      key,
      account: { chat: this.name, id: "U1", name: "ann" },
      place,
      asking: typeof asking === "string" ? { kind: "line", line: asking } : asking,
      ...more,
    });
    if (!taken?.taken) throw new Error(taken ? textOf({ blocks: taken.say }) : "nobody listens");
    return key;
  }

  /** Presses what was shown last under this label. */
  async press(label: string, more: Partial<Incoming> = {}): Promise<string> {
    const shown = [...this.calls, ...this.answers].flatMap(({ blocks }) => blocks);
    const button = shown
      .flatMap((block) => (block.kind === "buttons" ? block.buttons : []))
      .findLast((one) => one.label === label);
    if (!button || !this.#desk) throw new Error(`nobody is shown a button ${label}`);
    return await this.ask({ kind: "press", seal: this.#desk.seal(button) }, more);
  }

  nameOf(channel: string): string {
    return channel;
  }

  async deliver(delivery: Delivery): Promise<{ remoteRef: string }> {
    this.#reach(delivery);
    this.calls.push(delivery);
    const there = this.#refs.get(delivery.key);
    const remoteRef = there ?? (this.#lost.has(delivery.key) ? `${delivery.key} anew` : delivery.key);
    this.#refs.set(delivery.key, remoteRef);
    this.#shown.set(delivery.key, delivery);
    return { remoteRef };
  }

  async answer(reply: Reply): Promise<void> {
    this.#reach(reply);
    this.answers.push(reply);
  }

  async openForm(_place: unknown, form: Form): Promise<boolean> {
    if (this.away) return false;
    this.forms.push(form);
    return true;
  }

  async examine(): Promise<[]> {
    return [];
  }

  /** What a reader of the channel sees, oldest message first. */
  get texts(): string[] {
    return [...this.#shown.values()].map((one) => `${one.channel}: ${textOf(one)}`);
  }

  /** Somebody deletes a message: its next edit is posted anew, and is another message. */
  lose(key: string): void {
    this.#shown.delete(key);
    this.#refs.delete(key);
    this.#lost.add(key);
  }

  /** How a message reads now; undefined where there is none. */
  shows(key: string): string | undefined {
    const shown = this.#shown.get(key);
    return shown && textOf(shown);
  }

  /** What hangs under a message, as the room calls that. */
  under(remoteRef: string): string[] {
    return [...this.#shown.values()].filter(({ thread }) => thread === remoteRef).map(textOf);
  }

  /** Everybody leaves the room, and it is a new one. */
  forget(): void {
    this.calls.length = 0;
    this.#shown.clear();
  }

  async close(): Promise<void> {}

  #reach(what: Delivery | Reply): void {
    if (this.away) throw new ChatError("the server is away");
    this.before(what);
  }
}

export function textOf({ blocks }: Pick<Delivery, "blocks">): string {
  return renderBlocks(blocks, { width: 400, now: 0, zone: "UTC" });
}
