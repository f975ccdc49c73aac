// What /proc/PID/cgroup says of a process, in whose lines a guest names groups of its own.
#pragma once

#include <string>

namespace berth::addon {

// Whether TEXT is of a process in `group` (berth0/guests/ID) or in one below it.
bool is_in_group(const std::string& text, const std::string& group);

}  // namespace berth::addon
