import { existsSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Files } from "../fakes/memory-repository.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
let faults: (fault: string) => boolean = () => false;
afterEach(async () => {
  expect((harness?.faults ?? []).filter((fault) => !faults(fault))).toEqual([]);
  await harness?.stop();
  harness = undefined;
  faults = () => false;
});

const T0 = 'tasks: { fit: { run: ["true"] } }\n';
const PEOPLE = `people:
  ann:
    name: Ann
    email: ann@x.org
    roles: [expert]
    keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPZHvqmxj2Yr0cSf1yyKyZ5d1cZ3xW2qFh0kQm4m4yfF]
  ben: { name: Ben, email: ben@x.org, roles: [expert] }
  cem: { name: Cem, email: cem@x.org, roles: [shifter] }
`;
const files = (rules: string, more: Files = {}): Files =>
  configOf({ t0: T0 }, { "people.yaml": PEOPLE, "environments.yaml": rules, ...more });
const TAGS = 'production: { follow: { tag: "v*" } }\n';
const APPROVED = "production: { require: { approval: expert, other-than-author: true } }\n";

const by = (id: string, ...roles: string[]) => ({ id, roles, owner: false });
const expert = (id: string) => by(id, "expert");
const commitOf = async (name = "production") =>
  (await harness?.store.queries.environmentsNamed([name]))?.[0]?.commit ?? null;
const states = async () =>
  (await harness?.store.queries.deploymentPage({ limit: 100 }))?.map((one) => `${one.environment} ${one.state}`);
const newest = async () => (await harness?.store.queries.deploymentPage({ limit: 1 }))?.[0];
const texts = (part: string) => (harness?.chat.texts ?? []).filter((text) => text.includes(part));

