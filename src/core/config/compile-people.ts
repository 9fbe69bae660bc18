import type { Parsed } from "./checker.ts";
import type { PeopleYaml } from "./people-yaml.ts";
import { identityOf } from "./public-key.ts";

/** What a person is known by is theirs alone. */
export function checkPeople(parsed: Parsed<PeopleYaml>): void {
  checkKeys(parsed);
  checkAccounts(parsed);
}

function checkAccounts({ value, check }: Parsed<PeopleYaml>): void {
  const owners = new Map<string, string>();
  for (const [person, { accounts }] of Object.entries(value.people)) {
    for (const [chat, id] of Object.entries(accounts)) {
      const account = `${chat}:${id}`;
      const owner = owners.get(account);
      if (owner !== undefined)
        check.report(
          ["people", person, "accounts", chat],
          "conflict",
          `this account is ${owner}'s too`,
          "leave it to the one who uses it",
        );
      owners.set(account, person);
    }
  }
}

/** A signature is one person's: no two have the same key. */
function checkKeys({ value, check }: Parsed<PeopleYaml>): void {
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
