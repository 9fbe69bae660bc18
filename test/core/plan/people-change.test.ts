import { describe, expect, test } from "vitest";
import { ED25519, edit, edited, planned, RECONSTRUCTION, REPOSITORY, under } from "./planning.ts";

describe("of people it is told", () => {
  const KEY = `ssh-ed25519 ${ED25519}`;

  test("who may do more, who less, and which role nobody has any more", () => {
    const lines = planned(
      REPOSITORY,
      edited(
        REPOSITORY,
        ["people.yaml", "roles: [shifter]", "roles: [expert]"],
        ["people.yaml", "  ben:", "  eve: { name: Eve, roles: [timing-expert] }\n  ben:"],
      ),
    );
    expect(lines[0]).toBe("People changed; 2 roles wider.");
    expect(under("A person must confirm this:", lines)).toEqual(["nobody would have the role shifter any more"]);
    expect(under("Roles that are wider:", lines)).toEqual([
      "eve, who is new, has the role timing-expert now",
      "ben has the role expert now",
    ]);
    expect(under("People:", lines)).toEqual(["person eve is new", "ben has the role shifter no more"]);
  });

  test("who has left", () => {
    const lines = planned(
      REPOSITORY,
      edited(
        REPOSITORY,
        ["people.yaml", "  ben: { name: Ben, roles: [shifter] }\n", ""],
        [RECONSTRUCTION, "ben", "ann"],
      ),
    );
    expect(under("Removed:", lines)).toEqual(["person ben"]);
  });

  test("whose address is another", () => {
    const lines = planned(REPOSITORY, edit("people.yaml", "ann@lab.org", "ann@home.org"));
    expect(lines).toEqual(["People changed.", "People:", "- email of ann ann@lab.org -> ann@home.org"]);
  });

  test("which accounts are theirs now, loudly, since whoever has one may what they may; and which no more", () => {
    const withSlack = edit("people.yaml", "roles: [shifter]", "roles: [shifter], accounts: { slack: U012AB3CD }");
    const lines = planned(REPOSITORY, withSlack);
    expect(lines[0]).toBe("People changed; 1 account new.");
    expect(under("Roles that are wider:", lines)).toEqual(["the account slack:U012AB3CD is ben now"]);
    expect(under("People:", planned(withSlack, REPOSITORY))).toEqual(["the account slack:U012AB3CD is ben no more"]);
  });

  test("which keys are new, and which are taken away; not that one has another comment", () => {
    const withKey = (comment: string) =>
      edit("people.yaml", "roles: [shifter]", `roles: [shifter], keys: ["${KEY}${comment}"]`);
    const block = [
      "-----BEGIN PGP PUBLIC KEY BLOCK-----",
      "",
      "bm90IGEga2V5IGJ1dCBhcyBsb25n",
      "bG9uZw==",
      "=aB3d",
      "-----END PGP PUBLIC KEY BLOCK-----",
    ];
    const withPgp = (lineEnd: string) =>
      edit("people.yaml", "roles: [shifter]", `roles: [shifter], keys: ["${block.join(lineEnd)}"]`);
    expect(under("Roles that are wider:", planned(REPOSITORY, withKey("")))).toEqual([
      "ben has a new key, ssh-ed25519 ...GxwdHh8g",
    ]);
    expect(under("People:", planned(withKey(""), REPOSITORY))).toEqual([
      "ben has no more the key ssh-ed25519 ...GxwdHh8g",
    ]);
    expect(under("Roles that are wider:", planned(REPOSITORY, withPgp("\\n")))).toEqual([
      "ben has a new key, PGP ...bG9uZw==",
    ]);
    expect(planned(withPgp("\\n"), withPgp("\\r\\n"))).toEqual(["Nothing that calops reads changed."]);
    expect(planned(withKey(" ben@old"), withKey(" ben@new"))).toEqual(["Nothing that calops reads changed."]);
  });

  test("what roles may more, loudly; all of it, or more for people whom nobody knows, somebody must confirm", () => {
    const withRights = (text: string) => edit("people.yaml", "people:\n", `${text}people:\n`);
    const some = withRights("roles: { timing-expert: { commands: [retry], workflows: [t0] } }\n");
    expect(under("Rights that are wider:", planned(REPOSITORY, some))).toEqual([
      "commands of role timing-expert none -> retry",
    ]);
    const more = withRights("roles: { timing-expert: { commands: [retry, skip] } }\nunknown: { commands: reading }\n");
    const lines = planned(some, more);
    expect(lines[0]).toBe("People changed; 3 rights wider.");
    expect(under("A person must confirm this:", lines)).toEqual([
      "people whom nobody knows could see more: commands all but logs -> all",
    ]);
    expect(under("Rights that are wider:", lines)).toEqual([
      "commands of role timing-expert retry -> retry, skip",
      "workflows of role timing-expert t0 -> all",
      "commands of people whom nobody knows all but logs -> all",
    ]);
    const less = planned(more, some);
    expect(under("A person must confirm this:", less)).toEqual([]);
    expect(under("Rights that are wider:", less)).toEqual([]);
    expect(under("People:", less)).toEqual([
      "commands of role timing-expert retry, skip -> retry",
      "workflows of role timing-expert all -> t0",
      "commands of people whom nobody knows all -> all but logs",
    ]);
    const all = planned(some, withRights("roles: { timing-expert: { commands: all } }\n"));
    expect(under("A person must confirm this:", all)).toEqual(["the role timing-expert would give every command"]);
  });
});