describe("production that follows the protected branch", () => {
  test("is deployed when something is merged, and its card says so in the field's words, with the detail in its thread", async () => {
    harness = await startHarness({ files: files("{}"), hearsStart: true });
    expect(texts("Deployment request for environment production received")).toHaveLength(1);
    expect(texts("Environment production deployed successfully")).toHaveLength(1);
    harness.chat.forget();
    const second = harness.repository.push(files("{}", { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer binning");
    await harness.follow();
    expect(await commitOf()).toBe(second);
    const [request] = texts("Deployment request for environment production received");
    expect(request).toContain("Ann: finer binning");
    expect(texts("Environment production deployed successfully")).toEqual([request]);
    const [detail] = texts("workflows/t0");
    expect(detail).not.toBe(request);
  });

  test("has nothing to do when the same is looked at again", async () => {
    harness = await startHarness({ files: files("{}") });
    await harness.follow();
    await harness.command("deploy production");
    expect(await states()).toEqual(["production deployed"]);
    expect(harness.chat.calls).toEqual([]);
  });

  test("is left as it is by a commit with mistakes, which is told once and not tried again", async () => {
    harness = await startHarness({ files: files("{}") });
    const good = await commitOf();
    harness.repository.push(files("{}", { "runtypes.yaml": "physics: { filtre: x }\n" }), "a typo");
    await harness.follow();
    await harness.follow();
    harness = await harness.restart();
    await harness.follow();
    expect(await commitOf()).toBe(good);
    expect(await states()).toEqual(["production failed", "production deployed"]);
    expect(texts('unknown key "filtre"')).toHaveLength(1);
    // It has ended, and why is said beside what runs.
    expect((await harness.command("env production")).data).toMatchObject([
      { sync: "out-of-sync", why: expect.stringMatching(/^runtypes.yaml:1:/), pending: null },
    ]);
  });

  test("goes on through a restart without the remote, and hears of it once it is back", async () => {
    harness = await startHarness({ files: files("{}") });
    const good = await commitOf();
    harness.repository.away = true;
    harness = await harness.restart();
    for (let look = 0; look < 10; look++) await harness.follow();
    expect(await commitOf()).toBe(good);
    expect(texts("The config repository does not answer")).toHaveLength(1);
    expect((await harness.command("env")).data).toMatchObject([{ sync: "unknown" }]);
    harness.repository.away = false;
    await harness.follow();
    expect(texts("The config repository answers again")).toHaveLength(1);
    expect((await harness.command("env")).data).toMatchObject([{ sync: "synced" }]);
  });

  test("waits for a person when the branch was rewritten", async () => {
    harness = await startHarness({ files: files("{}") });
    const before = await commitOf();
    const rewritten = harness.repository.push(files("{}"), "another past", { parent: null });
    await harness.follow();
    expect(await commitOf()).toBe(before);
    expect(texts("the branch was rewritten")).toHaveLength(1);
    expect((await harness.command(`deploy production ${rewritten}`)).ok).toBe(true);
    expect(await commitOf()).toBe(rewritten);
  });

  test("waits for a person when all people of a role, or many workflows, would go", async () => {
    const many = configOf({ t0: T0, t1: T0, t2: T0 }, { "people.yaml": PEOPLE });
    harness = await startHarness({ files: many });
    const fewer = harness.repository.push(configOf({ t0: T0 }, { "people.yaml": PEOPLE }), "clean up");
    await harness.follow();
    expect(await states()).toEqual(["production waiting", "production deployed"]);
    const naked = await harness.command("deploy production", expert("ben"));
    expect(naked).toMatchObject({ ok: false });
    expect(await states()).toContain("production waiting");
    expect(await harness.command(`deploy production ${fewer.slice(0, 40)}`, expert("ben"))).toMatchObject({ ok: true });
    expect(await commitOf()).toBe(fewer);
  });
});

describe("production that follows tags", () => {
  test("runs nothing before the first, and says what to do", async () => {
    harness = await startHarness({ files: files(TAGS) });
    expect(harness.bot.idleWhy).toContain("v*");
    await harness.take({ run: 1 });
    expect(await harness.tasks()).toEqual([]);
    const tagged = harness.repository.push(files(TAGS), "ready");
    harness.repository.tag("v1", tagged);
    await harness.follow();
    expect(await commitOf()).toBe(tagged);
  });

  test("takes the newest by version, and no merge by itself", async () => {
    harness = await startHarness({ files: files(TAGS) });
    const first = harness.repository.push(files(TAGS), "one");
    harness.repository.tag("v9", first);
    await harness.follow();
    const second = harness.repository.push(files(TAGS), "two");
    await harness.follow();
    expect(await commitOf()).toBe(first);
    harness.repository.tag("v10", second);
    harness.repository.tag("x11", first);
    await harness.follow();
    expect(await commitOf()).toBe(second);
  });

  test("does not go back because a tag was deleted", async () => {
    harness = await startHarness({ files: files(TAGS) });
    const [first, second] = [harness.repository.push(files(TAGS), "one"), harness.repository.push(files(TAGS), "two")];
    harness.repository.tag("v1", first);
    await harness.follow();
    harness.repository.tag("v2", second);
    await harness.follow();
    harness.repository.deleteTag("v2");
    await harness.follow();
    expect(await commitOf()).toBe(second);
    expect((await harness.command("env production")).data).toMatchObject([
      { sync: "out-of-sync", why: expect.stringContaining("v2, which runs, is no tag of the repository any more") },
    ]);
    await harness.command("deploy production v1");
    expect(await commitOf()).toBe(first);
  });

  test("does not follow a tag that was moved after it had been deployed, until a person says so", async () => {
    harness = await startHarness({ files: files(TAGS) });
    const [first, second] = [harness.repository.push(files(TAGS), "one"), harness.repository.push(files(TAGS), "two")];
    harness.repository.tag("v1", first);
    await harness.follow();
    harness.repository.tag("v1", second);
    await harness.follow();
    expect(await commitOf()).toBe(first);
    expect(texts("the tag v1 was moved")).toHaveLength(1);
    expect((await harness.command(`deploy production ${second}`)).ok).toBe(true);
    expect(await commitOf()).toBe(second);
  });

  test("keeps a branch and a tag of one name apart", async () => {
    harness = await startHarness({ files: files(TAGS) });
    const [first, second] = [harness.repository.push(files(TAGS), "one"), harness.repository.push(files(TAGS), "two")];
    harness.repository.tag("v1", first);
    harness.repository.push(files(TAGS), "a branch", { branch: "v1" });
    harness.repository.tag("v2", second);
    await harness.follow();
    expect(await commitOf()).toBe(second);
    expect(await harness.command("deploy production v1")).toMatchObject({ ok: false });
    await harness.command("deploy production refs/tags/v1");
    expect(await commitOf()).toBe(first);
  });
});

describe("a deployment", () => {
  test("on request waits until somebody asks for it", async () => {
    const rules = "production: { deploy: on-request }\n";
    harness = await startHarness({ files: files(rules) });
    expect(await commitOf()).toBeNull();
    await harness.command("deploy production", expert("ann"));
    const first = await commitOf();
    expect(first).not.toBeNull();
    const next = harness.repository.push(files(rules), "more");
    await harness.follow();
    expect(await commitOf()).toBe(first);
    expect((await harness.command("env production")).data).toMatchObject([
      { sync: "out-of-sync", why: expect.stringContaining("when somebody asks"), pending: { commit: next } },
    ]);
    await harness.command("deploy production", expert("ann"));
    expect(await commitOf()).toBe(next);
    expect((await harness.command("env production")).data).toMatchObject([{ sync: "synced", pending: null }]);
  });

  test("on request is asked for by nobody when a bot that has nothing to run is started again", async () => {
    const rules = 'production: { follow: { tag: "v*" }, deploy: on-request, require: { signed: true } }\n';
    harness = await startHarness({ files: files(rules) });
    const first = harness.repository.push(files(rules), "first");
    harness.repository.tag("v1", first);
    await harness.follow();
    expect(await states()).toEqual(["production failed"]);
    harness.repository.sign(first, { kind: "good", person: "ann" });
    harness = await harness.restart();
    expect(await newest()).toMatchObject({ state: "waiting", requestedBy: "calops", consents: [] });
    expect(harness.bot.idleWhy).toContain("it is deployed when somebody asks for it");
    harness = await harness.restart();
    expect(await states()).toEqual(["production waiting", "production failed"]);
    await harness.command("deploy production", expert("ann"));
    expect(await commitOf()).toBe(first);
  });

  test("that needs an approval is approved by somebody with the role who is not its author, for this commit alone", async () => {
    harness = await startHarness({ files: files("{}") });
    const rules = harness.repository.push(files(APPROVED), "approvals");
    await harness.follow();
    await harness.command(`deploy production ${rules}`, expert("ben"));
    const second = harness.repository.push(files(APPROVED), "second", { author: "Ann", email: "ann@x.org" });
    await harness.follow();
    expect(await commitOf()).toBe(rules);
    expect(await harness.command(`deploy production ${second}`, by("cem", "expert"))).toMatchObject({ ok: true });
    expect(await commitOf()).toBe(second);

    const third = harness.repository.push(files(APPROVED), "third", { author: "Ann", email: "ann@x.org" });
    await harness.follow();
    const own = await harness.command(`deploy production ${third}`, expert("ann"));
    expect(own).toMatchObject({ ok: false });
    expect(JSON.stringify(own.say)).toContain(" wrote some of what this deploys");
    const fourth = harness.repository.push(files(APPROVED), "fourth", { author: "Ann", email: "ann@x.org" });
    await harness.follow();
    expect(await states()).toEqual(expect.arrayContaining(["production waiting", "production superseded"]));
    expect(await commitOf()).toBe(second);
    await harness.command(`deploy production ${fourth}`, expert("ben"));
    expect(await commitOf()).toBe(fourth);
  });

  test("is not approved by whoever wrote some of it, whoever wrote the last of its commits", async () => {
    harness = await startHarness({ files: files(APPROVED) });
    await harness.command(`deploy production ${(await newest())?.commit}`, expert("ben"));
    const running = await commitOf();
    harness.repository.push(files(APPROVED), "a fit", { author: "Ann", email: "ann@x.org" });
    const merged = harness.repository.push(files(APPROVED), "merge the fit", { author: "Ben", email: "ben@x.org" });
    await harness.follow();
    const before = await newest();
    for (const author of ["ann", "ben"]) {
      const own = await harness.command(`deploy production ${merged}`, expert(author));
      expect(own).toMatchObject({ ok: false });
      expect(JSON.stringify(own.say)).toContain("wrote some of what this deploys");
    }
    expect(await newest()).toEqual(before);
    expect(await commitOf()).toBe(running);
    expect(await harness.command(`deploy production ${merged}`, expert("cem"))).toMatchObject({ ok: true });
    expect(await commitOf()).toBe(merged);
  });

  test("is not changed by a yes that is refused, not even that it was wanted", async () => {
    const chief = APPROVED.replace("expert", "chief");
    harness = await startHarness({ files: files("{}", { "people.yaml": PEOPLE.replace("[shifter]", "[chief]") }) });
    const waits = harness.repository.push(
      files(chief, { "people.yaml": PEOPLE.replace("[shifter]", "[chief]") }),
      "approvals by the chief",
    );
    await harness.follow();
    const before = await newest();
    expect(before).toMatchObject({ state: "waiting", consents: [] });
    const refused = await harness.command(`deploy production ${waits} --why "now"`, expert("ben"));
    expect(refused).toMatchObject({ ok: false, data: { consents: [], state: "waiting" } });
    expect(JSON.stringify(refused.say)).toContain("chief");
    expect(await newest()).toEqual(before);
    expect(await harness.command(`deploy production ${waits}`, by("cem", "expert"))).toMatchObject({ ok: true });
    expect(await commitOf()).toBe(waits);
  });

  test("is not approved by whoever wrote what comes with it since something else was deployed meanwhile", async () => {
    harness = await startHarness({ files: files(APPROVED) });
    await harness.command(`deploy production ${(await newest())?.commit}`, expert("ben"));
    const start = await commitOf();
    const anns = harness.repository.push(files(APPROVED), "a fit", { author: "Ann", email: "ann@x.org" });
    await harness.follow();
    await harness.command(`deploy production ${anns}`, expert("cem"));
    const bens = harness.repository.push(files(APPROVED), "more", { author: "Ben", email: "ben@x.org" });
    await harness.follow();
    const { repository, bot } = harness;
    const authors = repository.authors.bind(repository);
    // While it is looked up whose work it is, the one before it is taken back.
    repository.authors = async (from, to) => {
      repository.authors = authors;
      await bot.environments.rollback({ environment: "production", why: "it drifts" }, expert("cem"));
      return await authors(from, to);
    };
    const own = await harness.command(`deploy production ${bens}`, expert("ann"));
    expect(own).toMatchObject({ ok: false });
    expect(JSON.stringify(own.say)).toContain(" wrote some of what this deploys");
    expect(await commitOf()).toBe(start);
  });

  test("that must be signed is refused unless a person's key signed its tag or commit", async () => {
    const rules = "production: { require: { signed: true } }\n";
    harness = await startHarness({ files: files("{}") });
    const before = await commitOf();
    harness.repository.push(files(rules), "unsigned");
    await harness.follow();
    expect(await commitOf()).toBe(before);
    expect(texts("asks for a tag or commit that is signed")).toHaveLength(1);
    const signed = harness.repository.push(files(rules), "signed");
    harness.repository.sign(signed, { kind: "good", person: "ann" });
    await harness.follow();
    expect(await commitOf()).toBe(signed);
  });

  test("waits while production is frozen, in the file or by a person, and goes on afterwards", async () => {
    harness = await startHarness({ files: files("{}") });
    await harness.command("freeze production 8h: new people on shift", expert("ann"));
    const second = harness.repository.push(files("{}"), "second");
    await harness.follow();
    expect(await commitOf()).not.toBe(second);
    expect((await harness.command("env production")).data).toMatchObject([
      { overlays: [{ what: "a freeze", by: "ann", why: "new people on shift", end: "unfreeze production" }] },
    ]);
    await harness.pass(8 * 3_600_000);
    expect(await commitOf()).toBe(second);

    await harness.command("freeze production 1d: winter", expert("ann"));
    const third = harness.repository.push(files("{}"), "third");
    await harness.follow();
    expect(await commitOf()).toBe(second);
    await harness.command(`deploy production ${third} --through-freeze --why "hot fix"`, expert("ben"));
    expect(await commitOf()).toBe(third);
  });

  test("waits for whoever has the lock, and the next in the queue is told when it is theirs", async () => {
    harness = await startHarness({ files: files("{}") });
    await harness.command("lock production looking for the bad run", expert("ann"));
    expect((await harness.command("lock production me too", expert("ben"))).data).toMatchObject({
      position: 1,
      holder: "ann",
    });
    const second = harness.repository.push(files("{}"), "second");
    await harness.follow();
    expect(await commitOf()).not.toBe(second);
    await harness.command("lock production and me", expert("cem"));
    expect((await harness.command("unlock production", expert("cem"))).data).toMatchObject({ was: null, next: null });
    expect((await harness.command("unlock production", expert("ann"))).data).toMatchObject({ was: "ann", next: "ben" });
    expect(texts("@ben")).toHaveLength(1);
    await harness.command("unlock production", expert("ben"));
    expect(await commitOf()).toBe(second);
  });

  test("leaves what runs on the commit that it began with, and says of both which made what", async () => {
    harness = await startHarness({ files: files("{}"), script: () => ({ exit: "never" }) });
    await harness.take({ run: 1 });
    const first = await commitOf();
    const second = harness.repository.push(files("{}", { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "second");
    await harness.follow();
    await harness.take({ run: 2 });
    for (const order of harness.executor.orders) harness.executor.end(order.key, 0);
    await harness.settle();
    expect((await harness.command("which t0/fit@1")).data).toMatchObject({
      attempts: [{ commit: first, state: "done" }],
    });
    expect((await harness.command(`which ${second}`)).data).toMatchObject({
      commit: second,
      deployments: [{ environment: "production", state: "deployed" }],
      made: [{ workflow: "t0", task: "fit", results: 1 }],
    });
  });

  test("marks the results that would be made otherwise, and a rollback makes them fresh again", async () => {
    harness = await startHarness({ files: files("{}") });
    await harness.take({ run: 1 });
    harness.repository.push(files("{}", { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "another script");
    await harness.follow();
    expect((await harness.task("t0", "fit", "1")).stale?.why).toMatch(/^t0\/fit works otherwise since /);
    await harness.command("rollback production it was better before", expert("ann"));
    expect((await harness.task("t0", "fit", "1")).stale).toBeNull();
  });
});

describe("a rollback", () => {
  test("sticks: the bad commit stays out until a newer one comes, or a person asks for it", async () => {
    harness = await startHarness({ files: files("{}") });
    const good = await commitOf();
    const bad = harness.repository.push(files("{}", { "workflows/t0/fit.sh": "#!/bin/sh\nexit 1\n" }), "bad");
    await harness.follow();
    expect(await commitOf()).toBe(bad);
    expect(await harness.command("rollback production every job fails", expert("ann"))).toMatchObject({ ok: true });
    expect(await commitOf()).toBe(good);
    harness = await harness.restart();
    await harness.follow();
    expect(await commitOf()).toBe(good);
    expect(await states()).toEqual(["production deployed", "production rolled-back", "production superseded"]);
    expect(harness.repository.reverts).toMatchObject([{ bad, good }]);
    expect(texts("calops/revert-")).toHaveLength(1);
    expect((await harness.command("env production")).data).toMatchObject([
      { sync: "out-of-sync", quarantine: [{ commit: bad, by: "ann", why: "every job fails" }] },
    ]);
    const newer = harness.repository.push(files("{}"), "mended");
    await harness.follow();
    expect(await commitOf()).toBe(newer);
  });

  test("is undone by whoever names the commit", async () => {
    harness = await startHarness({ files: files("{}") });
    const bad = harness.repository.push(files("{}"), "bad");
    await harness.follow();
    await harness.command("rollback production suspicion", expert("ann"));
    expect(await harness.command("deploy production", expert("ann"))).toMatchObject({ ok: false });
    expect(await harness.command(`deploy production ${bad}`, expert("ann"))).toMatchObject({ ok: true });
    expect(await commitOf()).toBe(bad);
    expect((await harness.command("env production")).data).toMatchObject([{ sync: "synced", quarantine: [] }]);
  });

  test("goes through a freeze, and not through somebody's lock", async () => {
    harness = await startHarness({ files: files("{}") });
    const good = await commitOf();
    const bad = harness.repository.push(files("{}"), "bad");
    await harness.follow();
    await harness.command("freeze production 8h: quiet", expert("ann"));
    await harness.command("lock production mine", expert("ben"));
    await harness.command("rollback production broken", expert("ann"));
    expect(await commitOf()).toBe(bad);
    await harness.command("unlock production", expert("ann"));
    expect(await commitOf()).toBe(good);
  });

  test("has nothing to go back to before the second deployment", async () => {
    harness = await startHarness({ files: files("{}") });
    expect(await harness.command("rollback production why not", expert("ann"))).toMatchObject({ ok: false });
  });
});

describe("a mirror", () => {
  const MIRRORS = 'mirrors: { branches: ["*"], runs: { last: 2 }, channel: "#dev", grace: 7d, isolation: none }\n';
  const failing = { "workflows/t0/workflow.yaml": 'description: T0\nowner: ann\ntasks: { fit: { run: ["false"] } }\n' };

  test("runs the head of its branch on the newest runs, beside production and in the development channel", async () => {
    harness = await startHarness({
      files: files(MIRRORS),
      script: ({ command }) => ({ exit: command[0] === "false" ? 1 : 0, log: "ERROR: no\n" }),
    });
    await harness.take({ run: 1 }, { run: 2 }, { run: 3 });
    harness.chat.forget();
    const head = harness.repository.push({ ...files(MIRRORS), ...failing }, "try", { branch: "try" });
    await harness.follow();
    for (let minute = 0; minute < 3; minute++) await harness.pass(60_000);
    expect(await commitOf("mirror/try")).toBe(head);
    expect((await harness.task("t0", "fit", "2")).state).toBe("done");
    expect(await harness.task("t0", "fit", "3", "mirror/try")).toMatchObject({ state: "failed", commit: head });
    expect(
      (await harness.tasks()).filter((task) => task.environment === "mirror/try").map((task) => task.groupKey),
    ).toEqual(["3", "2"]);
    expect(harness.chat.texts.length).toBeGreaterThan(2);
    expect(harness.chat.texts.filter((text) => !text.startsWith("#dev:"))).toEqual([]);
    expect((await harness.command("tasks --env mirror/try --json")).data).toHaveLength(2);
    expect((await harness.command("tasks --json")).data).toHaveLength(3);
  });

  test("takes no run by itself, and makes anew what a push changes", async () => {
    harness = await startHarness({ files: files(MIRRORS) });
    await harness.take({ run: 1 });
    harness.repository.push(files(MIRRORS), "try", { branch: "try" });
    await harness.follow();
    await harness.take({ run: 2 });
    const push = harness.repository.push(files(MIRRORS, { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "again", {
      branch: "try",
    });
    await harness.follow();
    expect(await harness.task("t0", "fit", "1", "mirror/try")).toMatchObject({
      state: "done",
      attempt: 2,
      commit: push,
    });
    expect(await harness.task("t0", "fit", "1")).toMatchObject({ attempt: 1, stale: null });
  });

  test("is archived once its branch is gone for the time of grace, and not while the remote does not answer", async () => {
    harness = await startHarness({
      files: files(MIRRORS),
      script: ({ facts }) => ({ exit: facts.environment === "production" ? 0 : "never" }),
    });
    await harness.take({ run: 1 });
    harness.repository.push(files(MIRRORS), "try", { branch: "try" });
    await harness.follow();
    const create = { kind: "create", description: "", upstream: null } as const;
    const tag = { environment: "mirror/try", name: "own" };
    await harness.conditions.change({ tag, change: create, key: "k", by: "ann", why: null });
    const exported = await harness.bot.tags.export(tag, "files", "ann");
    harness.repository.away = true;
    await harness.pass(30 * 86_400_000);
    await harness.follow();
    expect(await harness.conditions.tag(tag)).toMatchObject({ state: "OPEN" });
    expect(existsSync(exported.ok ? exported.place : "")).toBe(true);
    expect((await harness.command("env mirror/try")).data).toMatchObject([{ goneSince: null, archivedAt: null }]);
    harness.repository.away = false;
    harness.repository.deleteBranch("try");
    await harness.follow();
    await harness.pass(6 * 86_400_000);
    await harness.follow();
    expect((await harness.command("env mirror/try")).data).toMatchObject([{ archivedAt: null }]);
    await harness.pass(86_400_000);
    await harness.follow();
    await harness.pass(60_000);
    expect((await harness.command("env mirror/try")).data).toMatchObject([{ archivedAt: expect.any(String) }]);
    expect(await harness.task("t0", "fit", "1", "mirror/try")).toMatchObject({ state: "skipped" });
    expect((await harness.command("env")).data).toHaveLength(1);
    expect(await harness.conditions.tag(tag)).toBeUndefined();
    expect(existsSync(exported.ok ? exported.place : "")).toBe(false);

    harness.repository.push(files(MIRRORS), "back", { branch: "try" });
    harness.executor.perform(() => ({}));
    await harness.follow();
    await harness.pass(60_000);
    expect((await harness.command("env mirror/try")).data).toMatchObject([{ sync: "synced", archivedAt: null }]);
  });

  test("of a branch with mistakes says so in the development channel, and leaves everything else alone", async () => {
    harness = await startHarness({ files: files(MIRRORS) });
    const running = await commitOf();
    harness.repository.push(files(MIRRORS, { "runtypes.yaml": "physics: { filtre: x }\n" }), "typo", {
      branch: "typo",
    });
    await harness.follow();
    await harness.follow();
    expect(await commitOf("mirror/typo")).toBeNull();
    expect(await commitOf()).toBe(running);
    expect(texts('unknown key "filtre"')).toEqual([expect.stringMatching(/^#dev:/)]);
  });

  test("is refused where its jobs cannot be kept away from the bot", async () => {
    const required = MIRRORS.replace("isolation: none", "isolation: required");
    harness = await startHarness({ files: files(required) });
    harness.executor.unisolated = "bubblewrap is not installed: apt-get install bubblewrap";
    harness.repository.push(files(required), "try", { branch: "try" });
    await harness.follow();
    expect(await commitOf("mirror/try")).toBeNull();
    expect(texts("bubblewrap is not installed")).toHaveLength(1);
  });

  test("cannot get to production's places, executors, sources or channels by what its branch says", async () => {
    harness = await startHarness({ files: files(MIRRORS) });
    await harness.take({ run: 1 });
    harness.chat.forget();
    const sly = files(MIRRORS, {
      "calops.yaml":
        'experiment: Test\nruns: { attributes: { quality: string, bursts: int } }\nsources: { more: { test: {} } }\nexecutors: { local: { local: {}, limit: 1 } }\ndefaults: { channel: "#production" }\n',
      "workflows/t0/workflow.yaml": `description: T0\nowner: ann\nchannel: "#calibration"\npriority: 1000\n${T0}`,
    });
    harness.repository.push(sly, "sly", { branch: "sly" });
    await harness.follow();
    expect(harness.chat.texts.filter((text) => !text.startsWith("#dev:"))).toEqual([]);
    const { executors } = harness.bot.engine;
    expect(executors.limitOf(harness.executor)).toBe(1_000);
    expect((await harness.task("t0", "fit", "1", "mirror/sly")).priority).toBeLessThan(-1_000);
  });
});

describe("the rules", () => {
  test("come from the protected branch: a tag cannot loosen those that it is judged by", async () => {
    const strict = 'production: { follow: { tag: "v*" }, require: { signed: true } }\n';
    harness = await startHarness({ files: files(strict) });
    const loose = harness.repository.push(files(TAGS), "loosen", { branch: "sly" });
    harness.repository.tag("v1", loose);
    await harness.follow();
    expect(await commitOf()).toBeNull();
    expect(texts("asks for a tag or commit that is signed")).toHaveLength(1);
  });

  test("with mistakes leave those from before in force, which is told once", async () => {
    harness = await startHarness({ files: files(TAGS) });
    harness.repository.push(files("production: { folow: x }\n"), "typo");
    await harness.follow();
    await harness.follow();
    expect(texts("have mistakes; those from before stay in force")).toHaveLength(1);
    const tagged = harness.repository.push(files(TAGS), "good", { branch: "other" });
    harness.repository.tag("v1", tagged);
    await harness.follow();
    expect(await commitOf()).toBe(tagged);
  });
});
