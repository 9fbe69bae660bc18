import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstErrorFinder } from "../../../src/core/text/first-error.ts";

function firstErrorOf(log: string): string | null {
  const finder = firstErrorFinder();
  for (const line of log.split("\n")) finder.take(line);
  return finder.found();
}

describe("the line of a log that a person would look for first is", () => {
  test.each<[string, string, string]>([
    [
      "what a Python traceback ends with",
      `Loading constants
Traceback (most recent call last):
  File "fit.py", line 12, in <module>
    main()
  File "fit.py", line 8, in main
    raise ValueError("no tracks in sector 3")
ValueError: no tracks in sector 3
`,
      "ValueError: no tracks in sector 3",
    ],
    [
      "what the first of two chained Python tracebacks ends with",
      `Traceback (most recent call last):
  File "a.py", line 1, in <module>
KeyError: 't0'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in <module>
RuntimeError: cannot go on
`,
      "KeyError: 't0'",
    ],
    [
      "where a C++ program crashed",
      `Processing event 1200
 *** Break *** segmentation violation
===========================================================
There was a crash.
./run.sh: line 3:  4711 Segmentation fault      (core dumped) ./reco
`,
      "*** Break *** segmentation violation",
    ],
    [
      "never in data that a program wrote where its words should be",
      "E \ufffd\u0017q!\ufffd \ufffd\nlast words\nerror \ufffd\ufffd\u0002z\ufffd\n",
      "last words",
    ],
    [
      "what the shell says of a crash",
      "event 1\nevent 2\n./run.sh: line 3: 4711 Segmentation fault (core dumped) ./reco\n",
      "./run.sh: line 3: 4711 Segmentation fault (core dumped) ./reco",
    ],
    [
      "a line of ROOT",
      "Info in <TFile::Open>: opening\nError in <TFile::TFile>: file /data/raw/8215.root does not exist\nWarning in <x>: y\n",
      "Error in <TFile::TFile>: file /data/raw/8215.root does not exist",
    ],
    [
      "a line of Gaudi",
      `ApplicationMgr    SUCCESS Application Manager Configured successfully
EventLoopMgr         INFO Starting loop
T0Calib             FATAL no pulser data for run 8215
EventLoopMgr        ERROR Terminating event processing loop
`,
      "T0Calib FATAL no pulser data for run 8215",
    ],
    [
      "what Slurm says of memory",
      "step 1\nslurmstepd: error: Detected 1 oom_kill event in StepId=77.batch. Some of the step tasks have been OOM Killed.\n",
      "slurmstepd: error: Detected 1 oom_kill event in StepId=77.batch. Some of the step tasks have been OOM Killed.",
    ],
    [
      "what Slurm says of time",
      "step 1\nslurmstepd: error: *** JOB 77 ON node3 CANCELLED AT 2026-11-24T10:00:00 DUE TO TIME LIMIT ***\n",
      "slurmstepd: error: *** JOB 77 ON node3 CANCELLED AT 2026-11-24T10:00:00 DUE TO TIME LIMIT ***",
    ],
    [
      "a C++ exception",
      "start\nterminate called after throwing an instance of 'std::runtime_error'\n  what():  bad geometry\nrun.sh: line 3: 47 Aborted (core dumped) ./reco\n",
      "what(): bad geometry",
    ],
    [
      "an assertion",
      "start\nreco: Track.cc:12: void fit(): Assertion `n > 0' failed.\n",
      "reco: Track.cc:12: void fit(): Assertion `n > 0' failed.",
    ],
    ["a missing program", "run.sh: line 4: fitter: command not found\n", "run.sh: line 4: fitter: command not found"],
    [
      "a missing library",
      "./reco: error while loading shared libraries: libCore.so: cannot open shared object file: No such file or directory\n",
      "./reco: error while loading shared libraries: libCore.so: cannot open shared object file: No such file or directory",
    ],
    [
      "a full disk",
      "write x\ntar: out.tar: Wrote only 4096 of 10240 bytes\nNo space left on device\n",
      "No space left on device",
    ],
    [
      "an error in colours",
      "\u001b[32mok\u001b[0m\n\u001b[1;31mERROR\u001b[0m: fit did not converge\n",
      "ERROR: fit did not converge",
    ],
    [
      "a Fortran runtime error",
      "x\nAt line 7 of file fit.f90\nFortran runtime error: End of file\n",
      "Fortran runtime error: End of file",
    ],
    [
      "a Java exception",
      'Exception in thread "main" java.lang.IllegalStateException: no wires\n\tat Main.main(Main.java:3)\n',
      'Exception in thread "main" java.lang.IllegalStateException: no wires',
    ],
    ["an error of how little there is", "start\nERROR: 0 tracks in sector 3\n", "ERROR: 0 tracks in sector 3"],
    ["an error of how much failed", "INFO 2 failed\nFATAL 3 failed channels\n", "FATAL 3 failed channels"],
    ["an error with a code", "make\nIO error 5 at block 7\n", "IO error 5 at block 7"],
    ["an error of a test framework", "collected 3 items\nE   assert 3 == 4\n1 failed in 0.1s\n", "E assert 3 == 4"],
  ])("%s", (_name, log, expected) => {
    expect(firstErrorOf(log)).toBe(expected);
  });

  test.each([
    "0 errors, 0 warnings",
    "Finished with no errors",
    "errors: 0",
    "error = none",
    "completed without error",
    "0 failed, 12 passed",
    "nErrors = 0",
    "error rate 0.00 %",
    "mean error: 0.003 +- 0.001 ps",
    "position error 12 um after fit",
    "track finding: 3 of 12000 failed fits were removed",
    "INFO Setting ErrorMax to 5",
    "DEBUG if this cannot be read, the default is used",
  ])("none that only speaks of errors: %s", (line) => {
    expect(firstErrorOf(`start\n${line}\nERROR: no wires\n`)).toBe("ERROR: no wires");
  });

  test("the last line that says anything where none looks like an error", () => {
    expect(firstErrorOf("one\ntwo\n\n   \n")).toBe("two");
    expect(firstErrorOf("\n \n")).toBeNull();
  });

  test("one line, printable, and never longer than people read, whatever the log is", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 2_000 })), (lines) => {
        const found = firstErrorOf(lines.join("\n"));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is tested.
        if (found !== null) expect(found).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        expect([...(found ?? "")].length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
