/** Where branches are reviewed, by the rules in force: opened anew when they say something else. */
import type { EnvironmentRules } from "../../core/environment/rules.ts";
import type { CodeHost } from "../../ports/code-host.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export class ReviewHost {
  readonly #rules: RulesInForce;
  readonly #open: (host: NonNullable<EnvironmentRules["host"]>) => CodeHost;
  #opened: { readonly by: string; readonly host: CodeHost } | undefined;

  constructor(rules: RulesInForce, open: (host: NonNullable<EnvironmentRules["host"]>) => CodeHost) {
    this.#rules = rules;
    this.#open = open;
  }

  current(): CodeHost | undefined {
    const { host } = this.#rules.rules;
    if (!host) return undefined;
    const by = JSON.stringify(host);
    if (this.#opened?.by !== by) this.#opened = { by, host: this.#open(host) };
    return this.#opened.host;
  }
}
