// Lists made into the program that the kernel runs at each system call: seccomp(2), seccomp_rule_add(3).
#pragma once

#include <linux/filter.h>

#include <vector>

#include "seccomp_lists.h"

namespace berth::seccomp {

// How the program finds what is for a call: quickly, or as it was made, to compare.
enum class Shape : uint8_t { kTree, kLinear };

// Calls that this libseccomp does not know are named on stderr and left out.
std::vector<sock_filter> program_of(const Lists& lists, Shape shape = Shape::kTree);
// `ARCH NUMBER` a line in, `ABI NAME` a line out; what has no name here is left out.
void print_names(std::istream& calls);

}  // namespace berth::seccomp
