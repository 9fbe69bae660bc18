/** The program: its arguments, its environment, its signals. What it does stands elsewhere. */
import { setFlagsFromString } from "node:v8";
import { runProgram } from "./program/program.ts";

// Regular expressions come from branches that nobody has read yet: one that finds no end is searched another way.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

const on =
  (...signals: NodeJS.Signals[]) =>
  (listener: () => void) => {
    for (const signal of signals) process.on(signal, listener);
  };

// Whoever read what is printed may have gone (`| head`): that ends no bot, and is no failure of a command.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

process.exitCode = await runProgram({
  args: process.argv.slice(2),
  env: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  onStop: on("SIGINT", "SIGTERM"),
  onReload: on("SIGHUP"),
});
// What was written to a pipe is still on its way; whatever else is open (a prompt's input, a socket) holds nothing.
for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write("", resolve));
process.exit();
