#!/bin/bash
# clang-tidy over the given sources, one per core, with the flags that the build uses (native/binding.gyp).
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node
flags=(-x c++ -std=c++20 -D_GNU_SOURCE -DNAPI_VERSION=9 -DNAPI_DISABLE_CPP_EXCEPTIONS -Wall -Wextra -Wno-missing-field-initializers
  -I"$root/native/core" -I"$root/native/protocol" -iquote"$root/native/supervisor" -iquote"$root/native/enter" -iquote"$root/native/addon"
  -iquote"$root/native/tools" -iquote"$root/native/probe" -isystem "$root/node_modules/node-addon-api" -isystem "$headers")
# Into N-API's inlined wrappers the analyzer goes less deep (20 s a file otherwise), and into what only tests run.
shallow=(-Xclang -analyzer-config -Xclang mode=shallow)

tidy() { # FLAG… < one source a line; the largest come first, so that no core is left alone with one at the end
  xargs -r -I{} -P "$(nproc)" clang-tidy --quiet {} -- "${flags[@]}" "$@"
}
status=0
less='/(addon|fuzz|probe|races)/'
ls -S "$@" | { grep -vE "$less" || true; } | tidy || status=1
ls -S "$@" | { grep -E "$less" || true; } | tidy "${shallow[@]}" || status=1
exit $status
