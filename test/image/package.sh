#!/bin/sh
# Packs the package as it would be published, installs it into an empty directory, and uses it there.
# usage: npm run test:package
set -eu
cd "$(dirname "$0")/../.."
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
fail() { echo "test/image/package.sh: $1" >&2; exit 1; }

npm pack --silent --pack-destination "$work" >/dev/null
tar -tzf "$work"/calops-*.tgz | sed 's,^package/,,' >"$work/files"
strangers=$(grep -v -E '^(bin/calops\.js|dist/([a-zA-Z0-9_-]*\.js|third-party\.txt)|config-repo-template/.*|docs/[^/]*\.md|docs/calops\.service|docs/slack-manifest\.yaml|package\.json|README\.md|CHANGELOG\.md|LICENSE)$' "$work/files" || true)
[ -z "$strangers" ] || fail "these files do not belong into the package: $strangers"
echo "   $(wc -l <"$work/files") files, $(wc -c <"$(ls "$work"/calops-*.tgz)") bytes"

# As somebody who has only npm: neither this checkout nor the Node that an npm script puts in front are in reach.
PATH=$(echo "$PATH" | tr ':' '\n' | grep -v node_modules | paste -sd:)
mkdir "$work/own"
cd "$work/own"
npm init --yes >/dev/null
npm install --silent --no-fund --no-audit "$work"/calops-*.tgz
calops() { npx --no-install calops "$@" 2>"$work/errors" || { cat "$work/errors" >&2; fail "calops $*: exit code $?"; }; }
echo "   $(calops --version) on Node $(npx --no-install node --version 2>/dev/null)"
calops init repository >/dev/null
mv repository/.gitignore repository/gitignore
diff -r --exclude=.git "$here/config-repo-template" repository
mv repository/gitignore repository/.gitignore
calops validate repository
calops start --config "$here/test/image/tiny-config" --data data --until-idle | tail -1
calops --data data tasks --json | grep -q '"state": "done"' || fail "the job is not done"
calops --data data chart overview | grep -q "\[picture: " || fail "no chart is painted: $(calops --data data chart overview)"
