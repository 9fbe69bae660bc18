/** Lines as people, programs and cats type them: the same for the same seed. */
import type { Command } from "../../commands/context.ts";

const NASTY = [
  ..."constructor __proto__ prototype toString hasOwnProperty valueOf then length name undefined null NaN true".split(
    " ",
  ),
  ..."production mirror/fit mirror/../.. t0/calibrate@8215 t0/@ @ / # #8215 run:1 run:x 8000-8215 8215-8000 1..2".split(
    " ",
  ),
  ..."0 -1 1e309 00000000000000000001 999999999999999999999999 9007199254740993 0x10 1_000 ١٢٣ ½ ∞".split(" "),
  ...'" \' "" \'\' "" \\ \\" "a b" \'a b\' "open \'open a"b "a"b ` ``` $(id) ${x} ; | && > < * ? ~ !! %s %00'.split(
    " ",
  ),
  ..."-- --- - -x --json --json=1 --env --env= --env=x --env=__proto__ --constructor --__proto__=1 --limit=-1 --why".split(
    " ",
  ),
  ..."ａ ⓼ 🧪 👩‍🔬 é e\u0301 \u202e \u200b \u0000 \u001b[31m \ud800 <!channel> @all <@U1> [x](http://y) :tada:".split(
    " ",
  ),
  "a b",
  "\t",
  "\n",
  "a\u00a0b",
  "x".repeat(3_000),
  "🧪".repeat(300),
];

export type Lines = { next(): string; pick<T>(list: readonly T[]): T };

export function linesOf(commands: readonly Pick<Command, "name" | "options" | "examples">[], seed: number): Lines {
  const chance = chanceFrom(seed);
  const below = (limit: number) => Math.floor(chance() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const names = commands.map((command) => command.name);
  const examples = commands.flatMap((command) => command.examples);
  const options = [...new Set(commands.flatMap((command) => Object.keys(command.options)))];
  const some = (most: number, make: () => string) => Array.from({ length: below(most + 1) }, make);
  const anyWord = () => {
    switch (below(6)) {
      case 0:
        return `--${pick(options)}${pick(["", "=", `=${pick(NASTY)}`])}`;
      case 1:
        return pick(examples).split(" ").at(-1) ?? "";
      case 2:
        return pick(names);
      case 3:
        return String(below(2) === 0 ? below(20) : below(2 ** 31));
      default:
        return pick(NASTY);
    }
  };
  const ofCommand = () => [pick(names), ...some(4, anyWord)].join(pick([" ", " ", "  ", "\t", "\u00a0"]));
  const bent = () => {
    const letters = [...pick(examples)];
    for (let changes = 1 + below(3); changes > 0; changes--) {
      const at = below(letters.length + 1);
      const put = pick([pick(NASTY), pick(["'", '"', "\\", "-", "=", " ", "@", "/"]), ""]);
      letters.splice(at, below(3), put);
    }
    return letters.join("");
  };
  const withOption = () => {
    const words = pick(examples).split(" ");
    words.splice(below(words.length + 1), 0, anyWord());
    return words.join(" ");
  };
  const twoLines = () => `${pick(examples)}${pick(["; ", " && ", "\n", " | "])}${pick(examples)}`;
  const garbage = () => Array.from({ length: below(40) }, () => String.fromCharCode(below(0x10000))).join("");
  return {
    pick,
    next() {
      const dice = below(100);
      if (dice < 30) return bent();
      if (dice < 55) return ofCommand();
      if (dice < 70) return withOption();
      if (dice < 80) return [pick(NASTY), ...some(3, anyWord)].join(" ");
      if (dice < 85) return twoLines();
      if (dice < 92) return pick(examples);
      if (dice < 97) return garbage();
      return some(30, anyWord).join(" ");
    },
  };
}

/** mulberry32: from 0 to 1. */
function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
