/** The chats that messages go to, as the configuration of production declares them; the console where it declares none. */
import type { Config } from "../../core/config/config.ts";
import type { Chat } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";

export type ChatsParts = {
  /** Where there is no other. */
  readonly console: Chat;
  /** Throws where it cannot even be tried, as without its secret. */
  readonly openChat: (kind: string, options: unknown) => Promise<Chat>;
  readonly log: Log;
};

type Declared = { readonly options: string; readonly chat: Chat | undefined };

export class Chats {
  readonly #parts: ChatsParts;
  readonly #declared = new Map<string, Declared>();
  /** Why a chat that is declared could not be opened. */
  readonly #troubles = new Map<string, string>();

  constructor(parts: ChatsParts) {
    this.#parts = parts;
  }

  /** Also of those that could not be opened: their messages wait. */
  get names(): readonly string[] {
    return this.#declared.size === 0 ? [this.#parts.console.name] : [...this.#declared.keys()];
  }

  get open(): readonly Chat[] {
    return this.names.flatMap((name) => this.of(name) ?? []);
  }

  get troubles(): ReadonlyMap<string, string> {
    return this.#troubles;
  }

  /** The console takes what was meant for it while it was the only one. */
  of(name: string): Chat | undefined {
    return name === this.#parts.console.name ? this.#parts.console : this.#declared.get(name)?.chat;
  }

  /** Opens what is new or otherwise than before, and closes what is gone. */
  async adjust(config: Config): Promise<void> {
    for (const [name, { options, chat }] of this.#declared) {
      const now = config.chats[name];
      if (now !== undefined && JSON.stringify(now) === options && chat) continue;
      this.#declared.delete(name);
      this.#troubles.delete(name);
      await chat?.close();
    }
    for (const [name, options] of Object.entries(config.chats)) {
      if (this.#declared.has(name)) continue;
      this.#declared.set(name, { options: JSON.stringify(options), chat: await this.#tryToOpen(name, options) });
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#declared.values()].map(({ chat }) => chat?.close()));
    await this.#parts.console.close();
  }

  async #tryToOpen(name: string, options: unknown): Promise<Chat | undefined> {
    try {
      return await this.#parts.openChat(name, options);
    } catch (error) {
      this.#troubles.set(name, (error as Error).message);
      this.#parts.log.error(
        { chat: name, error: (error as Error).message },
        "a chat cannot be opened; its messages wait",
      );
      return undefined;
    }
  }
}
