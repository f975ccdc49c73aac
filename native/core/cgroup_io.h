// Limits of disks in the words of io.max (v2) and blkio.throttle.* (v1).
#pragma once

#include <string>
#include <vector>

#include "cgroup_writes.h"

namespace berth::cgroup_io {

// `lines`: "8:0 rbps=1048576 wbps=max riops=max wiops=max" each; devices that are not among them lose their
// limits.
Status set_max(CgroupWrites& writes, int dir, bool v2, const std::vector<std::string>& lines);
Result<std::vector<std::string>> read_max(int dir, bool v2);

// 1 to 10000, 100 is everybody's, -1 the same; EOPNOTSUPP where neither io.cost nor BFQ gives disks weights.
Status set_weight(CgroupWrites& writes, int dir, bool v2, int64_t weight);
// -1: this host has none.
int64_t read_weight(int dir, bool v2);

}  // namespace berth::cgroup_io
