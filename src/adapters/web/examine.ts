/** The bot's own port and the address under which others reach it: whether what is asked there comes here. */
import { createServer } from "node:net";
import { z } from "zod";
import { bad, doubtful, type Finding, good } from "../../core/doctor/finding.ts";

export type WebExamination = {
  /** Where it is to listen. */
  readonly host: string;
  readonly port: number;
  /** Where a bot listens now; undefined where none runs. */
  readonly listening: string | undefined;
  readonly publicUrl: string | undefined;
  /** What `/health` of this installation says that it is; undefined before its first start. */
  readonly is: string | undefined;
  /** What needs to be reached by others, in words: `chat slack`. */
  readonly wanted: readonly string[];
};

const TIMEOUT_MS = 8_000;
const PROXY = 'docs/install.md shows under "Who may do what, and a reverse proxy" what goes in front of it';

const health = z.object({ ok: z.boolean(), stalled: z.string().nullable(), is: z.string().optional() });

export async function examineWeb(wanted: WebExamination): Promise<Finding[]> {
  return [
    wanted.listening === undefined ? await portFinding(wanted) : await ownFinding(wanted, wanted.listening),
    ...(await addressFindings(wanted)),
  ];
}

/** Where no bot runs, whether one could listen there. */
async function portFinding({ host, port }: WebExamination): Promise<Finding> {
  const about = "the port";
  const place = `${host}:${port}`;
  const failed = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
  switch (failed?.code) {
    case undefined:
      return good(about, `${place} is free for the bot`);
    case "EADDRINUSE":
      return bad(
        about,
        `${place} is in use, and not by the bot of this data directory`,
        `ss -tlnp 'sport = :${port}' shows by what; stop that, or choose another with --port N`,
      );
    case "EACCES":
      return bad(about, `this user may not listen at ${place}`, "choose a port above 1023 with --port N");
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return bad(
        about,
        `${host} is no address of this machine`,
        "write --host 127.0.0.1, or --host 0.0.0.0 for all that it has",
      );
    default:
      return bad(about, `nobody can listen at ${place}: ${failed?.message}`, "choose another with --host and --port");
  }
}

async function ownFinding(wanted: WebExamination, url: string): Promise<Finding> {
  const about = "the port";
  const answer = await askHealth(url, wanted.is);
  switch (answer.kind) {
    case "ours":
      return good(about, `the bot listens at ${url}`);
    case "stalled":
      return bad(
        about,
        `the bot listens at ${url}, and decides nothing: ${answer.why}`,
        "make room on the disk, or bring the database back; it goes on by itself",
      );
    default:
      return bad(
        about,
        `the bot does not answer itself at ${url}: ${answer.why}`,
        "look whether a firewall of this machine keeps it from itself",
      );
  }
}

async function addressFindings({ publicUrl, listening, host, port, is, wanted }: WebExamination): Promise<Finding[]> {
  const about = "the address for others";
  const by = wanted.join(", ");
  const set = `set CALOPS_PUBLIC_URL to the https address under which it is reached (${PROXY}), and start the bot again`;
  if (publicUrl === undefined) {
    const here = listening ?? `http://${host}:${port}`;
    const found = `none is set, so links lead to ${here}`;
    if (wanted.length > 0) return [doubtful(about, `${found}, and others are to reach it: ${by}`, set)];
    return [good(about, isLoopback(host) ? `${found}, which only this machine reaches` : found)];
  }
  if (!URL.canParse(publicUrl) || !/^https?:$/.test(new URL(publicUrl).protocol))
    return [
      bad(about, `${publicUrl} is no address of a web server`, "write CALOPS_PUBLIC_URL as https://calops.example.org"),
    ];
  const plain = publicUrl.startsWith("http:")
    ? [
        doubtful(
          `${about}: encryption`,
          `${publicUrl} is not encrypted, so whoever is on the way reads the links${by === "" ? "" : ` and what ${by} sends`}`,
          `put TLS in front of it, and let CALOPS_PUBLIC_URL begin with https:// (${PROXY})`,
        ),
      ]
    : [];
  if (listening === undefined) return plain;
  return [await reachFinding(about, publicUrl, is), ...plain];
}

async function reachFinding(about: string, url: string, is: string | undefined): Promise<Finding> {
  const answer = await askHealth(url, is);
  const check = `let the web server there pass everything on to the bot, and try curl ${url.replace(/\/$/, "")}/health`;
  switch (answer.kind) {
    case "ours":
    case "stalled":
      return good(about, `${url} leads to this bot`);
    case "other":
      return bad(about, `${url} does not lead to this bot: ${answer.why}`, check);
    case "certificate":
      return bad(
        about,
        `the certificate of ${url} is not valid for this machine: ${answer.why}`,
        "renew it, with all certificates between it and its root; where the root is your own, let NODE_EXTRA_CA_CERTS name its file",
      );
    case "away":
      return doubtful(
        about,
        `${url} was not reached from this machine: ${answer.why}; others may get there`,
        `try curl ${url.replace(/\/$/, "")}/health where the others are`,
      );
  }
}

type Answer =
  | { readonly kind: "ours" }
  | { readonly kind: "stalled" | "other" | "certificate" | "away"; readonly why: string };

async function askHealth(url: string, is: string | undefined): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`${url.replace(/\/$/, "")}/health`, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const { code = "", message = "" } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) return { kind: "certificate", why: code };
    return {
      kind: "away",
      why:
        (error as Error).name === "TimeoutError"
          ? "there was no answer in time"
          : code || message || (error as Error).message,
    };
  }
  const location = response.headers.get("location");
  if (location !== null) return { kind: "other", why: `it leads on to ${location.slice(0, 200)}` };
  const read = health.safeParse(await response.json().catch(() => undefined));
  if (!read.success) return { kind: "other", why: `it answers ${response.status}, and not as calops does` };
  if (is !== undefined && read.data.is !== is) return { kind: "other", why: "another calops answers there" };
  return read.data.stalled === null ? { kind: "ours" } : { kind: "stalled", why: read.data.stalled };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
