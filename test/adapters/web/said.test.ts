import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openAccess } from "../../../src/adapters/web/access.ts";
import { saidPath } from "../../../src/adapters/web/addresses.ts";
import { openServer } from "../../../src/adapters/web/server.ts";
import { workspaceIn } from "../../../src/adapters/workspace/workspace.ts";
import { newRequest } from "../../../src/core/chat/request.ts";
import { edited, newMessage } from "../../../src/core/message.ts";
import { type Block, buttons, code, fields, list, moment, picture, right, say, table } from "../../../src/core/say.ts";
import { redactor } from "../../../src/core/text/redact.ts";
import { type Harness, startHarness } from "../../engine/harness.ts";
import { configOf } from "../../engine/workflow-text.ts";
import { MemoryConditions } from "../../fakes/memory-conditions.ts";
import { sketchPainter } from "../../fakes/sketch-painter.ts";

let harness: Harness;
let server: Awaited<ReturnType<typeof openServer>>;
let access: ReturnType<typeof openAccess>;

beforeEach(async () => {
  harness = await startHarness({ files: configOf({ t0: 'tasks: { a: { run: ["true"] } }\n' }) });
  access = openAccess(join(harness.root, "access.json"));
  server = await openServer({
    host: "127.0.0.1",
    port: 0,
    queries: harness.store.queries,
    workspace: workspaceIn(harness.root),
    access,
    redact: () => redactor(["hunter2-the-secret"]),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    desk: { answer: () => Promise.reject(new Error("nobody asks")), wordsOfForm: () => undefined, complete: () => [] },
    backup: async () => {},
    chatListener: () => undefined,
    webhooks: { secretOf: () => undefined, hurry: () => {}, now: () => 0 },
    hsf: { conditions: new MemoryConditions(), served: () => undefined, now: () => 0, url: () => null },
    health: () => ({ stalled: null }),
  });
});
afterEach(async () => {
  await server.close();
  await harness.stop();
});

const AT = Date.parse("2026-11-24T12:00:00Z");
const KEY = "card prompt/8215 ?#%é";

async function told(...blocks: readonly Block[]) {
  await harness.bot.engine.do("told", async (ledger) => {
    ledger.put("posts", newMessage({ key: KEY, chat: "slack", channel: "#timing", blocks }, AT));
  });
}

async function page(path = saidPath(access, KEY)) {
  const response = await fetch(`${server.url}${path}`);
  return { status: response.status, headers: response.headers, html: await response.text() };
}

