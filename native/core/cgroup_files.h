// Small reads and writes of kernel files below a directory descriptor.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "result.h"

namespace berth::cgroup_files {

// The whole file; DIR may be AT_FDCWD with an absolute PATH.
Result<std::string> read_at(int dir, const std::string& path);
// One write(2), as cgroup files want it.
Status write_at(int dir, const std::string& path, const std::string& value);
// The same for each of VALUES; the file is opened once.
Status write_each(int dir, const std::string& path, const std::vector<std::string>& values);
bool exists_at(int dir, const std::string& path);

// A file with one number; "max" and v1's "no limit" (near 2^63) are -1.
Result<int64_t> read_number(int dir, const std::string& path);
// The value of KEY in a flat keyed file ("oom_kill 3"); ENODATA when there is no such key.
Result<int64_t> read_key(int dir, const std::string& path, const std::string& key);

}  // namespace berth::cgroup_files
