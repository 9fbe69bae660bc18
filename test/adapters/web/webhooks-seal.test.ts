import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isIntact, sealOf } from "../../../src/adapters/web/webhooks/seal.ts";
import { WEBHOOK_KINDS, type WebhookKind } from "../../../src/core/environment/rules.ts";

const SECRET = "It's a Secret to Everybody";
const BODY = "Hello, World!";
/** What GitHub's documentation gives for that secret and that body. */
const DIGEST = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

/** The header in which each kind of sender proves itself, and what stands before the digest in it. */
const SIGNED: readonly (readonly [kind: WebhookKind, header: string, before: string])[] = [
  ["github", "x-hub-signature-256", "sha256="],
  ["bitbucket", "x-hub-signature", "sha256="],
  ["gitea", "x-gitea-signature", ""],
  ["gitea", "x-forgejo-signature", ""],
  ["gitea", "x-hub-signature-256", "sha256="],
];

type Headers = Readonly<Record<string, string>>;

async function isGenuine(kind: WebhookKind, headers: Headers, body = Buffer.from(BODY), secret = SECRET) {
  const seal = sealOf(kind, (name) => headers[name], secret);
  return seal !== undefined && (await isIntact(seal, inChunks(body)));
}

async function* inChunks(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 5) yield body.subarray(at, at + 5);
}

const hmac = (body: string, secret: string | Buffer = SECRET, algorithm = "sha256") =>
  createHmac(algorithm, secret).update(body).digest("hex");

describe.each(SIGNED)("a webhook from %s with %s", (kind, header, before) => {
  const others = SIGNED.filter(([other]) => other === kind).map(([, name]) => name);

  test.each<readonly [what: string, value: string | undefined, genuine: boolean]>([
    ["the right signature", `${before}${DIGEST}`, true],
    ["it in upper case, which is the same number", `${before}${DIGEST.toUpperCase()}`, true],
    ["one with another secret", `${before}${hmac(BODY, "another")}`, false],
    ["one with no secret at all", `${before}${hmac(BODY, "")}`, false],
    ["one that differs in its last digit", `${before}${DIGEST.slice(0, -1)}8`, false],
    ["one that is cut off", `${before}${DIGEST.slice(0, -2)}`, false],
    ["one that is too long", `${before}${DIGEST}00`, false],
    ["an empty one", "", false],
    ["the name of the algorithm alone", "sha256=", false],
    ["none", undefined, false],
    ["another algorithm", `sha1=${hmac(BODY, SECRET, "sha1")}`, false],
    ["the right one as another algorithm", `sha1=${DIGEST}`, false],
    ["the secret itself", SECRET, false],
    ["letters that are no hexadecimal digits", `${before}${"g".repeat(64)}`, false],
    ["the header twice, as HTTP joins it", `${before}${DIGEST}, ${before}${DIGEST}`, false],
    ["space around it", ` ${before}${DIGEST} `, false],
  ])("%s", async (_, value, genuine) => {
    expect(await isGenuine(kind, value === undefined ? {} : { [header]: value })).toBe(genuine);
  });

  test("is refused when one byte of the body is another", async () => {
    const changed = Buffer.from(BODY);
    changed[3] = (changed[3] ?? 0) ^ 1;
    expect(await isGenuine(kind, { [header]: `${before}${DIGEST}` }, changed)).toBe(false);
    expect(await isGenuine(kind, { [header]: `${before}${DIGEST}` }, Buffer.from(`${BODY} `))).toBe(false);
  });

  test("is refused in a header of somebody else's", async () => {
    const names = ["x-signature", "x-gitlab-token", "webhook-signature", ...SIGNED.map(([, name]) => name)];
    for (const name of names.filter((one) => !others.includes(one))) {
      expect(await isGenuine(kind, { [name]: `${before}${DIGEST}` })).toBe(false);
    }
  });

  test("is refused where the secret is empty, though its signature fits", async () => {
    expect(await isGenuine(kind, { [header]: `${before}${hmac(BODY, "")}` }, Buffer.from(BODY), "")).toBe(false);
  });

  test("may have an empty body", async () => {
    expect(await isGenuine(kind, { [header]: `${before}${hmac("")}` }, Buffer.alloc(0))).toBe(true);
  });
});

