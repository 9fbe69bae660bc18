/** What it means when a host does not do what it was asked for, in words. */
import { z } from "zod";
import { cleanLine } from "../../core/text/clean.ts";
import { formatDuration } from "../../core/time.ts";
import { CodeHostError } from "../../ports/code-host.ts";
import { type Answer, jsonOf } from "./answer.ts";
import { retryAfterMs } from "./retry-after.ts";

export type HostNames = {
  /** As people call it: `GitHub`. */
  readonly host: string;
  /** The option that names the project, and its value. */
  readonly project: readonly [option: string, name: string];
  /** The option that holds the address. */
  readonly address: string;
  /** The name of the secret that holds the token. */
  readonly secret: string;
  /** The rights that the token needs. */
  readonly rights: string;
};

/** The host answered, but with a refusal. */
export class Refused extends CodeHostError {
  readonly status: number;

  constructor(message: string, { status, retryAfterMs }: { status: number; retryAfterMs: number | undefined }) {
    super(message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.name = "Refused";
    this.status = status;
  }
}

export function wasRefused(error: unknown, status: number): error is Refused {
  return error instanceof Refused && error.status === status;
}

/** `asked` is the method and the path. */
export function refusalOf(answer: Answer, asked: string, names: HostNames): Refused {
  const { status, headers } = answer;
  const said = saidIn(answer);
  const wait = retryAfterMs(status, headers, said);
  const heard = `answered ${status} to ${asked}${said === "" ? "" : ` (${said})`}`;
  return new Refused(`${names.host} ${heard}: ${meaningOf(status, wait, names)}`, { status, retryAfterMs: wait });
}

function meaningOf(status: number, wait: number | undefined, names: HostNames): string {
  const { secret, rights } = names;
  const [option, name] = names.project;
  if (wait !== undefined) return `it wants to be left alone; ask again in ${formatDuration(wait)}`;
  if (status >= 500) return `it is not well; ask again later, and look at ${names.address} if it stays so`;
  if (status >= 300 && status < 400)
    return `something has moved, and the token is not carried after it; write where ${name} is now (${option}, ${names.address})`;
  switch (status) {
    case 401:
      return `it does not take the token; make a new one and store it as the secret ${secret}`;
    case 403:
      return `the token of the secret ${secret} may not do this; give it the rights: ${rights}`;
    case 404:
      return `${name} or what was asked for is not there, or the token of the secret ${secret} may not see it; look at ${option}, and give the token the rights: ${rights}`;
    default:
      return "it does not do this; look on its pages whether what was asked for is still there";
  }
}

const problem = z.object({
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  errors: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  errorMessages: z.array(z.unknown()).optional(),
});

/**
 * GitHub says `message` and `errors`, GitLab `message` or `error`, each as a text or as something else; Jira `errorMessages`, and `errors` by
 * field.
 */
function saidIn(answer: Answer): string {
  const { data } = problem.safeParse(jsonOf(answer));
  const { errors = [], errorMessages = [] } = data ?? {};
  const fields = Array.isArray(errors) ? errors : Object.entries(errors).map(([field, why]) => `${field}: ${why}`);
  const words = [data?.message, data?.error, ...errorMessages, ...fields].filter((one) => one !== undefined);
  return cleanLine(words.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("; "));
}
