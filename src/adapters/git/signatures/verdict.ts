/** What a program that checks signatures said to git. */
import { GitError } from "../git.ts";

export type Verdict = { readonly ok: boolean; readonly said: string } | { readonly why: string };

export const NOBODYS = "it is signed by a key that nobody has in people.yaml of the protected branch";

/** @param debian the package that the program is in */
export async function verdictOf(asked: Promise<string>, program: string, debian: string): Promise<Verdict> {
  try {
    return { ok: true, said: await asked };
  } catch (error) {
    if (!(error instanceof GitError) || error.code === undefined) throw error;
    if (/cannot (run|exec|spawn)/.test(error.errors)) return { why: notInstalled(program, debian) };
    return { ok: false, said: error.errors };
  }
}

export function notInstalled(program: string, debian: string): string {
  return `it cannot be checked, since ${program} is not on the machine of the bot; install it (on Debian: ${debian})`;
}
