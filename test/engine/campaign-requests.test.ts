import { afterEach, describe, expect, test } from "vitest";
import type { Answer } from "../../src/core/command/command.ts";
import type { CodeHost, NewPull } from "../../src/ports/code-host.ts";
import { CodeHostError } from "../../src/ports/code-host.ts";
import { textOf } from "../fakes/memory-chat.ts";
import { campaignFiles, standing, startCampaigns, states } from "./campaign-ground.ts";
import type { Harness } from "./harness.ts";

let harness: Harness;
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
});

const PEOPLE = { "people.yaml": "people: { ann: { name: Ann Lee, email: ann@x.org, roles: [expert] } }\n" };
const HOST = { "environments.yaml": "host: { test: {} }\n" };
const LINE = "campaign request proc9 reprocessing 1-3 --release v2 --workflows t0 --executor local";
const ann = { id: "ann", roles: ["expert"], owner: false, via: "terminal" };
const said = (answer: Answer) => textOf({ blocks: answer.say });

class Host implements CodeHost {
  readonly opened: NewPull[] = [];
  away = false;
  async pulls() {
    return [];
  }
  async openPull(pull: NewPull) {
    if (this.away) throw new CodeHostError("the host answers with 503");
    this.opened.push(pull);
    return { number: 7, title: pull.title, text: "", into: pull.into, url: "https://host/pulls/7" };
  }
  async comment() {}
  async status() {}
  proposal(branch: string) {
    return `https://host/new/${branch}`;
  }
}

async function branches(h: Harness) {
  return (await h.repository.refs()).branches.map(({ name }) => name).filter((name) => name.includes("calops/"));
}

describe("a campaign that is asked for", () => {
  test("is shown with what it would cost, and after a yes becomes a branch and a pull request; merged, it is a draft", async () => {
    const host = new Host();
    harness = await startCampaigns({}, { host }, { ...PEOPLE, ...HOST, "campaigns/prompt.yaml": "kind: prompt\n" });
    await harness.take({ run: 1 }, { run: 2 }, { run: 9 });
    const shown = await harness.command(LINE, ann);
    for (const words of [
      "campaigns/proc9.yaml would be:",
      "2 runs of its range are known",
      "about 2 tasks (t0 2) and 2 jobs",
    ])
      expect(said(shown)).toContain(words);
    expect(await branches(harness)).toEqual([]);

    const { confirm } = shown.data as { confirm: string };
    const done = await harness.command(`confirm ${confirm}`, ann);
    expect(done.data).toMatchObject({ campaign: "proc9", url: "https://host/pulls/7", opened: true, tasks: 2 });
    const { branch, yaml } = done.data as { branch: string; yaml: string };
    expect(host.opened).toMatchObject([{ branch, into: "main", title: "Campaign proc9" }]);
    const ref = (await harness.repository.refs()).branches.find(({ name }) => name === `refs/heads/${branch}`);
    await harness.repository.fetch(ref ?? { name: "", commit: "" });
    expect(await harness.repository.commit(ref?.commit ?? "")).toMatchObject({ author: "Ann Lee", email: "ann@x.org" });
    expect(await harness.repository.text(ref?.commit ?? "", "campaigns/proc9.yaml")).toBe(yaml);

    await harness.command(LINE);
    expect(await branches(harness)).toHaveLength(1);

    harness.repository.push(
      campaignFiles({ proc9: yaml }, { ...PEOPLE, ...HOST, "campaigns/prompt.yaml": "kind: prompt\n" }),
      "merged",
    );
    await harness.follow();
    expect(await standing(harness, "proc9")).toBeUndefined();
    await harness.command("campaign start proc9");
    expect((await states(harness)).filter(([campaign]) => campaign === "proc9")).toEqual([
      ["proc9", "1", "done"],
      ["proc9", "2", "done"],
    ]);
    expect(said(await harness.command(LINE))).toContain("There is a campaigns/proc9.yaml already");
  });

  test("opens a form with what the field asks where nothing is said", async () => {
    harness = await startCampaigns({}, {}, PEOPLE);
    const given = await harness.desk.answer(["campaign", "request"], { ...ann, via: "slack" });
    expect(given.form?.fields.map(({ label }) => label)).toEqual([
      "campaign",
      "kind",
      "runs",
      "release",
      "executor",
      "staging",
      "target",
      "workflows",
    ]);
  });

  test("is refused with its mistakes, and with the file that it would be", async () => {
    harness = await startCampaigns({}, {}, PEOPLE);
    const refused = await harness.command("campaign request proc9 prompt 1-3 --executor farm --workflows nope");
    expect(refused.ok).toBe(false);
    expect(said(refused)).toContain("there is no workflow nope; write t0");
    expect(said(refused)).toContain("no executor is called farm; write local");
    expect(said(refused)).toContain("executor: farm");
    expect(await branches(harness)).toEqual([]);
    expect((await harness.command("campaign request Proc_9 prompt 1-3")).ok).toBe(false);
  });

  test("is only shown where that is asked for", async () => {
    harness = await startCampaigns({}, {}, PEOPLE);
    const shown = await harness.command(`${LINE} --dry-run`);
    expect(shown.data).toMatchObject({ campaign: "proc9", branch: null, url: null, opened: false, tasks: 0 });
    expect(await branches(harness)).toEqual([]);
  });

  test("is a branch alone where nothing is reviewed, and nothing where the repository does not answer", async () => {
    harness = await startCampaigns({}, {}, PEOPLE);
    harness.repository.away = true;
    expect(said(await harness.command(LINE))).toContain("does not answer, so nothing was proposed");
    harness.repository.away = false;
    const done = await harness.command(LINE);
    expect(done.data).toMatchObject({ url: null, opened: false });
    expect(await branches(harness)).toHaveLength(1);
    harness.faults.length = 0;
  });

  test("leaves the pull request to a person where the host does not answer", async () => {
    const host = new Host();
    host.away = true;
    harness = await startCampaigns({}, { host }, { ...PEOPLE, ...HOST });
    const done = await harness.command(LINE);
    expect(done.ok).toBe(true);
    expect((done.data as { url: string }).url).toMatch(/^https:\/\/host\/new\/calops\/campaign-proc9-/);
    expect(said(done)).toContain("could not be opened: the host answers with 503");
  });
});
