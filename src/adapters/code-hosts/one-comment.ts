/**
 * The one comment that calops keeps under a key. It is found again by a hidden mark at its beginning, and only among those
 * that calops wrote itself: anybody can write the mark, and what somebody else wrote is neither edited nor counted.
 */

import type { Block } from "../../core/say.ts";
import type { CodeHost } from "../../ports/code-host.ts";
import { markOf } from "./mark.ts";
import { renderMarkdown } from "./markdown.ts";
import { wasRefused } from "./refusal.ts";

export type Comment = {
  readonly id: number;
  /** Who wrote it, by the number that the host gives people; undefined for somebody whom it does not know any more. */
  readonly author: number | undefined;
  readonly text: string;
};

/** The comments of a host. */
export type Comments = {
  /** Characters that a comment has at most. */
  readonly most: number;
  /** Whose token it is; undefined where it belongs to nobody. */
  whoAmI(): Promise<number | undefined>;
  /** From the first to the last. */
  of(pull: number): AsyncIterable<Comment>;
  post(pull: number, text: string): Promise<Comment>;
  /** Refused with 404 when there is none of that id any more. */
  edit(pull: number, id: number, text: string): Promise<unknown>;
};

export function oneComment(comments: Comments): CodeHost["comment"] {
  let last: Promise<unknown> = Promise.resolve();
  /** Where the token is nobody's, calops knows itself by what it wrote since it was started. */
  let author: number | undefined;

  async function keep(pull: number, key: string, blocks: readonly Block[]): Promise<void> {
    author ??= await comments.whoAmI();
    const mark = markOf(key);
    const text = `${mark}\n${renderMarkdown(blocks, comments.most - mark.length - 1)}`;
    const there = author === undefined ? undefined : await find(pull, mark, author);
    if (there && sameText(there.text, text)) return;
    if (there && (await isEdited(pull, there.id, text))) return;
    const posted = await comments.post(pull, text);
    author ??= posted.author;
  }

  async function find(pull: number, mark: string, by: number): Promise<Comment | undefined> {
    for await (const comment of comments.of(pull)) {
      if (comment.author === by && comment.text.startsWith(mark)) return comment;
    }
    return undefined;
  }

  async function isEdited(pull: number, id: number, text: string): Promise<boolean> {
    try {
      await comments.edit(pull, id, text);
      return true;
    } catch (error) {
      // Somebody has deleted it since.
      if (wasRefused(error, 404)) return false;
      throw error;
    }
  }

  // Two at once would both find none, and both post one.
  return (pull, key, blocks) => {
    const kept = last.then(() => keep(pull, key, blocks));
    // Whoever asked for it hears of the failure; the next is not stopped by it.
    last = kept.catch(() => {});
    return kept;
  };
}

/** Hosts take space away at the end. */
function sameText(a: string, b: string): boolean {
  return a.trimEnd() === b.trimEnd();
}
