/**
 * Answers to lookups, as they were sent. Where every type of a tag holds at a moment, the answer is the same for as long as none of
 * their intervals ends: jobs of neighbouring runs ask for the same over and over. One of another version of the tag is worth nothing.
 */
import { common } from "../../../core/conditions/intervals.ts";
import { covers, type Iov, type Span } from "../../../core/conditions/iov.ts";
import { BEGINNING, type Moment } from "../../../core/conditions/moment.ts";

export type Asked = { readonly tag: string; readonly shape: string; readonly version: number };

type Kept = { readonly version: number; readonly span: Span; readonly text: string };

const MOST_CHARACTERS = 64e6;

export class RememberedAnswers {
  readonly #kept = new Map<string, Kept[]>();
  #characters = 0;

  find({ tag, shape, version }: Asked, moment: Moment): string | undefined {
    const kept = this.#kept.get(`${shape} ${tag}`);
    return kept?.find((one) => one.version === version && covers(one.span, moment))?.text;
  }

  /** @param iovs of every type that the tag has */
  keep({ tag, shape, version }: Asked, iovs: readonly Iov[], text: string): void {
    if (this.#characters + text.length > MOST_CHARACTERS) this.#forget();
    const span = iovs.reduce<Span>(common, { from: BEGINNING, until: null });
    const key = `${shape} ${tag}`;
    const others = this.#kept.get(key)?.filter((one) => one.version === version) ?? [];
    this.#kept.set(key, [...others, { version, span, text }]);
    this.#characters += text.length;
  }

  #forget(): void {
    this.#kept.clear();
    this.#characters = 0;
  }
}
