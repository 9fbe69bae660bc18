/** What only production has: the run sources that are read, and the executors that mirrors use as well. */
import type { Config, ExecutorConfig, SourceConfig } from "../core/config/config.ts";
import { redactor } from "../core/text/redact.ts";
import type { Executor } from "../ports/executor.ts";
import type { Revision } from "../ports/revisions.ts";
import type { RunSource } from "../ports/run-source.ts";
import type { Engine } from "./engine.ts";
import type { LoadedRevisions } from "./environments/revisions.ts";
import type { SourceReaders } from "./source-readers.ts";

export type ProductionParts = {
  readonly revisions: LoadedRevisions;
  readonly engine: Engine;
  readonly readers: SourceReaders;
  /** Values of secrets that the configuration names, to be kept out of everything that leaves. */
  readonly secrets: () => readonly string[];
  readonly chats: { adjust(config: Config): Promise<void> };
  readonly openExecutor: (name: string, config: ExecutorConfig, everything: Config) => Promise<Executor>;
  /** `checkout`: the files of the commit that declares it. */
  readonly openSource: (name: string, config: SourceConfig, checkout: string) => Promise<RunSource>;
};

export class Production {
  readonly #parts: ProductionParts;
  /** Open sources, with the checkout that each was opened for. */
  readonly #sources = new Map<string, string>();

  constructor(parts: ProductionParts) {
    this.#parts = parts;
  }

  /** Sources that are new, or of another commit, are opened anew where they were; those that are gone are closed. */
  async openSources({ config, checkout }: Revision): Promise<void> {
    for (const [name, opened] of this.#sources) {
      if (config.sources[name] && opened === checkout) continue;
      await this.#parts.readers.remove(name);
      this.#sources.delete(name);
    }
    for (const [name, source] of Object.entries(config.sources)) {
      if (this.#sources.has(name)) continue;
      this.#sources.set(name, checkout);
      this.#parts.readers.add(name, await this.#parts.openSource(name, source, checkout), source.everyMs);
    }
  }

  /** Executors as the configuration declares them; one that jobs may still run on stays. */
  async openExecutors({ config }: Revision): Promise<void> {
    const { executors } = this.#parts.engine;
    for (const [name, declared] of Object.entries(config.executors)) {
      if (executors.has(name)) executors.setLimit(name, declared.limit);
      else executors.add(await this.#parts.openExecutor(name, declared, config), declared.limit);
    }
  }

  async openChats({ config }: Revision): Promise<void> {
    await this.#parts.chats.adjust(config);
  }

  /** What failures are looked through for: the error rules of every configuration in use, mirrors' too. */
  adjust(): void {
    const patterns = this.#parts.revisions.configs
      .flatMap((config) => Object.values(config.workflows))
      .flatMap((workflow) => workflow.tasks.flatMap((task) => task.errors.flatMap((rule) => rule.log ?? [])));
    this.#parts.engine.executors.configure(patterns, redactor(this.#parts.secrets()));
  }
}
