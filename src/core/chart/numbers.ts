/** Numbers as people read them: six digits, and a power of ten where they are very large or very small. */

const DIGITS = 6;
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

export function numberInWords(value: number): string {
  const size = Math.abs(value);
  // An identifier or a count is whole, and rounding it would make it another one.
  if (Number.isInteger(value) && size < 1e9) return String(value);
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(DIGITS)));
  const [digits, power] = value.toExponential(DIGITS - 1).split("e");
  return `${Number(digits)}×${tenTo(Number(power))}`;
}

/** `10⁻⁹` */
export function tenTo(power: number): string {
  return `10${[...String(power)].map((character) => SUPERSCRIPTS[character] ?? "").join("")}`;
}
