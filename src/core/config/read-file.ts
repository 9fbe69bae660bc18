/** One file of the configuration by its schema; what is wrong with it goes to a list that all files share. */
import type { z } from "zod";
import { checkerOf, type Parsed } from "./checker.ts";
import type { Issue } from "./issue.ts";
import { shapeOf } from "./shape.ts";
import { parseYaml } from "./yaml-document.ts";

/** Undefined where there is no such file, or nothing of it can be used. */
export type ReadFile = <Schema extends z.ZodType>(path: string, schema: Schema) => Parsed<z.output<Schema>> | undefined;

export function fileReader(texts: ReadonlyMap<string, string>, issues: Issue[]): ReadFile {
  return (path, schema) => {
    const text = texts.get(path);
    if (text === undefined) return undefined;
    const { document, issues: syntax } = parseYaml(path, text);
    issues.push(...syntax);
    if (!document) return undefined;
    const shape = shapeOf(document, schema);
    issues.push(...shape.issues);
    return shape.value === undefined
      ? undefined
      : { value: shape.value, check: checkerOf(document, shape.broken, issues) };
  };
}
