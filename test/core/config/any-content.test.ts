// biome-ignore-all lint/suspicious/noThenProperty: it is a word of the configuration, and nobody awaits these.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Issue } from "../../../src/core/config/issue.ts";
import { reading } from "./reading.ts";
import { ED25519 } from "./some-keys.ts";

const GOOD = {
  "calops.yaml": "experiment: D\n",
  "people.yaml": "people: { ann: { name: Ann } }\n",
  "environments.yaml": "production: { follow: { tag: v* } }\n",
  "alerts.yaml": "ack: { lapses: 8h }\n",
  "runtypes.yaml": "physics: { filter: run.type == 'physics', workflows: [t0] }\n",
  "campaigns/prompt.yaml": "kind: prompt\n",
  "workflows/t0/workflow.yaml": "description: x\nowner: ann\ntasks: { fit: { run: [fit] } }\n",
};
const FILES = Object.keys(GOOD) as (keyof typeof GOOD)[];

/** Words that mean something somewhere, so that what is made of them comes far. */
const WORDS = [
  "experiment",
  "runs",
  "attributes",
  "numbers",
  "required",
  "constant",
  "rules",
  "check",
  "why",
  "sources",
  "executors",
  "local",
  "slots",
  "defaults",
  "executor",
  "channel",
  "retries",
  "backoff",
  "walltime",
  "errors",
  "exit",
  "log",
  "cause",
  "then",
  "pause-after",
  "failures",
  "of",
  "logs",
  "work",
  "keep",
  "limit",
  "people",
  "name",
  "email",
  "roles",
  "filter",
  "workflows",
  "kind",
  "release",
  "tag",
  "priority",
  "description",
  "owner",
  "group",
  "schedule",
  "timezone",
  "select",
  "uses",
  "shares",
  "stale",
  "limits",
  "tasks",
  "jobs",
  "quota",
  "parameters",
  "t0",
  "fit",
  "run",
  "needs",
  "locks",
  "delay",
  "ask",
  "what",
  "url",
  "open",
  "every",
  "combine",
  "split",
  "values",
  "files",
  "per",
  "repeat",
  "until",
  "max",
  "otherwise",
  "env",
  "replay",
  "file",
  "pace",
  "speed",
  "http",
  "headers",
  "page",
  "since",
  "fields",
  "number",
  "fill",
  "luminosity",
  "span",
  "ranges",
  "grace",
  "production",
  "follow",
  "branch",
  "commit",
  "deploy",
  "require",
  "signed",
  "approval",
  "role",
  "count",
  "freeze",
  "from",
  "reason",
  "for",
  "mirrors",
  "branches",
  "except",
  "last",
  "isolation",
  "poll",
  "host",
  "github",
  "webhooks",
  "secret",
  "keys",
  "__proto__",
  "constructor",
  "toString",
];
const word = fc.constantFrom(...WORDS);
const scalar = fc.oneof(
  word,
  fc.constantFrom(
    "10m",
    "2GB",
    "run.type == 'a'",
    "run.",
    "${run.number}",
    "${nope}",
    "./fit.sh",
    "t0/fit",
    "all",
    "prompt",
    "(",
    "8000-8215",
    "",
    "\u001b[31m",
    "#x",
  ),
  fc.integer({ min: -2, max: 30 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "medium" },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(word, tie("value"), { maxKeys: 5 }),
    fc.dictionary(word, tie("value"), { maxKeys: 3 }),
  ),
}));

