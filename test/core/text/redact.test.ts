import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactor } from "../../../src/core/text/redact.ts";

const secret = fc.string({ unit: fc.constantFrom(..."abcXYZ0189+/=$.*(\\"), minLength: 6, maxLength: 24 });
const around = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("token: ", '"', "Bearer ", "https://u:", "@host", "\n", "***"),
);

describe("a known secret", () => {
  test("is never left in a text, wherever it stands in it and whatever other secrets there are", () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(around),
        fc.array(fc.nat(9)),
        (secrets, pieces, order) => {
          const parts = order.flatMap((index) => [
            pieces[index % Math.max(1, pieces.length)] ?? "",
            secrets[index % secrets.length] ?? "",
          ]);
          const clean = redactor(secrets)(parts.join(""));
          for (const one of secrets.filter((known) => !known.includes("***"))) expect(clean).not.toContain(one);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("leaves nothing of a longer secret that begins with it", () => {
    expect(redactor(["hunter2", "hunter2-the-long-one"])("x hunter2-the-long-one y")).toBe("x *** y");
  });

  test("of several lines is taken out line by line too, as logs show it", () => {
    const pem = "first-line-of-it\nsecond-line-of-it";
    const clean = redactor([pem])("log: first-line-of-it\nlog: second-line-of-it");
    expect(clean).not.toContain("second-line-of-it");
  });

  test("that is too short to tell from a word is left to what stands before it", () => {
    const redact = redactor(["abc"]);
    expect(redact("the abc of it")).toBe("the abc of it");
    expect(redact("password=abcd")).toBe("password=***");
  });
});

describe("what looks like a secret is taken out", () => {
  test.each([
    ["Authorization: Bearer abcdef0123456789", "Authorization: Bearer ***"],
    ["authorization: basic dXNlcjpwYXNz", "authorization: basic ***"],
    ["password=hunter22 next", "password=*** next"],
    ['{"api_key": "abcd1234", "run": 8215}', '{"api_key": "***", "run": 8215}'],
    ["DB_PASSWORD=hunter22", "DB_PASSWORD=***"],
    ["export REGISTRY_TOKEN=abcd1234", "export REGISTRY_TOKEN=***"],
    ["AWS_SECRET_ACCESS_KEY=abcd1234", "AWS_SECRET_ACCESS_KEY=***"],
    ['password = "two words" next', 'password = "***" next'],
    ["{'Proxy-Authorization': 'Basic dXNlcjpwYXNz'}", "{'Proxy-Authorization': 'Basic ***'}"],
    ["postgres://calops:hunter22@db/calops", "postgres://calops:***@db/calops"],
    ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "***"],
    ["glpat-abcdefghij1234567890", "***"],
    ["xoxb-1234567890-abcdef", "***"],
    ["AKIAIOSFODNN7EXAMPLE", "***"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig", "***"],
    ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nafter", "***\nafter"],
    ["-----BEGIN PRIVATE KEY-----\ncut off", "***"],
  ])("%s", (text, clean) => {
    expect(redactor([])(text)).toBe(clean);
  });
});

describe("what people need is left", () => {
  test.each([
    "ERROR: no pulser data in run 8215",
    "https://bot/logs/t0-calibrate-8215-1-3.log",
    "git@github.com:lab/config.git",
    "Basic tracking of 8 wires",
    "token stream ended",
    "the secret of good fits",
    "commit c0ffee00deadbeef00112233445566778899aabb",
  ])("%s", (text) => {
    expect(redactor(["another-secret"])(text)).toBe(text);
  });
});
