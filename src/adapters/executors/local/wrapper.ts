/**
 * The shell around every job. It claims the job's key before it does anything, and writes down how the job ended:
 * so at most one process ever runs a key, and what came of it is known even if nobody was there to see it.
 *
 *   claim    `pid starttime boot-id`, created so that only the first of several can
 *   verdict  the exit code, the processor times, and `end`: without its last line it does not count
 *
 * It is started while its job still waits for a place, and goes on when it is told to by a line: so the time that it takes to
 * make a process passes while others run. Without that line, since whoever would have written it is gone, it ends and has
 * claimed nothing. It starts as few processes as it can: it is paid once for every job.
 */
export const WRAPPER = `
directory=$1
shift
cd "$directory" || exit 97
begun() { set -- \${1##*) }; shift 19; start=$1; }
start=0
boot=0
{ read -r stat < /proc/$$/stat && begun "$stat"; read -r boot < /proc/sys/kernel/random/boot_id; } 2>/dev/null
read -r go || exit 0
set -C
{ echo "$$ $start $boot" > claim; } 2>/dev/null || exit 0
set +C
cd work || exit 97
trap : TERM INT HUP
"$@" < /dev/null
code=$?
until { echo $code && times && echo end; } > ../verdict 2>/dev/null; do sleep 1; done
exit $code
`;

/** The variable by which the shell of an isolated job, and the job itself, are known for one. */
export const ISOLATED = "CALOPS_ISOLATED";

/** Variables of the bot's own environment that a job gets; everything else, its secrets among it, stays behind. */
export const PASSED_ON = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "TMPDIR",
] as const;
