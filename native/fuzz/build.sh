#!/bin/bash
# The fuzz targets into native/build/fuzz, with clang's ASan and UBSan; only what has changed is compiled. Each *.cc
# beside this file is a target. build.sh [TARGET...]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
OUT=build/fuzz
# What targets call and what that calls in turn; the linker says so when something is missing.
CORE=(cgroup cgroup_devices cgroup_effects cgroup_events cgroup_files cgroup_folders cgroup_freeze cgroup_hugetlb cgroup_io
  cgroup_largest cgroup_layout cgroup_limits cgroup_limits_read cgroup_remove cgroup_usage cgroup_writes channel device_filter device_rules
  frame holder holder-client namespaces netlink netlink_links netlink_traffic report ring running spec spec_values spec_words sys
  users)
PARTS=("${CORE[@]/#/core/}" supervisor/learner enter/options tools/seccomp_lists tools/seccomp_program tools/seccomp_tree
  addon/group-lines probe/acts probe/acts_files probe/acts_mounts probe/acts_process probe/calls probe/lines)
FLAGS=(-std=c++20 -D_GNU_SOURCE -O1 -g1 -fno-omit-frame-pointer -fno-sanitize-recover=all -Wall -Wextra
  -Wno-missing-field-initializers -Icore -Iprotocol -Isupervisor -Ienter -Itools -Iprobe -Iaddon)
SANITIZERS=address,undefined

targets=("$@")
if [ ${#targets[@]} = 0 ]; then
  for file in fuzz/*.cc; do targets+=("$(basename "$file" .cc)"); done
fi
mkdir -p $OUT/{core,supervisor,enter,tools,probe,addon,fuzz}

# A source, or a header that it names, is newer than its object.
stale() { # OBJECT
  [ -e "$1" ] || return 0
  local file
  for file in $(sed -e 's/^[^:]*://' -e 's/\\$//' "${1%.o}.d"); do
    if [ "$file" -nt "$1" ] || ! [ -e "$file" ]; then return 0; fi
  done
  return 1
}
todo=()
for part in "${PARTS[@]}" "${targets[@]/#/fuzz/}"; do
  stale "$OUT/$part.o" && todo+=("$part")
done
if [ ${#todo[@]} -gt 0 ]; then
  printf '%s\n' "${todo[@]}" | xargs -P "$(nproc)" -I{} clang++ "${FLAGS[@]}" -fsanitize=fuzzer-no-link,$SANITIZERS -MMD -c {}.cc -o $OUT/{}.o
  rm -f $OUT/parts.a
fi
objects=("${PARTS[@]/#/$OUT/}")
[ -e $OUT/parts.a ] || ar rcs $OUT/parts.a "${objects[@]/%/.o}"
for target in "${targets[@]}"; do
  if [ $OUT/parts.a -nt "$OUT/$target" ] || [ "$OUT/fuzz/$target.o" -nt "$OUT/$target" ]; then
    clang++ -fsanitize=fuzzer,$SANITIZERS "$OUT/fuzz/$target.o" $OUT/parts.a -lseccomp -o "$OUT/$target"
  fi
done
