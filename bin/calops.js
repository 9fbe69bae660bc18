#!/usr/bin/env node
/**
 * Starts the sources where there are any, as in a checkout, and the build otherwise, as in the published package and the
 * image. It is plain JavaScript that any Node can read, so that one that is too old is told so, and by words.
 */
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const OLDEST = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  process.stderr.write(
    `calops: this is Node ${process.versions.node}, and calops needs ${OLDEST} or newer; in the directory where it was installed, npx calops takes the Node that came with it\n`,
  );
  process.exit(1);
}
const sources = new URL("../src/main.ts", import.meta.url);
if (existsSync(sources)) {
  // Node takes a while to strip types. What came of it is kept here: in /tmp, Node's own choice, others could put theirs.
  // The process that starts local jobs finds it by the variable.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../node_modules/.cache/calops", import.meta.url));
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(sources.href);
} else {
  await import(new URL("../dist/main.js", import.meta.url).href);
}
