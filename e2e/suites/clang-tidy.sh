#!/bin/bash
# clang-tidy over the given sources, two at a time, with the flags that the build uses.
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
include=$(node -p 'require("node-addon-api").include.replaceAll("\"", "")')
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -- -x c++ -std=c++20 -DNAPI_VERSION=9 -DNAPI_CPP_EXCEPTIONS \
  -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I"$root/native" -isystem "$include" -isystem "$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node"
