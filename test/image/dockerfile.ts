/** The Dockerfile as data: the instructions that ours uses, and a refusal of every other. */

/** What changes a stage, with its line as it stands in the file. */
export type Instruction = { readonly line: string } & (
  | { readonly kind: "workdir"; readonly path: string }
  | {
      readonly kind: "copy";
      readonly from: string | undefined;
      readonly sources: readonly string[];
      readonly to: string;
    }
  | { readonly kind: "run"; readonly script: string }
  | { readonly kind: "env"; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: "user"; readonly user: string }
);

export type Stage = {
  readonly name: string | undefined;
  readonly base: string;
  readonly instructions: readonly Instruction[];
};

export type Dockerfile = {
  readonly stages: readonly Stage[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly volumes: readonly string[];
};

export function parseDockerfile(text: string): Dockerfile {
  const stages: { name: string | undefined; base: string; instructions: Instruction[] }[] = [];
  const told = {
    entrypoint: [] as string[],
    command: [] as string[],
    healthcheck: [] as string[],
    volumes: [] as string[],
  };
  for (const line of linesOf(text)) {
    const [, word = "", rest = ""] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
    const instructions = stages.at(-1)?.instructions ?? [];
    switch (word) {
      case "FROM": {
        const [, base = "", name] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? refuse(line);
        stages.push({ name, base, instructions: [] });
        break;
      }
      case "WORKDIR":
        instructions.push({ line, kind: "workdir", path: rest });
        break;
      case "COPY": {
        const [, from, paths = ""] = /^(?:--from=(\S+)\s+)?([^-].*)$/.exec(rest) ?? refuse(line);
        const words = paths.split(/\s+/);
        instructions.push({ line, kind: "copy", from, sources: words.slice(0, -1), to: words.at(-1) ?? "" });
        break;
      }
      case "RUN":
        instructions.push({ line, kind: "run", script: rest });
        break;
      case "ENV": {
        const pairs = rest.split(/\s+/).map((pair) => /^(\w+)=([^"'$]*)$/.exec(pair) ?? refuse(line));
        instructions.push({
          line,
          kind: "env",
          variables: Object.fromEntries(pairs.map(([, name, value]) => [name, value])),
        });
        break;
      }
      case "USER":
        instructions.push({ line, kind: "user", user: rest });
        break;
      case "ENTRYPOINT":
        told.entrypoint = programOf(rest);
        break;
      case "CMD":
        told.command = programOf(rest);
        break;
      case "HEALTHCHECK":
        told.healthcheck = programOf(/^(?:--\S+\s+)*CMD\s+(.*)$/s.exec(rest)?.[1] ?? refuse(line));
        break;
      case "VOLUME":
        told.volumes.push(rest);
        break;
      case "EXPOSE":
        break;
      default:
        refuse(line);
    }
  }
  return { stages, ...told };
}

/** Lines that go on are joined; comments, also between such lines, are left out. */
function linesOf(text: string): string[] {
  const plain = text.split("\n").filter((line) => !/^\s*#/.test(line));
  return plain
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** Only the form of a JSON list: the other puts a shell before the program, and signals would end there. */
function programOf(text: string): string[] {
  const list: unknown = text.startsWith("[") ? JSON.parse(text) : undefined;
  return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : refuse(text);
}

function refuse(line: string): never {
  throw new Error(`test/image/dockerfile.ts does not know this: ${line}`);
}
