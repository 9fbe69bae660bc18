/** What every code host keeps, against a server that stands in for it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HostContext } from "../../src/adapters/code-hosts/host-context.ts";
import { type Block, code, list, say } from "../../src/core/say.ts";
import { type CodeHost, CodeHostError } from "../../src/ports/code-host.ts";
import { type Asked, aStrictServer, type StrictServer, type Trouble } from "../fakes/strict-server.ts";

export type CodeHostGround = {
  /** A new instance over the same host, as after a restart. */
  open(context?: Partial<HostContext>): CodeHost;
  readonly server: StrictServer;
  readonly token: string;
  readonly secretName: string;
  readonly commit: string;
  readonly most: { readonly inComment: number; readonly inStatus: number };
  pull(of: PullMade): number;
  comments(pull: number): readonly { readonly id: number; readonly text: string; readonly ours: boolean }[];
  /** Somebody writes, with an account of their own or with that of calops. */
  write(pull: number, text: string, by: "somebody" | "us"): void;
  /** From now on the host gives all pull requests, whatever it is asked for. */
  passOverFilters(): void;
  remove(comment: number): void;
  /** The newest of each context, with its state as calops calls it. */
  statuses(): Readonly<Record<string, { readonly state: string; readonly description: string }>>;
};

/** A pull request that somebody makes: open, from the repository itself and into `main` where nothing else is said. */
export type PullMade = {
  readonly branch: string;
  readonly into?: string;
  readonly title?: string;
  readonly text?: string | null;
  readonly fork?: "of the same owner" | "gone";
  readonly state?: "open" | "closed";
};

