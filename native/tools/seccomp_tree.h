// A filter that asks one question after the other, made into one that finds the call by halves: the kernel
// tries every number of a call when it takes a filter (seccomp_cache_prepare), and a guest waits for that.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace berth::seccomp {

// The same answers as LINEAR, of which no jump leads out, gives to calls of the ABI (AUDIT_ARCH_*). LINEAR
// itself where that would be longer, or where it does with a number what only single numbers could tell.
std::vector<sock_filter> tree_of(const std::vector<sock_filter>& linear, uint32_t abi);

}  // namespace berth::seccomp
