/** GitHub, looked at as the owner of the token would: what it may in the repository, and how long. */
import { bad, type Finding, good, unknown } from "../../../core/doctor/finding.ts";
import { parseInstant } from "../../../core/time.ts";
import { dateOf, endFindings, refusedFinding } from "../examine.ts";
import type { Line } from "../line.ts";
import type { GithubOptions } from "./config.ts";
import { githubPulls, githubRepository } from "./parse.ts";

const ABOUT = "github";
const RIGHTS = `${ABOUT}: rights of the token`;
const WHERE = "github.com > Settings > Developer settings > Personal access tokens";

export async function examine({ repository, token }: GithubOptions, line: Line): Promise<Finding[]> {
  const path = ["repos", ...repository.split("/")];
  try {
    const { data, headers } = await line.look({ method: "GET", path }, githubRepository);
    const query = { state: "open", per_page: 1 };
    await line.ask({ method: "GET", path: [...path, "pulls"], query }, githubPulls);
    const end = parseInstant((headers.get("github-authentication-token-expiration") ?? "").replace(/ UTC$/, ""));
    return [
      good(ABOUT, `the token reads ${repository} and its pull requests`),
      rightsFinding(data, headers.get("x-oauth-scopes"), repository, token.secret),
      ...endFindings(ABOUT, end, dateOf(headers), token.secret),
    ];
  } catch (error) {
    return [refusedFinding(ABOUT, error)];
  }
}

type Repository = { readonly private: boolean; readonly permissions?: { readonly push: boolean } | null | undefined };

/** Only of tokens of the older kind, which have scopes, GitHub says what they may. */
function rightsFinding(repository: Repository, said: string | null, name: string, secret: string): Finding {
  if (said === null || said.trim() === "")
    return unknown(
      RIGHTS,
      "GitHub does not say of tokens of this kind whether they may write; the first comment and the first status show it",
      `${WHERE}: the token wants Pull requests and Commit statuses, both Read and write`,
    );
  const scopes = said.split(",").map((scope) => scope.trim());
  const enough = scopes.includes("repo") || (!repository.private && scopes.includes("public_repo"));
  if (!enough)
    return bad(
      RIGHTS,
      `it has ${scopes.join(", ")}, so neither comments nor statuses are written`,
      `${WHERE}: give the token the scope ${repository.private ? "repo" : "public_repo"}; or make another, and store it as the secret ${secret}`,
    );
  if (repository.permissions?.push === false)
    return bad(
      RIGHTS,
      `its owner may only read ${name}, so no status is written`,
      `in ${name} on GitHub: Settings > Collaborators, give the owner of the token the role Write`,
    );
  return good(RIGHTS, `it may write comments and statuses in ${name}`);
}
