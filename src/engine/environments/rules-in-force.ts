/** The rules of `environments.yaml` at the head of the protected branch, and the people there. Mistakes leave the old ones in force. */
import type { Config } from "../../core/config/config.ts";
import type { Issue } from "../../core/config/issue.ts";
import type { Kinds } from "../../core/config/kinds.ts";
import { readRules } from "../../core/config/read-rules.ts";
import { DEFAULT_RULES, type EnvironmentRules } from "../../core/environment/rules.ts";
import { type Rights, STANDARD } from "../../core/permission/rights.ts";
import type { ConfigRepository, Ref } from "../../ports/config-repository.ts";

/** The fact that remembers the commit of the rules in force, for a start without the remote. */
export const RULES_FACT = "rules";

export class RulesInForce {
  readonly #repository: ConfigRepository;
  readonly #kinds: Kinds;
  #rules: EnvironmentRules = DEFAULT_RULES;
  #people: Config["people"] = {};
  #rights: Rights = STANDARD;
  #commit: string | undefined;

  constructor(repository: ConfigRepository, kinds: Kinds) {
    this.#repository = repository;
    this.#kinds = kinds;
  }

  get rules(): EnvironmentRules {
    return this.#rules;
  }

  get people(): Config["people"] {
    return this.#people;
  }

  /** What roles mean, and what people may whom nobody knows. */
  get rights(): Rights {
    return this.#rights;
  }

  /** The commit that they were read from. */
  get commit(): string | undefined {
    return this.#commit;
  }

  /** Takes the rules of a commit that was fetched. @returns what is wrong with them, and then the old ones stay */
  async take(commit: Ref["commit"]): Promise<readonly Issue[]> {
    if (commit === this.#commit) return [];
    const files = ["environments.yaml", "people.yaml"].map(
      async (path) => [path, await this.#repository.text(commit, path)] as const,
    );
    const texts = (await Promise.all(files)).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, text] as const],
    );
    const read = readRules(new Map(texts), this.#kinds);
    if (read.issues) return read.issues;
    this.#rules = read.rules;
    this.#people = read.people;
    this.#rights = read.rights;
    this.#commit = commit;
    return [];
  }
}
