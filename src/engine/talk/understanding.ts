/** What somebody asks for in a chat, as the words of a line, whether they typed it, pressed it or filled it in. */
import type { Asking } from "../../core/chat/request.ts";
import { stillStands } from "../../core/chat/standing.ts";
import { staleWords } from "../../core/chat/words.ts";
import { wordsOf } from "../../core/command/parse.ts";
import { ITSELF } from "../../core/history.ts";
import { type Block, type Button, type Standing, say } from "../../core/say.ts";
import type { CommandDesk } from "../../ports/command-desk.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Seal } from "../../ports/seal.ts";

/** What the seal of a button stands for. */
type Pressed = { readonly words: readonly string[]; readonly while?: Standing };
/** What the seal of a form stands for. */
type Opened = { readonly form: string; readonly given: readonly string[] };

export type Understood = { readonly words: readonly string[]; readonly while?: Standing | undefined };

/** What a person's own page shows. */
const HOME = ["mine"];

export function sealedButton({ words, while: standing }: Button, seal: Seal): string {
  const pressed: Pressed = { words, ...(standing && { while: standing }) };
  return seal.seal(pressed);
}

export function sealedForm(
  { command, given }: { readonly command: string; readonly given: readonly string[] },
  seal: Seal,
): string {
  const opened: Opened = { form: command, given };
  return seal.seal(opened);
}

export function understand(
  asking: Asking,
  { seal, desk }: { readonly seal: Seal; readonly desk: () => CommandDesk },
): Understood | { readonly say: readonly Block[] } {
  switch (asking.kind) {
    case "line": {
      const words = wordsOf(asking.line);
      return { words: words.length === 0 ? ["help"] : words };
    }
    case "home":
      return { words: HOME };
    case "press": {
      const pressed = seal.open(asking.seal) as Pressed | undefined;
      return (
        pressed ?? { say: [say`This button is not one of calops, so nothing was done. Type the command instead.`] }
      );
    }
    case "form": {
      const opened = seal.open(asking.seal) as Opened | undefined;
      const words = opened && desk().wordsOfForm(opened.form, opened.given, asking.values);
      return words
        ? { words }
        : { say: [say`This form is not one of calops, so nothing was done. Type the command instead.`] };
    }
  }
}

/** What to say where a button is of an earlier state; undefined where it is not. */
export async function staleness(then: Standing, queries: Queries): Promise<Block[] | undefined> {
  const stands = stillStands(then, {
    tasks: "task" in then || "tasks" in then ? await queries.tasks("task" in then ? [then.task] : then.tasks) : [],
    alert: "alert" in then ? (await queries.alertsById([then.alert]))[0] : undefined,
    signoff: "signoff" in then ? (await queries.signoffs([then.signoff]))[0] : undefined,
    deployment: "deployment" in then ? (await queries.deploymentsById([then.deployment]))[0] : undefined,
  });
  if (stands.ok) return undefined;
  const history = await queries.history({ limit: 20, kind: stands.kind, ref: String(stands.id) });
  const last = history.find((entry) => entry.by !== ITSELF);
  return staleWords(stands, last);
}
