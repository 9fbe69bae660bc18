/** The keys that people have in `people.yaml`, each with whose it is. */
import type { Config } from "../config/config.ts";
import type { Key } from "./signature.ts";

export function keysOf(people: Config["people"]): Key[] {
  return Object.entries(people).flatMap(([person, { keys }]) => keys.map((text) => ({ person, text })));
}
