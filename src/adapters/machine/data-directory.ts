/** The data directory: whether it can be written, what is left of its disk, and who else can read it. */
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bad, doubtful, type Finding, good } from "../../core/doctor/finding.ts";
import { plural } from "../../core/say.ts";

const ABOUT = "the data directory";
const BAD_BYTES = 200e6;
const DOUBTFUL_BYTES = 2e9;
/** Kinds of file systems, as statfs(2) numbers them, on which SQLite's locks do not hold. */
const NETWORKS: Readonly<Record<number, string>> = {
  26985: "NFS",
  20859: "SMB",
  4283649346: "CIFS",
  4266872130: "SMB",
  198183888: "Lustre",
  1397113167: "AFS",
  1799439955: "AFS",
  1196443219: "GPFS",
  12805120: "CephFS",
};

/** @param directory absolute */
export async function examineDataDirectory(directory: string, store: "sqlite" | "elsewhere"): Promise<Finding[]> {
  if (!existsSync(directory)) return [missing(directory)];
  return [
    await writable(directory),
    await space(directory),
    ...(store === "sqlite" ? await network(directory) : []),
    ...owner(directory),
    ...readable(directory),
  ];
}

/** The first start makes it. */
function missing(directory: string): Finding {
  const found = `${directory} is not there yet; calops start makes it`;
  let parent = dirname(directory);
  while (!existsSync(parent)) parent = dirname(parent);
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
    return good(ABOUT, found);
  } catch {
    return bad(
      ABOUT,
      `${directory} is not there, and ${userName()} may not make it`,
      `install -d -m 700 -o USER ${directory}, with the user that the bot runs as`,
    );
  }
}

/** Only writing shows it: rights, a full disk, a quota, a file system that has become read-only. What is written goes at once. */
async function writable(directory: string): Promise<Finding> {
  const file = join(directory, `.doctor-${process.pid}-${Date.now()}`);
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.write(Buffer.alloc(65_536));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return good(ABOUT, `${directory} can be written`);
  } catch (error) {
    return bad(
      ABOUT,
      `${directory} cannot be written by ${userName()}: ${(error as Error).message}`,
      fixFor(error as NodeJS.ErrnoException, directory),
    );
  } finally {
    // Where it could not be made there is nothing to take away.
    await rm(file, { force: true }).catch(() => {});
  }
}

function fixFor({ code }: NodeJS.ErrnoException, directory: string): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `make room on its disk: du -xh --max-depth=2 ${directory} | sort -h shows what takes it`;
    case "EROFS":
      return `mount its disk so that it can be written: findmnt --target ${directory} shows how it is`;
    default:
      return `let it belong to the user that the bot runs as: chown -R USER ${directory}`;
  }
}

async function space(directory: string): Promise<Finding> {
  const about = "the disk of the data directory";
  const { bavail, bsize, files, ffree } = await statfs(directory);
  const bytes = bavail * bsize;
  const found = `${sizeOf(bytes)} are free`;
  const fix = `make room: du -xh --max-depth=2 ${directory} | sort -h shows what takes it, and logs.keep in calops.yaml lets old logs go sooner`;
  if (bytes < BAD_BYTES) return bad(about, `only ${found}, and nothing is decided once it is full`, fix);
  if (files > 0 && ffree < 1_000) return bad(about, `only ${plural(ffree, "file")} can still be made on it`, fix);
  return bytes < DOUBTFUL_BYTES ? doubtful(about, `only ${found}`, fix) : good(about, found);
}

async function network(directory: string): Promise<Finding[]> {
  const kind = NETWORKS[(await statfs(directory)).type];
  if (kind === undefined) return [];
  return [
    doubtful(
      "the disk of the data directory",
      `${directory} lies on ${kind}, where the locks of SQLite do not hold`,
      "let --data name a directory on a local disk, or use PostgreSQL (--store)",
    ),
  ];
}

/** Whoever looks here with other rights than the bot sees other things. */
function owner(directory: string): Finding[] {
  const { uid } = statSync(directory);
  if (process.getuid === undefined || uid === process.getuid()) return [];
  return [
    doubtful(
      ABOUT,
      `it belongs to user ${uid}, and this is ${userName()}: what is found here need not hold for the bot`,
      `give the command as its owner: sudo -u '#${uid}' calops doctor --data ${directory}`,
    ),
  ];
}

function readable(directory: string): Finding[] {
  const secrets = join(directory, "secrets");
  const inside = existsSync(secrets) && mayRead(secrets) ? readdirSync(secrets).map((name) => join(secrets, name)) : [];
  const open = [join(directory, "access.json"), ...inside].filter((file) => existsSync(file) && isOpen(file));
  if (open.length === 0 || !isOpen(directory)) return [];
  return [
    doubtful("files with secrets", `others on this machine can read ${open.join(", ")}`, `chmod 600 ${open.join(" ")}`),
  ];
}

function isOpen(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0;
}

function mayRead(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function userName(): string {
  return `user ${process.getuid?.() ?? "?"}`;
}

function sizeOf(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
