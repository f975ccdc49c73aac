// Limits of huge pages: hugetlb.SIZE.max (v2) and hugetlb.SIZE.limit_in_bytes (v1).
#pragma once

#include <string>
#include <vector>

#include "cgroup_writes.h"

namespace berth::cgroup_hugetlb {

// `limits`: "2MB 4194304" each; sizes that are not among them have none. EOPNOTSUPP names a size that there
// is not.
Status set_limits(CgroupWrites& writes, int dir, bool v2, const std::vector<std::string>& limits);
Result<std::vector<std::string>> read_limits(int dir, bool v2);

}  // namespace berth::cgroup_hugetlb
