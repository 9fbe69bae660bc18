/**
 * Notices that something happens to a file or in a folder, where the file system can tell. It is a help only: on a file
 * server nobody is told, and whatever is missed here is found when the source is read the next time.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** A file that is written in small pieces says so with each. */
const PAUSE_MS = 250;

export class Notice {
  readonly #path: string;
  readonly #listener: () => void;
  #watcher: { readonly folder: string; readonly inode: number; readonly on: FSWatcher } | undefined;
  #pause: NodeJS.Timeout | undefined;
  #again = false;
  #closed = false;

  constructor(path: string, listener: () => void) {
    this.#path = path;
    this.#listener = listener;
    this.keep();
  }

  /** Watches what is there now; to be called now and then, since folders come and go. A file is watched through its folder. */
  keep(): void {
    if (this.#closed) return;
    const isFolder = statSync(this.#path, { throwIfNoEntry: false })?.isDirectory() === true;
    const folder = isFolder ? this.#path : dirname(this.#path);
    const inode = statSync(folder, { throwIfNoEntry: false })?.ino;
    if (this.#watcher?.folder === folder && this.#watcher.inode === inode) return;
    this.#release();
    if (inode === undefined) return;
    try {
      const on = watch(folder, { persistent: false }, (_, name) => {
        if (isFolder || name === null || name === basename(this.#path)) this.#tell();
      });
      on.on("error", () => this.#release());
      this.#watcher = { folder, inode, on };
    } catch {
      // This file system does not tell, or too many are watched: the source is read on its own rhythm.
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#pause);
    this.#release();
  }

  /** At once, and after that no more often than the pause allows. */
  #tell(): void {
    if (this.#closed) return;
    this.#again = this.#pause !== undefined;
    if (this.#again) return;
    this.#listener();
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#again) this.#tell();
    }, PAUSE_MS).unref();
  }

  #release(): void {
    this.#watcher?.on.close();
    this.#watcher = undefined;
  }
}
