import { bad, type Finding, good } from "../../core/doctor/finding.ts";
import { MIGRATIONS } from "./migrations/index.ts";

/** @param version of the tables, 0 where there are none; `found` is what else is known of the store */
export function schemaFinding(about: string, version: number, found: string): Finding {
  const known = MIGRATIONS.at(-1)?.version ?? 0;
  if (version > known)
    return bad(
      about,
      `${found}; its tables have version ${version}, and this calops knows ${known}`,
      "start the newer calops that wrote it, or restore the backup that it made before it migrated",
    );
  if (version === known) return good(about, `${found}; its tables have version ${version}`);
  return good(
    about,
    version === 0
      ? `${found}; it has no tables yet, which calops start makes`
      : `${found}; its tables have version ${version}, and the next start brings them to ${known}, after a backup`,
  );
}
