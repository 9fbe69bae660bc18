#!/bin/sh
# A job that tries to read every secret of the bot, and to change everything that is not its own. What it gets hold of it
# writes down as a line that begins with LEAK. It is told where to look by its environment:
#   BASE  a directory with the bot's home and data   BOT  the process of the bot   SINCE  when the secrets were made
#   LEFT RIGHT  the secret is LEFT-RIGHT; it is asked for as a pattern, which is not itself the secret
#   HERE  its workflow in the checkout   INPUT  a file of an earlier job   OTHER  the attempt of another environment's job
secret="$LEFT[-]$RIGHT"
data=${CALOPS_WORK%/jobs/*}
leak() { echo "LEAK $*"; }

for file in "$data"/secrets/token "$data"/access.json "$data"/calops.sqlite "$data"/config.git/HEAD "$OTHER"/out/result \
  "$OTHER"/log "$BASE"/home/.ssh/id "$BASE"/home/.netrc "$BASE"/kept/root-only ./../out/../../../../secrets/token; do
  cat "$file" >/dev/null 2>&1 && leak "reads $file"
done
# Links of other jobs, to what they could not read themselves.
grep -rqs "$secret" "${INPUT%/*}" && leak "reads through its inputs"
find / \( -path /proc -o -path /sys \) -prune -o -type f -newermt "@$SINCE" -exec grep -ls "$secret" {} + 2>/dev/null |
  while read -r file; do leak "finds $file"; done
cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | grep -aqs "$secret" && leak "finds it in a process"
for open in /proc/[0-9]*/fd/*; do
  [ -d "$open/" ] && leak "holds a directory open: $(readlink "$open")"
done
[ -e "/proc/$BOT" ] && leak "sees the bot"
head -c1 /etc/shadow >/dev/null 2>&1 && leak "reads /etc/shadow"

kill -9 "$BOT" 2>/dev/null && leak "ends the bot"
kill -9 "$PPID" 2>/dev/null && [ "$PPID" != 1 ] && leak "ends $PPID"

for place in / /etc /usr /opt /srv /home /root /run /var /var/lib "$BASE" "$BASE/home" "$BASE/kept" "$data" "$data/secrets" \
  "$data/jobs" "$data/checkouts" "$data/config.git" "$HERE" "${INPUT%/*}" "$OTHER" "$OTHER/out" "$CALOPS_WORK/.."; do
  touch "$place/planted-$RIGHT" 2>/dev/null && leak "writes into $place" && rm -f "$place/planted-$RIGHT"
done
for file in "$INPUT" "$HERE/link" "$CALOPS_JOB" "$BASE/kept/file" "$CALOPS_WORK/../verdict" "$CALOPS_WORK/../claim"; do
  { echo planted >>"$file"; } 2>/dev/null && leak "writes to $file"
  chmod 777 "$file" 2>/dev/null && leak "changes the mode of $file"
done
for file in "$INPUT" "$BASE/kept/file"; do
  rm -f "$file" 2>/dev/null && leak "removes $file"
done
mv "$CALOPS_OUT" "$CALOPS_WORK/moved" 2>/dev/null && leak "puts something else in the place of its outputs"

# Root of its own namespaces may not take off what hides things.
for place in "$data" "$BASE/home" /root /run /tmp; do
  unshare --user --map-root-user --mount sh -c 'umount "$1" && cat "$2"' sh "$place" "$data/secrets/token" 2>/dev/null |
    grep -q . && leak "takes off what lies on $place"
done

for socket in "$BASE/home/agent.sock" "$data/bot.sock"; do
  node -e 'require("net").connect(process.argv[1]).on("connect", () => process.exit(0)).on("error", () => process.exit(1))' \
    "$socket" 2>/dev/null && leak "talks to $socket"
done
# The kernel's keyrings, by read of keyctl: it may not even ask.
if [ -x /usr/bin/python3 ]; then
  /usr/bin/python3 -c '
import ctypes, platform, sys
keyctl = {"x86_64": 250, "aarch64": 219}.get(platform.machine())
libc = ctypes.CDLL(None, use_errno=True)
sys.exit(0 if keyctl and not (libc.syscall(keyctl, 11, -3, 0, 0) == -1 and ctypes.get_errno() == 1) else 1)' &&
    leak "asks for the session keyring"
fi

# What runs as the bot for whoever gets to it.
cp /bin/sh "$CALOPS_OUT/as-the-bot" && chmod 4755 "$CALOPS_OUT/as-the-bot"
node -p process.execPath >"$CALOPS_OUT/tried"
