#!/bin/sh
# Tries the Dockerfile where there is no container engine: its own lines are performed in a bare Debian, and then the bot
# runs in what came of it, as a user id that nobody knows. Needs root, debootstrap, and the registries that a build needs.
# usage: npm run test:image
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "test/image/chroot.sh: only root can make a chroot" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "test/image/chroot.sh: install Debian's package debootstrap" >&2; exit 1; }

# Every mount is made in a mount namespace that ends with its process, so this never removes what is not its own.
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM

# The base image, as near as packages bring it: Debian without its documentation, Node, npm.
image=$(sed -n 's/^FROM \(node:24-[a-z]*-slim\)$/\1/p' Dockerfile)
suite=$(echo "$image" | cut -d- -f2)
base=$work/base
echo "   debootstrap $suite"
unshare --mount debootstrap --variant=minbase "$suite" "$base" >"$work/debootstrap.log" 2>&1 ||
  { tail -20 "$work/debootstrap.log" >&2; exit 1; }
for left_out in doc info locale man; do
  rm -rf "$base/usr/share/$left_out"
  mkdir "$base/usr/share/$left_out"
  echo "path-exclude /usr/share/$left_out/*" >>"$base/etc/dpkg/dpkg.cfg.d/docker"
done
rm -rf "$base"/var/cache/apt/* "$base"/var/lib/apt/lists/* "$base"/var/log/*
# Names of this machine belong into no image.
: >"$base/etc/resolv.conf"
: >"$base/etc/hostname"
cp node_modules/node/bin/node "$base/usr/local/bin/node"
mkdir -p "$base/usr/local/lib/node_modules"
cp -R "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$base/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$base/usr/local/bin/npm"
chroot "$base" useradd --uid 1000 --user-group --create-home --shell /bin/bash node

node_modules/node/bin/node test/image/chroot.ts "$work" "$image"
