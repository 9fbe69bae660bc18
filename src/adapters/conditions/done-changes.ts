/**
 * What changes came to, by their keys: the servers know no keys, so they are remembered here, in a file of the data directory. A
 * bot that dies between the change and the line here makes the change once more, which comes to the same.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { TagChanged } from "../../core/conditions/change.ts";

export type Done = Extract<TagChanged, { ok: true }>;

export type DoneChanges = {
  get(key: string): Done | undefined;
  add(key: string, done: Done): void;
};

/** @param most so many are kept, the newest */
export function doneChangesIn(file: string, most = 2_000): DoneChanges {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const done = new Map<string, Done>(linesIn(text).slice(-most));
  // Behind a line that was cut off, the next one would be lost with it.
  let before = text === "" || text.endsWith("\n") ? "" : "\n";
  let lines = done.size;
  const line = (key: string, one: Done) => `${JSON.stringify([key, one])}\n`;
  return {
    get: (key) => done.get(key),
    add(key, one) {
      mkdirSync(dirname(file), { recursive: true });
      done.set(key, one);
      if (done.size > most) done.delete(done.keys().next().value ?? "");
      lines++;
      if (lines <= 2 * most) {
        appendFileSync(file, before + line(key, one), { flush: true });
        before = "";
        return;
      }
      const whole = [...done].map(([each, outcome]) => line(each, outcome)).join("");
      writeFileSync(`${file}.new`, whole, { flush: true });
      renameSync(`${file}.new`, file);
      lines = done.size;
    },
  };
}

function linesIn(text: string): [string, Done][] {
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as [string, Done]];
    } catch {
      // The bot died while it wrote this line; the change is made once more, and comes to the same.
      return [];
    }
  });
}
