/** A SQLite store, looked at beside whoever works with it. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { bad, type Finding, good, unknown } from "../../core/doctor/finding.ts";
import { schemaFinding } from "./examine-schema.ts";

const ABOUT = "the store";

export function examineSqlite(file: string): Finding[] {
  if (!existsSync(file)) return [good(ABOUT, `there is none yet; calops start makes ${file}`)];
  const closed = [file, `${file}-wal`, `${file}-shm`].filter((one) => existsSync(one) && !mayWrite(one));
  if (closed.length > 0)
    return [
      bad(
        ABOUT,
        `${closed.join(", ")} cannot be written by user ${process.getuid?.() ?? "?"}`,
        `let them belong to the user that the bot runs as: chown USER ${closed.join(" ")}`,
      ),
    ];
  try {
    const reader = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
    try {
      const { version } = reader.prepare("select sqlite_version() as version").get() as { version: string };
      const found = `SQLite ${version}, ${Math.ceil(statSync(file).size / 1e6)} MB`;
      return [schemaFinding(ABOUT, schemaOf(reader), found)];
    } finally {
      reader.close();
    }
  } catch (error) {
    const { code = "", message } = error as { code?: string; message: string };
    const broken = code === "SQLITE_CORRUPT" || code === "SQLITE_NOTADB";
    if (!broken) return [unknown(ABOUT, `${file} cannot be read: ${message}`, "give doctor again")];
    return [
      bad(
        ABOUT,
        `${file} is damaged: ${message}`,
        'stop the bot, and go back to the last backup, as docs/install.md says under "Backup and restore"',
      ),
    ];
  }
}

function schemaOf(reader: Database.Database): number {
  const there = reader.prepare("select 1 from sqlite_master where name = 'schema_version'").get();
  if (there === undefined) return 0;
  return (
    (reader.prepare("select max(version) as version from schema_version").get() as { version: number | null })
      .version ?? 0
  );
}

function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