export function codeHostContract(name: string, setup: () => Promise<CodeHostGround>): void {
  describe(`the code host ${name}`, () => {
    let ground: CodeHostGround;
    let host: CodeHost;

    beforeEach(async () => {
      ground = await setup();
      host = ground.open();
    });
    afterEach(async () => {
      await ground.server.close();
      expect(ground.server.complaints).toEqual([]);
    });

    const writes = () => ground.server.asked.filter(({ method }) => method !== "GET").map(({ method }) => method);
    const isEdit = ({ method }: Asked) => method === "PATCH" || method === "PUT";
    const ours = (pull: number) => ground.comments(pull).filter((comment) => comment.ours);
    const blocks = (text: string): readonly Block[] => [say`${text}`];
    /** What it is rejected with. */
    const refusal = async (asking: Promise<unknown>): Promise<CodeHostError> => {
      const error = await asking.then(
        () => new Error("it was done"),
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(CodeHostError);
      return error as CodeHostError;
    };
    const everything = (): readonly (readonly [string, () => Promise<unknown>])[] => [
      ["pulls", () => host.pulls("retune")],
      ["openPull", () => host.openPull({ branch: "b", into: "main", title: "t", text: [] })],
      ["comment", () => host.comment(1, "plan", blocks("a plan"))],
      ["status", () => host.status(ground.commit, { context: "calops/validate", state: "success", description: "" })],
    ];

    describe("pulls", () => {
      test("are the open ones from a branch, with what their author wrote", async () => {
        const number = ground.pull({ branch: "retune", title: "Retune T0", text: "replay: 8215\n", into: "main" });
        const other = ground.pull({ branch: "retune", into: "next", text: null });
        ground.pull({ branch: "retune-2" });
        ground.pull({ branch: "retune", state: "closed" });
        const pulls = await host.pulls("retune");
        expect(pulls).toEqual([
          {
            number,
            title: "Retune T0",
            text: "replay: 8215\n",
            into: "main",
            url: expect.stringMatching(/^http.*\d$/),
          },
          { number: other, title: "a change", text: "", into: "next", url: expect.any(String) },
        ]);
        expect(await host.pulls("no-such-branch")).toEqual([]);
      });

      test("are not those of forks, though their branch has the same name", async () => {
        ground.pull({ branch: "retune", fork: "of the same owner" });
        ground.pull({ branch: "retune", fork: "gone" });
        expect(await host.pulls("retune")).toEqual([]);
      });

      test("are those that were asked for, though the host gives others as well", async () => {
        const number = ground.pull({ branch: "retune" });
        ground.pull({ branch: "another" });
        ground.passOverFilters();
        expect((await host.pulls("retune")).map((pull) => pull.number)).toEqual([number]);
      });

      test.each(["feature/x", "a&state=all", "ümlaut/σ", "100%", "a#b", "a:b", "a+b c", "a?b", "\ud800"])(
        "are found whatever the branch is called: %s",
        async (branch) => {
          const number = ground.pull({ branch: branch.toWellFormed() });
          expect((await host.pulls(branch.toWellFormed())).map((pull) => pull.number)).toEqual([number]);
          await host.pulls(branch);
        },
      );

      test("are all of them, on however many pages", async () => {
        const numbers = Array.from({ length: 205 }, (_, index) =>
          ground.pull({ branch: "retune", into: `into-${index}` }),
        );
        expect((await host.pulls("retune")).map(({ number }) => number)).toEqual(numbers);
      });
    });

    describe("a pull request that calops opens", () => {
      const wanted = {
        branch: "calops/campaign-proc8",
        into: "main",
        title: "Campaign proc8",
        text: [say`Asked for by ann: /approve <b>@all</b>`],
      };

      test("is there once, whatever a restart is between, and is found by its branch", async () => {
        const pull = await host.openPull(wanted);
        expect(pull).toMatchObject({ title: "Campaign proc8", into: "main", url: expect.stringMatching(/^http.*\d$/) });
        expect(await host.openPull({ ...wanted, title: "Another" })).toEqual(pull);
        expect(await ground.open().openPull(wanted)).toEqual(pull);
        expect(await host.pulls("calops/campaign-proc8")).toEqual([pull]);
        expect(writes()).toEqual(["POST"]);
        expect(pull.text).not.toContain("<b>");
      });

      test("is another from another branch, and has a title of one line that the host takes", async () => {
        const first = await host.openPull(wanted);
        const other = await host.openPull({ ...wanted, branch: "calops/x", title: `two\nlines ${"x".repeat(300)}` });
        expect(other.number).not.toBe(first.number);
        expect(other.title).not.toContain("\n");
      });
    });

    describe("the comment", () => {
      test("is posted once and then edited in place", async () => {
        const pull = ground.pull({ branch: "retune" });
        await host.comment(pull, "plan", blocks("the first plan"));
        const [first] = ground.comments(pull);
        expect(first?.text).toBe("<!-- calops plan -->\nthe first plan");
        await host.comment(pull, "plan", blocks("the second plan"));
        expect(ground.comments(pull)).toEqual([{ ...first, text: "<!-- calops plan -->\nthe second plan" }]);
      });

      test("is left as it is when it says the same, whatever a restart is between", async () => {
        const pull = ground.pull({ branch: "retune" });
        const plan = [say`a plan`, list(["one", "two"]), code("x\n\n")];
        await host.comment(pull, "plan", plan);
        await host.comment(pull, "plan", plan);
        await ground.open().comment(pull, "plan", plan);
        expect(writes()).toEqual(["POST"]);
      });

      test("is found again behind many others after a restart", async () => {
        const pull = ground.pull({ branch: "retune" });
        for (let count = 0; count < 230; count++) ground.write(pull, `remark ${count}`, "somebody");
        await host.comment(pull, "plan", blocks("the first plan"));
        await ground.open().comment(pull, "plan", blocks("the second plan"));
        expect(ours(pull).map(({ text }) => text)).toEqual(["<!-- calops plan -->\nthe second plan"]);
      });

      test("is not one that somebody else wrote with the same mark, which stays as it is", async () => {
        const pull = ground.pull({ branch: "retune" });
        ground.write(pull, "<!-- calops plan -->\nthe plan", "somebody");
        ground.write(pull, "<!-- calops plan -->\nNothing changes. Approved!", "somebody");
        await host.comment(pull, "plan", blocks("the plan"));
        await host.comment(pull, "plan", blocks("another plan"));
        expect(ground.comments(pull).map(({ ours, text }) => [ours, text.split("\n")[1]])).toEqual([
          [false, "the plan"],
          [false, "Nothing changes. Approved!"],
          [true, "another plan"],
        ]);
      });

      test("is not one from the same account that only quotes the mark", async () => {
        const pull = ground.pull({ branch: "retune" });
        ground.write(pull, "A plan begins with <!-- calops plan -->", "us");
        await host.comment(pull, "rehearsal", blocks("<!-- calops plan -->"));
        await host.comment(pull, "plan", blocks("a plan"));
        expect(ours(pull)).toHaveLength(3);
      });

      test("is the first where there are two", async () => {
        const pull = ground.pull({ branch: "retune" });
        for (const text of ["first", "second"]) ground.write(pull, `<!-- calops plan -->\n${text}`, "us");
        await host.comment(pull, "plan", blocks("a plan"));
        expect(ours(pull).map(({ text }) => text.split("\n")[1])).toEqual(["a plan", "second"]);
      });

      test("may be empty, and stays so", async () => {
        const pull = ground.pull({ branch: "retune" });
        await host.comment(pull, "plan", []);
        await host.comment(pull, "plan", []);
        expect(writes()).toEqual(["POST"]);
      });

      test("comes anew when it was deleted", async () => {
        const pull = ground.pull({ branch: "retune" });
        await host.comment(pull, "plan", blocks("the first plan"));
        ground.remove(ours(pull)[0]?.id ?? 0);
        await host.comment(pull, "plan", blocks("the first plan"));
        expect(ours(pull)).toHaveLength(1);
      });

      test("comes anew when it is deleted while it is to be edited", async () => {
        const pull = ground.pull({ branch: "retune" });
        await host.comment(pull, "plan", blocks("the first plan"));
        ground.server.before((asked) => {
          if (isEdit(asked)) ground.remove(ours(pull)[0]?.id ?? 0);
        });
        await host.comment(pull, "plan", blocks("the second plan"));
        expect(ours(pull).map(({ text }) => text)).toEqual(["<!-- calops plan -->\nthe second plan"]);
      });

      test("is another under another key and on another pull request, whatever the key is", async () => {
        const pulls = [ground.pull({ branch: "retune" }), ground.pull({ branch: "retune", into: "next" })];
        const keys = ["plan", "pla", "plan 2", "plan --> <b>", "a--b", "--!>", "ü", "\ud800"];
        for (const pull of pulls) {
          for (const key of keys) await host.comment(pull, key, blocks("first"));
          for (const key of keys) await ground.open().comment(pull, key, blocks("second"));
          expect(ours(pull)).toHaveLength(keys.length);
          for (const { text } of ours(pull)) expect(text).toMatch(/^<!-- calops (?:(?!-->|--!>|>).)+ -->\nsecond$/);
        }
      });

      test("stays one though it is asked for many times at once, and the last word counts", async () => {
        const pull = ground.pull({ branch: "retune" });
        const texts = Array.from({ length: 5 }, (_, index) => `plan ${index}`);
        await Promise.all(texts.map((text) => host.comment(pull, "plan", blocks(text))));
        expect(ours(pull).map(({ text }) => text)).toEqual(["<!-- calops plan -->\nplan 4"]);
      });

      test("is posted though the one before it failed", async () => {
        const pull = ground.pull({ branch: "retune" });
        let failures = 0;
        ground.server.trouble({ status: 500 }, () => failures++ === 0);
        const failing = refusal(host.comment(pull, "plan", blocks("a plan")));
        await host.comment(pull, "plan", blocks("a plan"));
        await failing;
        expect(ours(pull)).toHaveLength(1);
      });

      test("is found again though the answer to its posting was lost", async () => {
        const pull = ground.pull({ branch: "retune" });
        ground.server.trouble("loses its answer", ({ method }) => method === "POST");
        await refusal(host.comment(pull, "plan", blocks("a plan")));
        expect(ours(pull)).toHaveLength(1);
        ground.server.trouble();
        await host.comment(pull, "plan", blocks("a plan"));
        expect(ours(pull)).toHaveLength(1);
      });

      test("is as long as the host allows, and says what was left out", async () => {
        const pull = ground.pull({ branch: "retune" });
        const lines = Array.from({ length: 200_000 }, (_, index) => `line ${index} <b> 😀`);
        await host.comment(pull, "x".repeat(500), [say`what changes`, code(lines.join("\n"))]);
        const text = ours(pull)[0]?.text ?? "";
        expect(text.length).toBeLessThanOrEqual(ground.most.inComment);
        expect(text.length).toBeGreaterThan(ground.most.inComment * 0.99);
        const shown = text.split("\n").filter((line) => line.startsWith("line ")).length;
        expect(text).toContain(`\n\`\`\`\n\n${200_000 - shown} more lines are not shown`);
      });

      test("of a pull request that is not there is refused", async () => {
        expect((await refusal(host.comment(404, "plan", blocks("a plan")))).message).toContain("404");
      });
    });

    describe("a status", () => {
      const status = (state: "pending" | "success" | "failure", description = "said") =>
        host.status(ground.commit, { context: "calops/validate", state, description });

      test("is the newest of its context", async () => {
        await status("pending");
        await host.status(ground.commit, { context: "calops/production", state: "pending", description: "waits" });
        await status("failure");
        await status("success", "the configuration is valid");
        expect(ground.statuses()).toEqual({
          "calops/validate": { state: "success", description: "the configuration is valid" },
          "calops/production": { state: "pending", description: "waits" },
        });
      });

      test("may be said again", async () => {
        for (const state of ["pending", "pending", "failure", "failure", "success", "success"] as const) {
          await status(state);
          expect(ground.statuses()["calops/validate"]?.state).toBe(state);
        }
      });

      test("has a description of one line that ends with a whole character", async () => {
        await status("failure", `workflow.yaml:1:\n${"😀".repeat(300)}`);
        const description = ground.statuses()["calops/validate"]?.description ?? "";
        expect(description).toMatch(/^workflow\.yaml:1: 😀+…$/u);
        expect([...description]).toHaveLength(ground.most.inStatus);
      });

      test("of a commit that is not there is refused, with what can be done", async () => {
        const asking = host.status("0".repeat(40), { context: "calops/validate", state: "success", description: "" });
        expect((await refusal(asking)).message).toMatch(/(404|422).*look /);
      });
    });

    describe("in trouble", () => {
      test.each<readonly [what: string, trouble: Trouble, said: RegExp, retryAfterMs: number | undefined]>([
        [
          "a token that is not taken",
          { status: 401, body: { message: "Bad credentials" } },
          /make a new one/,
          undefined,
        ],
        ["a token that may not", { status: 403, body: { message: "no" } }, /give it the rights/, undefined],
        ["nothing that can be seen", { status: 404 }, /is not there, or the token/, undefined],
        ["a limit", { status: 429, headers: { "retry-after": "7" } }, /left alone; ask again in 7s/, 7_000],
        ["a limit of no length", { status: 429 }, /ask again in 1m/, 60_000],
        ["a limit of refusals", { status: 403, headers: { "retry-after": "90" } }, /ask again in 1m30s/, 90_000],
        ["an illness", { status: 500, body: "<html>oops</html>" }, /not well; ask again later/, undefined],
        ["an illness that ends", { status: 503, headers: { "retry-after": "30" } }, /ask again in 30s/, 30_000],
        ["a move", { status: 301, headers: { location: "/elsewhere" } }, /has moved/, undefined],
        ["no answer", "hangs", /did not answer within 300ms; look at/, undefined],
        ["half an answer", "breaks off", /broke off in the middle/, undefined],
        ["a page for people", { status: 200, body: "<html>Sign in</html>" }, /something else than/, undefined],
      ])("%s is told as what it is", async (_, trouble, said, retryAfterMs) => {
        ground.server.trouble(trouble);
        if (trouble === "hangs") host = ground.open({ timeoutMs: 300 });
        // What is made is not looked at in the answer, which may be anything then.
        for (const [what, ask] of everything()) {
          if (what === "status" && typeof trouble === "object" && trouble.status === 200) continue;
          const error = await refusal(ask());
          expect(error.message).toMatch(said);
          expect(error.retryAfterMs).toBe(retryAfterMs);
        }
      });

      test("the secret is named, and the token never", async () => {
        const seen = { message: `token ${ground.token} of Bearer ${ground.token}`, errors: [ground.token] };
        for (const status of [400, 401, 403, 404, 422, 500]) {
          ground.server.trouble({ status, body: seen });
          for (const [, ask] of everything()) {
            const error = await refusal(ask());
            expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain(ground.token);
            if (status === 401) expect(error.message).toContain(ground.secretName);
          }
        }
      });

      test("a secret that is no header is not repeated", async () => {
        host = ground.open({ secret: () => `${ground.token}\nx: y` });
        for (const [, ask] of everything()) {
          const error = await refusal(ask());
          expect(error.message).toContain(ground.secretName);
          expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain(ground.token);
        }
        expect(ground.server.asked).toEqual([]);
      });

      test("a wrong secret is not taken", async () => {
        host = ground.open({ secret: () => "another-token" });
        for (const [, ask] of everything()) expect((await refusal(ask())).message).toContain("401");
      });

      test("the token does not follow when the host sends elsewhere", async () => {
        const elsewhere = await aStrictServer(() => ({ status: 200, body: [] }));
        for (const status of [301, 302, 303, 307, 308]) {
          ground.server.trouble({ status, headers: { location: `${elsewhere.origin}/` } });
          for (const [, ask] of everything()) await refusal(ask());
        }
        await elsewhere.close();
        expect(elsewhere.asked).toEqual([]);
      });

      test("a list that never ends is given up", async () => {
        const remark = { id: 1, body: "the same again", user: { id: 7 }, author: { id: 7 } };
        const body = Array.from({ length: 100 }, () => remark);
        ground.server.trouble({ status: 200, body }, ({ query }) => query.has("page"));
        const error = await refusal(host.comment(1, "plan", blocks("a plan")));
        expect(error.message).toContain("more than 300 pages");
        expect(writes()).toEqual([]);
      });

      test("nobody at the address is told", async () => {
        await ground.server.close();
        for (const [, ask] of everything()) expect((await refusal(ask())).message).toContain("ECONNREFUSED");
      });
    });
  });
}
