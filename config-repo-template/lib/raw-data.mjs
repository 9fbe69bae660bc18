/**
 * Raw data as the readout writes them, one JSON document a line. The first line of `events.jsonl` says which run it is:
 *   {"run":1003}
 *   {"hodoscope_mm":[12.1,-3.4],"hits":[[wire,time_ns,charge_adc],...]}
 * `random-triggers.jsonl` holds the charge of every wire while nothing passes: [51,48,...]
 */
import { readFileSync } from "node:fs";

export function readEvents(path) {
  const [{ run }, ...events] = readLines(path);
  return { run, events };
}

export function readLines(path) {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

export function asLines(documents) {
  return documents.map((document) => `${JSON.stringify(document)}\n`).join("");
}
