#!/bin/bash
# clang-tidy [--deep] SOURCE…: over the given sources, one per core, with the flags that the build uses (native/binding.gyp).
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node
flags=(-x c++ -std=c++20 -D_GNU_SOURCE -DNAPI_VERSION=9 -DNAPI_DISABLE_CPP_EXCEPTIONS -Wall -Wextra -Wno-missing-field-initializers
  -I"$root/native/core" -I"$root/native/protocol" -iquote"$root/native/supervisor" -iquote"$root/native/enter" -iquote"$root/native/addon"
  -iquote"$root/native/tools" -iquote"$root/native/probe" -isystem "$root/node_modules/node-addon-api" -isystem "$headers")
# How deep the analyzer goes is most of the time (25 s for a large file, or 7): all the way only when asked, with --deep. Then too it goes less
# deep into N-API's inlined wrappers, and into what only tests run.
shallow=(-Xclang -analyzer-config -Xclang mode=shallow)
less='/(addon|fuzz|probe|races)/'
if [[ ${1-} == --deep ]]; then shift; else less=.; fi

tidy() { # FLAG… < one source a line; the largest come first, so that no core is left alone with one at the end
  xargs -r -I{} -P "$(nproc)" clang-tidy --quiet {} -- "${flags[@]}" "$@"
}
status=0
ls -S "$@" | { grep -vE "$less" || true; } | tidy || status=1
ls -S "$@" | { grep -E "$less" || true; } | tidy "${shallow[@]}" || status=1
exit $status