describe("a webhook from gitlab", () => {
  test.each<readonly [what: string, headers: Headers, genuine: boolean]>([
    ["the right token", { "x-gitlab-token": SECRET }, true],
    ["another", { "x-gitlab-token": "another" }, false],
    ["the beginning of it", { "x-gitlab-token": SECRET.slice(0, -1) }, false],
    ["more than it", { "x-gitlab-token": `${SECRET}x` }, false],
    ["it twice", { "x-gitlab-token": `${SECRET}, ${SECRET}` }, false],
    ["an empty one", { "x-gitlab-token": "" }, false],
    ["none", {}, false],
    ["a signature as GitHub makes it", { "x-hub-signature-256": `sha256=${DIGEST}` }, false],
  ])("with %s", async (_, headers, genuine) => {
    expect(await isGenuine("gitlab", headers)).toBe(genuine);
  });

  test("with an empty token where the secret is empty is refused", async () => {
    expect(await isGenuine("gitlab", { "x-gitlab-token": "" }, Buffer.from(BODY), "")).toBe(false);
  });

  test("may have a token beyond ASCII, whose bytes arrive as they were sent", async () => {
    const arrived = Buffer.from("été-σ", "utf8").toString("latin1");
    expect(await isGenuine("gitlab", { "x-gitlab-token": arrived }, Buffer.from(BODY), "été-σ")).toBe(true);
  });
});

describe("a webhook from gitlab that is signed", () => {
  const key = Buffer.from("0123456789abcdef0123456789abcdef");
  const secret = `whsec_${key.toString("base64")}`;
  const signature = (body: string, by = key, { id = "msg_1", timestamp = "1674087231" } = {}) =>
    `v1,${createHmac("sha256", by).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  const right = { "webhook-id": "msg_1", "webhook-timestamp": "1674087231", "webhook-signature": signature(BODY) };

  test("is genuine by the example of the Standard Webhooks specification", async () => {
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const body = Buffer.from('{"test": 2432232314}');
    expect(await isGenuine("gitlab", headers, body, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).toBe(true);
  });

  test.each<readonly [what: string, headers: Headers, genuine: boolean]>([
    ["the right signature", right, true],
    ["it among others", { ...right, "webhook-signature": `v1,${"A".repeat(43)}= ${signature(BODY)} v1a,x` }, true],
    ["one of another body", { ...right, "webhook-signature": signature(`${BODY}x`) }, false],
    ["one by another key", { ...right, "webhook-signature": signature(BODY, Buffer.alloc(32)) }, false],
    ["one by no key", { ...right, "webhook-signature": signature(BODY, Buffer.alloc(0)) }, false],
    ["one of another version", { ...right, "webhook-signature": signature(BODY).replace("v1", "v2") }, false],
    ["one that is cut off", { ...right, "webhook-signature": signature(BODY).slice(0, -3) }, false],
    ["an empty one", { ...right, "webhook-signature": "" }, false],
    ["another moment", { ...right, "webhook-timestamp": "1674087232" }, false],
    ["another id", { ...right, "webhook-id": "msg_2" }, false],
    ["no moment", { "webhook-id": "msg_1", "webhook-signature": signature(BODY) }, false],
    ["no id", { "webhook-timestamp": "1674087231", "webhook-signature": signature(BODY) }, false],
    ["the signing token shown as a secret token, which proves as much", { "x-gitlab-token": secret }, true],
    ["a wrong secret token beside it, for a hook that has both", { ...right, "x-gitlab-token": "another" }, true],
  ])("with %s", async (_, headers, genuine) => {
    expect(await isGenuine("gitlab", headers, Buffer.from(BODY), secret)).toBe(genuine);
  });

  test.each(["whsec_", "whsec_====", `whsec_${Buffer.from("short").toString("base64")}`, SECRET])(
    "is refused where the secret is no signing token: %s",
    async (weak) => {
      const by = Buffer.from(weak.replace("whsec_", ""), "base64");
      const headers = { ...right, "webhook-signature": signature(BODY, by) };
      expect(await isGenuine("gitlab", headers, Buffer.from(BODY), weak)).toBe(false);
    },
  );
});

const NAMES = [
  ...new Set(SIGNED.map(([, header]) => header)),
  "x-gitlab-token",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
];

test("whatever is sent by one who does not know the secret, nothing is proven and nothing is thrown", async () => {
  const hex = fc.stringMatching(/^(sha256=|v1,)?[0-9a-fA-F]{60,66}$/);
  const value = fc.oneof(fc.string({ unit: "binary" }), hex, fc.base64String({ minLength: 44, maxLength: 44 }));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...WEBHOOK_KINDS),
      fc.dictionary(fc.constantFrom(...NAMES), value),
      fc.uint8Array(),
      fc.constantFrom(SECRET, `whsec_${Buffer.alloc(32, 7).toString("base64")}`),
      async (kind, headers, body, secret) => {
        expect(await isGenuine(kind, headers, Buffer.from(body), secret)).toBe(false);
      },
    ),
  );
});

test("whatever its secret and its body are, a webhook that was signed with it is genuine, in whatever pieces it comes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SIGNED),
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.uint8Array({ maxLength: 100 }),
      async ([kind, header, before], secret, bytes) => {
        const value = `${before}${createHmac("sha256", secret).update(bytes).digest("hex")}`;
        expect(await isGenuine(kind, { [header]: value }, Buffer.from(bytes), secret)).toBe(true);
      },
    ),
  );
});
