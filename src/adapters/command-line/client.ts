/** Gives commands to a running bot over its port. */
import type { Given } from "../../core/command/command.ts";

export type BotClient = {
  command(words: readonly string[], by: string): Promise<Given>;
  backup(file: string): Promise<void>;
  /** A log as text, as it grows. */
  follow(address: string, from: number): AsyncIterable<string>;
};

/** No bot listens there. */
export class BotAway extends Error {
  constructor(url: string, cause: unknown) {
    super(`no bot answers at ${url}`, { cause });
    this.name = "BotAway";
  }
}

export function botClient(url: string, token: string): BotClient {
  async function ask(path: string, body: unknown): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, url), {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    } catch (error) {
      throw new BotAway(url, error);
    }
    if (response.ok) return response;
    const told = (await response.json().catch(() => ({}))) as { error?: string };
    throw new Error(told.error ?? `the bot at ${url} answers ${response.status}`);
  }
  return {
    async command(words, by) {
      return (await (await ask("/api/commands", { words, by })).json()) as Given;
    },
    async backup(file) {
      await ask("/api/backup", { file });
    },
    async *follow(address, from) {
      const page = new URL(address);
      page.searchParams.set("follow", "");
      page.searchParams.set("from", String(from));
      const response = await fetch(page);
      if (!response.ok || !response.body) throw new Error(`the log cannot be followed: ${response.status}`);
      const decoder = new TextDecoder();
      for await (const chunk of response.body) yield decoder.decode(chunk, { stream: true });
    },
  };
}
