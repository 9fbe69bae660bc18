/** A PostgreSQL store, looked at over a connection of its own that reads only. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import pg from "pg";
import { bad, doubtful, type Finding, good, unknown } from "../../core/doctor/finding.ts";
import { formatDuration } from "../../core/time.ts";
import type { Clock } from "../../ports/clock.ts";
import { schemaFinding } from "./examine-schema.ts";

const ABOUT = "the store";
const TIMEOUT_MS = 8_000;
/** The oldest that its makers still mend. */
const OLDEST = 14;
const APART_MS = 30_000;

type Server = {
  readonly number: number;
  readonly version: string;
  readonly now: number;
  readonly may_create: boolean;
  readonly can_write: boolean;
  readonly there: boolean;
};

export async function examinePostgres(url: string, clock: Clock): Promise<Finding[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    application_name: "calops doctor",
  });
  // One that breaks is told by what was asked over it.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    return [notReached(url, error as Error & { code?: string })];
  }
  try {
    const asked = clock.elapsed();
    const { rows } = await client.query<Server>(`select current_setting('server_version_num')::int as number,
      current_setting('server_version') as version, extract(epoch from clock_timestamp()) * 1000 as now,
      has_schema_privilege(current_schema(), 'create') as may_create,
      not pg_is_in_recovery() as can_write, to_regclass('schema_version') is not null as there`);
    const took = clock.elapsed() - asked;
    const [server] = rows;
    if (!server) return [unknown(ABOUT, "PostgreSQL did not answer", "give doctor again")];
    const version = server.there
      ? (await client.query<{ version: number | null }>("select max(version)::int as version from schema_version"))
          .rows[0]?.version
      : 0;
    return [
      versionFinding(server),
      schemaFinding(`${ABOUT}: tables`, version ?? 0, `PostgreSQL ${server.version}`),
      ...rightsFindings(server, url),
      clockFinding(clock.now() - took / 2 - Number(server.now), took / 2),
      await dumpFinding(server),
    ];
  } catch (error) {
    return [
      unknown(
        ABOUT,
        `PostgreSQL answers, and refuses to tell how it is: ${(error as Error).message}`,
        "look into the server's log",
      ),
    ];
  } finally {
    await client.end();
  }
}

function notReached(url: string, error: Error & { readonly code?: string }): Finding {
  const { code = "" } = error;
  const { hostname = "", port = "", username = "", pathname = "" } = URL.canParse(url) ? new URL(url) : {};
  const database = pathname.slice(1) || username;
  const place = `${hostname}:${port || "5432"}`;
  const about = ABOUT;
  if (code === "28P01" || code === "28000")
    return bad(
      about,
      `PostgreSQL at ${place} does not let ${username} in: ${error.message}`,
      "write the right user and password into CALOPS_STORE, or let pg_hba.conf of the server allow this machine",
    );
  if (code === "3D000")
    return bad(
      about,
      `PostgreSQL at ${place} has no database ${database}`,
      `as its administrator: createdb --owner ${username} ${database}`,
    );
  if (code === "53300")
    return bad(
      about,
      `PostgreSQL at ${place} has no connection left`,
      "raise max_connections of the server, or let others use fewer",
    );
  return bad(
    about,
    `PostgreSQL at ${place} cannot be reached: ${code || error.message}`,
    `look at the address in CALOPS_STORE, and whether the server runs: pg_isready -h ${hostname} -p ${port || "5432"}`,
  );
}

function versionFinding({ number, version }: Server): Finding {
  const major = Math.floor(number / 10_000);
  if (major >= OLDEST) return good(ABOUT, `PostgreSQL ${version} answers`);
  return doubtful(
    ABOUT,
    `PostgreSQL ${version} answers, which its makers mend no longer`,
    `upgrade the server to ${OLDEST} or newer`,
  );
}

function rightsFindings({ may_create, can_write }: Server, url: string): Finding[] {
  const about = `${ABOUT}: rights`;
  if (!can_write)
    return [
      bad(
        about,
        "this PostgreSQL is a copy that can only be read",
        "let CALOPS_STORE name the server that is written to",
      ),
    ];
  if (may_create) return [good(about, "tables can be made and written")];
  const { username = "" } = URL.canParse(url) ? new URL(url) : {};
  return [
    bad(
      about,
      `${username} may not make tables, so no new version of calops starts`,
      `as the database's owner: GRANT CREATE ON SCHEMA public TO ${username};`,
    ),
  ];
}

function clockFinding(aheadMs: number, unsureMs: number): Finding {
  const about = `${ABOUT}: clock`;
  const off = Math.max(0, Math.abs(aheadMs) - unsureMs);
  if (off < APART_MS) return good(about, "the server's clock agrees with this machine's");
  return doubtful(
    about,
    `this machine's clock is ${formatDuration(off)} ${aheadMs > 0 ? "ahead of" : "behind"} the server's`,
    "let both machines follow a time server: timedatectl set-ntp true",
  );
}

/** Backups, also the one before a migration, are made by it. */
async function dumpFinding({ number }: Server): Promise<Finding> {
  const about = `${ABOUT}: pg_dump`;
  const major = Math.floor(number / 10_000);
  const fix = `install PostgreSQL's client programs of version ${major} or newer: apt-get install postgresql-client-${major}`;
  try {
    const { stdout } = await promisify(execFile)("pg_dump", ["--version"], { timeout: TIMEOUT_MS });
    const own = Number(/(\d+)(?:\.\d+)?/.exec(stdout)?.[1]);
    if (own >= major) return good(about, `version ${own} is here for backups`);
    return bad(
      about,
      `version ${own} is older than the server's ${major}, so there is no backup, and no migration`,
      fix,
    );
  } catch {
    return bad(about, "it is not installed, so there is no backup, and no migration", fix);
  }
}
