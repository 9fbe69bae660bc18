#!/usr/bin/env node
/**
 * Starts the sources where there are any, as in a checkout, and the build otherwise, as in the published package and the
 * image. It is plain JavaScript that any Node can read, so that one that is too old is told so, and by words.
 */
import { existsSync } from "node:fs";

const OLDEST = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  process.stderr.write(
    `calops: this is Node ${process.versions.node}, and calops needs ${OLDEST} or newer; in the directory where it was installed, npx calops takes the Node that came with it\n`,
  );
  process.exit(1);
}
const sources = new URL("../src/main.ts", import.meta.url);
await import(existsSync(sources) ? sources.href : new URL("../dist/src/main.js", import.meta.url).href);
