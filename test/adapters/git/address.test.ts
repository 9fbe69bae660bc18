import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { addressOf, hiding } from "../../../src/adapters/git/address.ts";

describe("where a configuration comes from", () => {
  test("is an address, one of ssh without a protocol, or a path", () => {
    expect(addressOf("https://host/group/x.git")).toMatchObject({ local: false, origin: "https://host", secrets: [] });
    expect(addressOf("http://host:8080/x.git")).toMatchObject({ local: false, origin: "http://host:8080" });
    expect(addressOf("ssh://git@host/x.git")).toMatchObject({ local: false, origin: undefined, secrets: [] });
    expect(addressOf("git@host:group/x.git")).toMatchObject({ local: false, shown: "git@host:group/x.git" });
    expect(addressOf("some/where")).toMatchObject({ local: true, source: resolve("some/where") });
  });

  test("is nothing that git would take for an option or for more than one line, and no other protocol", () => {
    for (const source of ["--upload-pack=x", "-x", "", "https://host/x\n--exec", "a\0b"])
      expect(() => addressOf(source)).toThrow("is none that git is given; write an address or a path");
    for (const source of ["git://host/x", "ftp://host/x", "HTTPS://host/x", "fd://3", "ext://x"])
      expect(() => addressOf(source)).toThrow(/^configurations are not fetched by .*; write an address that begins/);
    // What looks like a helper of git is a path like others.
    expect(addressOf("ext::sh -c id")).toMatchObject({ local: true });
    expect(() => addressOf("https://ann:secret@host:secret/x")).toThrow(/^(?!.*secret)/);
  });

  test("is given to git without its password, which everybody could read there", () => {
    expect(addressOf("https://ann:hunter2@host:8443/x.git")).toMatchObject({
      source: "https://host:8443/x.git",
      login: "ann:hunter2",
    });
    expect(addressOf("https://a%40x:p%40ss%2Fw@host/x")).toMatchObject({
      source: "https://host/x",
      login: "a@x:p@ss/w",
    });
    // Whoever helps git with passwords looks for the one of this name.
    expect(addressOf("https://ann@host/x")).toMatchObject({ source: "https://ann@host/x", login: undefined });
  });

  test("is spoken of without its password", () => {
    expect(addressOf("https://ann:hunter2@host/x.git").shown).toBe("https://***@host/x.git");
    expect(addressOf("https://ghp_token@host/x.git").shown).toBe("https://***@host/x.git");
    expect(addressOf("ssh://git:hunter2@host/x.git").shown).toBe("ssh://git:***@host/x.git");
    expect(addressOf("https://a:p%40ss%2Fw@host/x").secrets).toEqual(expect.arrayContaining(["p%40ss%2Fw", "p@ss/w"]));
  });
});

describe("what git says is told", () => {
  test("without the secrets that it was given, and without any user of an address", () => {
    const hide = hiding(addressOf("https://ann:hunter2x@host/x.git").secrets);
    const told = hide(
      "fatal: unable to access 'https://ann:hunter2x@host/x.git/': hunter2x; also http://b:c@d and https://tok@d/",
    );
    expect(told).toBe("fatal: unable to access 'https://***@host/x.git/': ***; also http://***@d and https://***@d/");
  });
});
