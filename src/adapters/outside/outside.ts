/** Asks outside for JSON: a page, or a command. Neither may take long, and what they answer is only data. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Outside } from "../../ports/outside.ts";

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 4 * 1024 * 1024;

export function outside(env: NodeJS.ProcessEnv): Outside {
  return {
    async fetchJson(url) {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { accept: "application/json" },
        redirect: "error",
      });
      if (!response.ok) throw new Error(`${new URL(url).host} answers ${response.status}`);
      const length = Number(response.headers.get("content-length") ?? 0);
      if (length > MOST_BYTES) throw new Error(`${new URL(url).host} answers ${length} bytes, which is too much`);
      return parse(await response.text());
    },
    async runJson([program = "", ...args]) {
      const passed = { PATH: env["PATH"], HOME: env["HOME"], LANG: env["LANG"], TZ: env["TZ"] };
      const { stdout } = await promisify(execFile)(program, args, {
        timeout: TIMEOUT_MS,
        maxBuffer: MOST_BYTES,
        env: passed,
      });
      return parse(stdout);
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`the answer is not JSON: ${text.slice(0, 80)}`);
  }
}
