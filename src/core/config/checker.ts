/** Checks of one file that need to know more than its shape. Whatever they find goes to one list of issues with its place. */
import { compile, type Expression, isProblem } from "../expression/expression.ts";
import type { Scope } from "../expression/types.ts";
import { namesIn } from "../template.ts";
import { choices, nearest } from "../text/nearest.ts";
import type { Issue } from "./issue.ts";
import { isUnder, type Path, valueAt } from "./path.ts";
import type { YamlDocument } from "./yaml-document.ts";

/** A file whose shape is right, or was made right where it was not. */
export type Parsed<Value> = { readonly value: Value; readonly check: Checker };

export type Checker = {
  report(path: Path, code: string, what: string, instead: string, offset?: number): void;
  /** Compiles an expression; a wrong one is reported, and what comes back never has an answer. */
  expression(path: Path, text: string, within: Scope, wanted: "bool" | "int" | "dyn"): Expression;
  /** Every `${name}` of a text must be one of the known. */
  places(path: Path, text: string, known: readonly string[]): void;
  /** A name must be one of the known: `no person or role is called ...`. */
  reference(path: Path, name: string, known: Iterable<string>, what: string): void;
  /** A command's places, and that the scripts it names stand in `directory` of the repository. */
  command(
    path: Path,
    words: readonly string[],
    known: readonly string[],
    directory: string,
    programs: ReadonlyMap<string, boolean>,
  ): void;
};

/**
 * @param broken the places that were found wrong before and were replaced: nothing more is said of them
 * @param issues the list to which everything that is found wrong is added
 */
export function checkerOf(file: YamlDocument, broken: readonly Path[], issues: Issue[]): Checker {
  const checker: Checker = {
    report(path, code, what, instead, offset) {
      if (!isUnder(broken, path)) issues.push(file.issueAt(path, { code, what, instead }, offset));
    },
    expression(path, text, within, wanted) {
      const result = compile(text, within, wanted);
      if (!isProblem(result)) return result;
      checker.report(path, "expression", result.what, result.instead, result.offset);
      return { text, reads: new Set(), names: [], ask: () => ({ known: false, why: "the expression is not valid" }) };
    },
    places(path, text, known) {
      for (const { name, offset } of namesIn(text)) {
        if (known.includes(name)) continue;
        const ofOneRun = name.startsWith("run.") && !known.includes("run.number");
        const what = `unknown \${${name}}${ofOneRun ? ": a group of this workflow is not one run" : ""}`;
        const instead = ofOneRun ? "write ${runs}, or group: run" : choices(name, known);
        checker.report(path, "unknown-place", what, instead, offset);
      }
    },
    reference(path, name, known, what) {
      const names = new Set(known);
      if (!names.has(name)) checker.report(path, "unknown-reference", what, choices(name, names));
    },
    command(path, words, known, directory, programs) {
      words.forEach((word, index) => {
        const at = Array.isArray(valueAt(file.value, path)) ? [...path, index] : path;
        checker.places(at, word, known);
        if (!word.startsWith("./")) return;
        const script = `${directory}/${word.slice(2)}`;
        const executable = programs.get(script);
        if (executable === undefined) {
          const beside = [...programs.keys()]
            .filter((p) => p.startsWith(`${directory}/`))
            .map((p) => `.${p.slice(directory.length)}`);
          const near = nearest(word, beside);
          const instead = near ? `write ${near}` : "add it, or write a program and its arguments";
          checker.report(at, "unknown-file", `there is no file ${script}`, instead);
        } else if (index === 0 && !executable) {
          checker.report(
            at,
            "not-executable",
            `${script} may not be executed`,
            `run git update-index --chmod=+x ${script}`,
          );
        }
      });
    },
  };
  return checker;
}