/** Good files of which some part was replaced by something else. */
const GOOD_VALUES = {
  "calops.yaml": {
    experiment: "D",
    runs: {
      attributes: { quality: "string" },
      numbers: "1-9",
      required: ["type"],
      rules: [{ check: "run.number > 0", why: "x" }],
    },
    sources: { season: { replay: { file: "x", pace: "3s" }, every: "1m", fields: { number: "record.run" } } },
    executors: { batch: { local: { slots: 2 } } },
    defaults: {
      retries: 1,
      backoff: { first: "1s" },
      errors: [{ exit: 3, then: "fail" }],
      "pause-after": { failures: 1, of: 2 },
    },
    logs: { keep: "1d", limit: "1GB" },
  },
  "people.yaml": {
    people: {
      ann: {
        name: "Ann",
        email: "ann@lab.org",
        roles: ["expert"],
        accounts: { slack: "U012AB3CD", mattermost: "fk5sr1mxufbnbkjpzwr6ynyugc" },
        keys: [ED25519],
      },
    },
    oncall: {
      shift: {
        timezone: "Europe/Zurich",
        start: "2026-11-02T08:00",
        every: "7d",
        people: ["ann"],
        overrides: [{ from: "2026-12-24", until: "2026-12-25T08:00Z", person: "ann", why: "x" }],
      },
    },
  },
  "alerts.yaml": {
    routes: [
      {
        match: { workflow: ["t0", "calib-*"], severity: "critical", environment: "production" },
        channel: "#x",
        repeat: "4h",
        escalate: [
          { after: "15m", to: { person: "ann" } },
          { after: "1h", to: { channel: "#y" } },
        ],
      },
    ],
    ack: { lapses: "8h" },
    digest: [],
    heartbeat: { url: { secret: "BEAT" }, every: "1m" },
  },
  "environments.yaml": {
    production: {
      follow: { tag: "v*" },
      deploy: "automatic",
      require: { signed: { role: "expert" }, approval: { role: "expert", count: 1 }, "other-than-author": true },
      freeze: [
        { from: "2026-12-20", until: "2027-01-05T08:00Z", reason: "x" },
        { every: "0 17 * * 5", for: "63h", timezone: "Europe/Zurich", reason: "x" },
      ],
    },
    mirrors: { branches: ["**"], except: ["wip/*"], runs: { last: 3 }, channel: "dev", grace: "7d", jobs: 2 },
    poll: "30s",
    webhooks: { github: { secret: "WEBHOOK_SECRET" } },
  },
  "runtypes.yaml": { physics: { filter: "run.type == 'physics'", workflows: ["t0"] } },
  "campaigns/prompt.yaml": { kind: "prompt", workflows: ["t0"], runs: ["1-9"], priority: 1 },
  "workflows/t0/workflow.yaml": {
    description: "x",
    owner: "ann",
    group: { ranges: { a: ["1-9"] }, grace: "1h" },
    select: "run.number > 0",
    uses: ["type"],
    parameters: { least: 5 },
    tasks: {
      fit: {
        run: ["fit", "${parameter.least}"],
        split: { jobs: 2 },
        combine: ["sum"],
        repeat: { until: "metrics.x < 1", max: 3 },
      },
      sum: {
        needs: ["fit"],
        locks: [{ delay: "1h" }, { ask: { what: "x", url: "http://x", open: "answer.a == 1" } }],
        run: "./fit.sh",
        env: { A: "b" },
      },
    },
  },
};
function replaced(root: unknown, path: readonly number[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof root !== "object" || root === null) return by;
  const keys = Object.keys(root);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const child = replaced((root as Record<string, unknown>)[key], rest, by);
  return Array.isArray(root)
    ? root.map((one, index) => (String(index) === key ? child : one))
    : { ...root, [key]: child };
}
const bent = fc.tuple(
  fc.constantFrom(...FILES),
  fc.array(fc.tuple(fc.array(fc.nat(9), { maxLength: 6 }), json), { minLength: 1, maxLength: 3 }),
);

/** Whatever stands in a file, it is read as a configuration or told in issues that stand inside their files. */
function check(file: keyof typeof GOOD, text: string): readonly Issue[] {
  const files = { ...GOOD, [file]: text };
  const { config, issues } = reading(files);
  if (config) return [];
  expect(issues.length).toBeGreaterThan(0);
  for (const issue of issues) {
    const lines = (files[issue.file as keyof typeof GOOD] ?? "").split(/\n/);
    expect(issue.line).toBeGreaterThanOrEqual(1);
    expect(issue.line).toBeLessThanOrEqual(lines.length);
    expect(issue.column).toBeGreaterThanOrEqual(1);
    expect(issue.column).toBeLessThanOrEqual((lines[issue.line - 1] ?? "").length + 1);
    expect(issue.what).not.toMatch(/^$|undefined|\[object/);
    expect(issue.instead).not.toMatch(/^$|undefined|\[object/);
  }
  return issues;
}

describe("a configuration file", () => {
  test("of any text never throws, and what is wrong stands inside it", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(
          fc.constantFrom(
            "a",
            ":",
            " ",
            "\n",
            "-",
            "[",
            "]",
            "{",
            "}",
            "&x",
            "*x",
            "|",
            ">",
            "!t",
            "'",
            '"',
            "#",
            "\t",
            "---",
            "?",
            ",",
            "%",
            "\r",
          ),
          { maxLength: 25 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(fc.constantFrom(...FILES), texts, (file, text) => void check(file, text)),
      { numRuns: 200 },
    );
  });

  test("of any JSON never throws, and what is wrong stands inside it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), json, (file, value) => void check(file, JSON.stringify(value, null, 1))),
      { numRuns: 200 },
    );
  });

  test("that was good before something in it was replaced never throws, and what is wrong stands inside it", () => {
    fc.assert(
      fc.property(bent, ([file, changes]) => {
        const value = changes.reduce<unknown>((root, [path, by]) => replaced(root, path, by), GOOD_VALUES[file]);
        check(file, JSON.stringify(value, null, 1));
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ["an alias of nothing", "experiment: *nobody\n"],
    ["an alias of itself", "experiment: &x [*x]\n"],
    [
      "aliases of aliases of aliases",
      `experiment: D\na: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(",")}]`).join("\n")}\n`,
    ],
    ["a key that is a list", "? [a, b]\n: c\n"],
    ["lists in lists", "experiment: ".concat("[".repeat(5_000), "]".repeat(5_000), "\n")],
    ["more than anybody writes", "x".repeat(2_000_000)],
  ])("of %s is told", (_name, text) => {
    expect(check("calops.yaml", text).length).toBeGreaterThan(0);
  });
});
