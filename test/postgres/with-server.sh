#!/bin/sh
# Starts a PostgreSQL of its own in a temporary directory, runs a command with CALOPS_TEST_POSTGRES set, and stops it.
# usage: with-server.sh COMMAND [ARGUMENTS]
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed: the tests that need it are left out" >&2; exec "$@"; }
root=$(mktemp -d)
port=${CALOPS_TEST_POSTGRES_PORT:-15439}
# PostgreSQL refuses to run as root; then it runs as its own user.
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$root"
stop() { as "$bin/pg_ctl" -D "$root/db" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$root"; }
trap stop EXIT INT TERM
as "$bin/initdb" -D "$root/db" -A trust -U calops >/dev/null
as "$bin/pg_ctl" -D "$root/db" -w -l "$root/log" -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$root" start >/dev/null
CALOPS_TEST_POSTGRES="postgres://calops@127.0.0.1:$port/postgres" "$@"
