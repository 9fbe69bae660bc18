import { accessSync, constants, realpathSync } from "node:fs";
import { join } from "node:path";
import { isBelow } from "../../../src/adapters/isolation/paths.ts";
import { PRIVATE, placesOf } from "../../../src/adapters/isolation/places.ts";

/** Where a test may write and nothing is hidden; undefined for people whose only place is their home. */
export const visible = [join(import.meta.dirname, "../../../node_modules"), "/srv", "/opt", "/var/cache"].find(
  isVisible,
);

function isVisible(directory: string): boolean {
  const places = placesOf(import.meta.dirname, {});
  if (typeof places === "string") return false;
  try {
    const real = realpathSync(directory);
    accessSync(real, constants.W_OK);
    return ![...places.hidden, ...PRIVATE].some((place) => isBelow(real, place));
  } catch {
    return false;
  }
}