describe("what was said", () => {
  test("is a page with all of its blocks, and moments in UTC", async () => {
    await told(
      say`Task 7 began at ${moment(AT)}; ${{ url: "https://ci.example.org/a?b=1&c=2", label: "its <log>" }}`,
      table(["task", right("jobs")], [["t0/a", 3]]),
      fields({ owner: "ann", since: moment(AT) }),
      list(["one", "two"]),
      code("line 1\n  line 2"),
      buttons({ label: "Try again", words: ["retry", "7"] }, { label: "Skip", words: ["skip", "7", "no beam"] }),
    );
    const { status, html } = await page();
    expect(status).toBe(200);
    expect(html).toContain("<h1>Message in #timing</h1>");
    expect(html).toContain('<time datetime="2026-11-24T12:00:00.000Z">2026-11-24 12:00:00 UTC</time>');
    expect(html).toContain(
      '<a href="https://ci.example.org/a?b=1&#38;c=2" rel="noopener noreferrer">its &#60;log&#62;</a>',
    );
    expect(html).toContain('<th scope="col" class="right">jobs</th>');
    expect(html).toContain('<tr><td>t0/a</td><td class="right">3</td></tr>');
    expect(html).toContain("<dt>owner</dt><dd>ann</dd>");
    expect(html).toContain("<li>one</li><li>two</li>");
    expect(html).toContain("line 1\n  line 2</pre>");
    expect(html).toContain("<li>Try again: type <code>retry 7</code></li>");
    expect(html).toContain("<code>skip 7 &#34;no beam&#34;</code>");
  });

  test("shows its pictures, and runs no script", async () => {
    const painted = await sketchPainter().paint({ width: 1, height: 1, shapes: [] });
    await told(picture(painted.ok ? painted.png : "", 'shift of "t0"'), say`<script>alert(1)</script>`);
    const { headers, html } = await page();
    expect(html).toContain('src="data:image/png;base64,iVBOR');
    expect(html).toContain('alt="shift of &#34;t0&#34;"');
    const policy = headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none'; .*script-src 'none'; .*img-src data:;/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(html).not.toContain("<script");
  });

  test("is what was told last, and what a picture says where its bytes are none", async () => {
    await told(say`first`);
    await harness.bot.engine.do("edited", async (ledger) => {
      for (const message of await ledger.ask((loads) => loads.messages(KEY)))
        ledger.put("messages", edited(message, [picture('"><b>', "a chart")], AT + 1));
    });
    const { html } = await page();
    expect(html).toContain("<p>a chart</p>");
    expect(html).not.toContain("first");
    expect(html).not.toContain("<b>");
  });

  test("has nothing in it that somebody else wrote as markup, in whatever place it stands", async () => {
    const evil = `</pre></td>"'><img src=x onerror=alert(1)>`;
    await told(
      say`${evil}`,
      say`${{ url: `javascript:alert("${evil}")`, label: evil }} ${{ url: `https://x/${evil}`, label: evil }}`,
      table([evil], [[evil]]),
      fields({ [evil]: evil }),
      list([evil]),
      code(evil),
      picture(evil, evil),
      buttons({ label: evil, words: [evil] }),
    );
    const { html } = await page();
    expect(html).not.toContain("<img");
    expect(html).not.toMatch(/href="(?!https:)/);
    // Whatever is left of it stands in the text, and nowhere as a tag or an attribute.
    expect(html.match(/onerror/g)?.length).toBeGreaterThan(8);
    expect(html.match(/<[^>]*onerror[^>]*>/g)?.every((tag) => /^<a href="https:\/\/x\/[^"]*"/.test(tag)) ?? true).toBe(
      true,
    );
  });

  test("has no secret in it, though it was put together from pieces", async () => {
    await told(
      say`the password is ${"hunter2-"}${"the-secret"}`,
      say`DB_PASSWORD=${"abc12345"}`,
      table(["x"], [["hunter2-the-secret"]]),
      code("Authorization: Bearer abcdefghijkl"),
      say`${{ url: "https://ann:hunter2-the-secret@x.example.org/", label: "hunter2-the-secret" }}`,
      buttons({ label: "hunter2-the-secret", words: ["hunter2-the-secret"] }),
    );
    const { html } = await page();
    expect(html).not.toMatch(/hunter2|abc12345|abcdefghijkl/);
    expect(html.match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(7);
  });

  test("is an answer, too, with what was asked; before there is one, that there is none", async () => {
    const account = { chat: "slack", id: "U1", name: "ann" };
    const place = { channel: "C1", thread: null, direct: false, remote: "" };
    const asked = newRequest({ key: KEY, account, place, asking: { kind: "line", line: "tasks --limit 500" } }, AT);
    await harness.bot.engine.do("asked", async (ledger) => ledger.put("requests", asked));
    expect((await page()).html).toContain("There is no answer yet");
    await harness.bot.engine.do("answered", async (ledger) =>
      ledger.put("requests", {
        ...asked,
        state: "answered",
        answer: { to: "asker", blocks: [say`500 tasks`] },
      }),
    );
    const { html } = await page();
    expect(html).toContain("<h1>Answer to ann: tasks --limit 500</h1>");
    expect(html).toContain("<p>500 tasks</p>");
  });

  test("is read with its own key only, and what there is not looks the same", async () => {
    await told(say`for few`);
    const [path = ""] = saidPath(access, KEY).split("?");
    const other = saidPath(access, "another").split("?")[1] ?? "";
    const right = saidPath(access, KEY).split("?")[1] ?? "";
    for (const wrong of [
      path,
      `${path}?k=`,
      `${path}?k=wrong`,
      `${path}?${other}`,
      `${path}?${right}&${right}`,
      `${path}?${right}x`,
      saidPath(access, "another"),
    ]) {
      const { status, html } = await page(wrong);
      expect(status, wrong).toBe(404);
      expect(html).not.toContain("for few");
    }
    expect((await page()).status).toBe(200);
  });
});
