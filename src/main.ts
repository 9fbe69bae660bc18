#!/usr/bin/env node
/** The program: its arguments, its environment, its signals. What it does stands elsewhere. */
import { enableCompileCache } from "node:module";

enableCompileCache();
const { runProgram } = await import("./program/program.ts");

const on =
  (...signals: NodeJS.Signals[]) =>
  (listener: () => void) => {
    for (const signal of signals) process.on(signal, listener);
  };

process.exitCode = await runProgram({
  args: process.argv.slice(2),
  env: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  onStop: on("SIGINT", "SIGTERM"),
  onReload: on("SIGHUP"),
});
// Whatever is still open (a prompt's input, a socket that lingers) holds nothing that was not written.
process.exit();
