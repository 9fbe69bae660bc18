/** GitLab, looked at as the owner of the token would: what it may in the project, and how long. */
import { z } from "zod";
import { bad, type Finding, good, unknown } from "../../../core/doctor/finding.ts";
import { parseInstant } from "../../../core/time.ts";
import { dateOf, endFindings, refusedFinding } from "../examine.ts";
import type { Line } from "../line.ts";
import { wasRefused } from "../refusal.ts";
import type { GitlabOptions } from "./config.ts";

const ABOUT = "gitlab";
const DEVELOPER = 30;

const access = z.object({ access_level: z.int() }).nullish();
const project = z.object({
  permissions: z.object({ project_access: access, group_access: access }).nullish(),
});
const ownToken = z.object({ scopes: z.array(z.string()), expires_at: z.string().nullish() });

export async function examine({ project: path, token }: GitlabOptions, line: Line): Promise<Finding[]> {
  try {
    const { data, headers } = await line.look({ method: "GET", path: ["projects", path] }, project);
    return [
      good(ABOUT, `the token reads ${path}`),
      roleFinding(data, path),
      ...(await tokenFindings(line, dateOf(headers), token.secret)),
    ];
  } catch (error) {
    return [refusedFinding(ABOUT, error)];
  }
}

function roleFinding({ permissions }: z.output<typeof project>, path: string): Finding {
  const about = `${ABOUT}: role of the token`;
  const level = Math.max(permissions?.project_access?.access_level ?? 0, permissions?.group_access?.access_level ?? 0);
  const fix = `in ${path} on GitLab: Manage > Members, give the owner of the token the role Developer`;
  if (level >= DEVELOPER) return good(about, "it may write comments and statuses");
  // Who is a member of a group above, or an administrator, has a role that is not told here.
  if (level === 0) return unknown(about, "GitLab does not say which role its owner has in the project", fix);
  return bad(about, "its owner is less than a Developer, so no status is written", fix);
}

async function tokenFindings(line: Line, now: number | undefined, secret: string): Promise<Finding[]> {
  const about = `${ABOUT}: scopes of the token`;
  try {
    const own = await line.ask({ method: "GET", path: ["personal_access_tokens", "self"] }, ownToken);
    const end = own.expires_at ? parseInstant(own.expires_at) : undefined;
    return [
      own.scopes.includes("api")
        ? good(about, "it has the scope api")
        : bad(
            about,
            `it has ${own.scopes.join(", ") || "none"}, so neither comments nor statuses are written`,
            `make a token with the scope api, and store it as the secret ${secret}`,
          ),
      ...endFindings(ABOUT, end, now, secret),
    ];
  } catch (error) {
    // Tokens of apps and of jobs are none of those that can be asked about, and older GitLabs tell of none.
    if (!wasRefused(error, 404) && !wasRefused(error, 401) && !wasRefused(error, 403)) throw error;
    return [unknown(about, "GitLab does not say which scopes it has", "it wants the scope api")];
  }
}
