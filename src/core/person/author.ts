/** Whether somebody of people.yaml wrote a commit. */
import type { PeopleYaml } from "../config/people-yaml.ts";

export function wroteBy(
  { name, email, emails }: Pick<PeopleYaml["people"][string], "name" | "email" | "emails">,
  commit: { readonly author: string; readonly email: string },
): boolean {
  const addresses = [email, ...emails].map((address) => address?.toLowerCase());
  return commit.author === name || addresses.includes(commit.email.toLowerCase());
}
