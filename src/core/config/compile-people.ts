import type { Parsed } from "./checker.ts";
import type { PeopleYaml } from "./people-yaml.ts";
import { identityOf } from "./public-key.ts";

/** A signature is one person's: no two have the same key. */
export function checkKeys({ value, check }: Parsed<PeopleYaml>): void {
  const owners = new Map<string, string>();
  for (const [person, { keys }] of Object.entries(value.people)) {
    keys.forEach((key, index) => {
      const owner = owners.get(identityOf(key));
      if (owner !== undefined)
        check.report(
          ["people", person, "keys", index],
          "conflict",
          owner === person ? "this key stands here twice" : `this key is ${owner}'s too`,
          owner === person ? "take one of them away" : "leave it to the one who signs with it",
        );
      owners.set(identityOf(key), person);
    });
  }
}
