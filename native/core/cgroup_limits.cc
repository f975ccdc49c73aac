// Setting the limits of a group in the words of each hierarchy, all of them or none.
#include <algorithm>

#include "cgroup.h"
#include "cgroup_files.h"
#include "cgroup_hugetlb.h"
#include "cgroup_io.h"
#include "cgroup_writes.h"

namespace berth {

using cgroup_files::exists_at;
using cgroup_files::read_at;
using cgroup_files::read_number;

namespace {

constexpr int64_t kPeriodMicros = 100'000;  // a new group's
constexpr int64_t kWeight = 100;            // likewise

std::string number_or(int64_t value, const char* unlimited) {
  return value < 0 ? unlimited : std::to_string(value);
}

Status unsupported(const std::string& what, const std::string& file) {
  return fail_with(EOPNOTSUPP, what, file);
}

// A burst may never be over the quota: the old one makes way first, the new one comes last.
Status set_quota(CgroupWrites& writes, int dir, bool v2, const Limits& limits) {
  const char* const burst = v2 ? "cpu.max.burst" : "cpu.cfs_burst_us";
  const bool has_burst = exists_at(dir, burst);
  if (limits.cpu_burst_micros > 0 && !has_burst) {
    return unsupported("let CPU bursts through: the kernel cannot before Linux 5.14", burst);
  }
  if (!writes.fresh() && has_burst) {
    Result<int64_t> now = read_number(dir, burst);
    if (now && *now > 0 && *now != limits.cpu_burst_micros) {
      BERTH_TRY(writes.set(dir, burst, "0"));
    }
  }
  const std::string period = std::to_string(limits.cpu_period_micros);
  const bool plain = writes.fresh() && limits.cpu_micros < 0;
  if (v2 && !plain) {
    BERTH_TRY(writes.set(dir, "cpu.max", number_or(limits.cpu_micros, "max") + " " + period));
  }
  if (!v2) {
    if (!writes.fresh() || limits.cpu_period_micros != kPeriodMicros) {
      BERTH_TRY(writes.set(dir, "cpu.cfs_period_us", period));
    }
    if (!plain) {
      BERTH_TRY(writes.set(dir, "cpu.cfs_quota_us", number_or(limits.cpu_micros, "-1")));
    }
  }
  return limits.cpu_burst_micros > 0 ? writes.set(dir, burst, std::to_string(limits.cpu_burst_micros)) : ok();
}

Status set_cpu(CgroupWrites& writes, int dir, bool v2, const Limits& limits) {
  BERTH_TRY(set_quota(writes, dir, v2, limits));
  const int64_t weight = limits.cpu_weight < 0 ? kWeight : limits.cpu_weight;
  if (writes.fresh() && weight == kWeight) {
    return ok();
  }
  // 1024 of v1 is v2's 100.
  return v2 ? writes.set(dir, "cpu.weight", std::to_string(weight))
            : writes.set(dir, "cpu.shares", std::to_string(std::max<int64_t>(2, weight * 1024 / kWeight)));
}

// memory + swap may never be under memory: raise the sum first, lower it last.
Status set_memory_v1(CgroupWrites& writes, int dir, const Limits& limits) {
  if (limits.memory_high_bytes >= 0) {
    return unsupported("slow a guest before its memory is full: cgroup v1 cannot", "memory.high");
  }
  if (limits.memory_low_bytes > 0) {
    return unsupported("spare memory of a guest: cgroup v1 cannot", "memory.low");
  }
  const std::string memory = number_or(limits.memory_bytes, "-1");
  if (!exists_at(dir, "memory.memsw.limit_in_bytes")) {  // the host runs with swapaccount=0
    return writes.set(dir, "memory.limit_in_bytes", memory);
  }
  const bool bounded = limits.memory_bytes >= 0 && limits.swap_bytes >= 0;
  const int64_t sum = bounded ? limits.memory_bytes + limits.swap_bytes : -1;
  Result<int64_t> now = read_number(dir, "memory.memsw.limit_in_bytes");
  if (!now) {
    return now.error();
  }
  const bool raise = sum < 0 || (*now >= 0 && sum >= *now);
  if (raise) {
    BERTH_TRY(writes.set(dir, "memory.memsw.limit_in_bytes", number_or(sum, "-1")));
  }
  BERTH_TRY(writes.set(dir, "memory.limit_in_bytes", memory));
  return raise ? ok() : writes.set(dir, "memory.memsw.limit_in_bytes", number_or(sum, "-1"));
}

// Unless all are to die memory.oom.group is 0: as on v1, init survives the kill of one hog.
Status set_memory_v2(CgroupWrites& writes, int dir, const Limits& limits) {
  const int64_t high =
      limits.memory_high_bytes >= 0 ? limits.memory_high_bytes : memory_high_under(limits.memory_bytes);
  if (!writes.fresh() || limits.memory_low_bytes > 0) {
    BERTH_TRY(writes.set(dir, "memory.low", std::to_string(std::max<int64_t>(0, limits.memory_low_bytes))));
  }
  BERTH_TRY(writes.set(dir, "memory.high", number_or(high, "max")));
  BERTH_TRY(writes.set(dir, "memory.max", number_or(limits.memory_bytes, "max")));
  if (limits.kill_all || (!writes.fresh() && exists_at(dir, "memory.oom.group"))) {
    BERTH_TRY(writes.set(dir, "memory.oom.group", limits.kill_all ? "1" : "0"));
  }
  if (!exists_at(dir, "memory.swap.max")) {
    return ok();
  }
  return writes.set(dir, "memory.swap.max", number_or(limits.swap_bytes, "max"));
}

Status set_io(CgroupWrites& writes, int dir, bool v2, const Limits& limits) {
  BERTH_TRY(cgroup_io::set_weight(writes, dir, v2, limits.io_weight));
  if (writes.fresh() && limits.io_max.empty()) {
    return ok();
  }
  return cgroup_io::set_max(writes, dir, v2, limits.io_max);
}

Result<std::string> line_of(int dir, const char* file) {
  Result<std::string> text = read_at(dir, file);
  if (!text) {
    return text.error();
  }
  return text->substr(0, text->find('\n'));
}

// v1 knows no "as my parent", and v2 lets a group with processes not go back to it (ENOSPC; tried on Linux
// 6.1): the list of the group above is copied.
Status set_cpuset(CgroupWrites& writes, int dir, bool v2, const Limits& limits) {
  const char* const file = "cpuset.cpus";
  if (writes.fresh() && !limits.cpuset.empty()) {
    return writes.set(dir, file, limits.cpuset);
  }
  Result<std::string> before = line_of(dir, file);
  Result<std::string> above = line_of(dir, v2 ? "../cpuset.cpus.effective" : "../cpuset.cpus");
  if (!before || !above) {
    return before ? above.error() : before.error();
  }
  if (limits.cpuset.empty()) {
    Status cleared = v2 ? writes.set(dir, file, "") : Status(fail_with(ENOSPC, "clear", file));
    if (cleared || cleared.error().code != ENOSPC) {
      return cleared;
    }
    return writes.set(dir, file, *above);
  }
  BERTH_TRY(writes.set(dir, file, limits.cpuset));
  // What takes it back is the copy, and after that the empty list, where the kernel takes it.
  return before->empty() ? writes.set_line(dir, file, limits.cpuset, *above) : ok();
}

Status set_hugetlb(CgroupWrites& writes, int dir, bool v2, const Limits& limits) {
  return cgroup_hugetlb::set_limits(writes, dir, v2, limits.hugetlb);
}

struct Part {
  const char* controller;
  bool wanted;     // otherwise than in a new group
  bool on_demand;  // v2: only groups that need it have the controller
  Status (*set)(CgroupWrites&, int, bool, const Limits&);
};

Status set_memory(CgroupWrites& writes, int dir, bool v2, const Limits& limits) {
  return v2 ? set_memory_v2(writes, dir, limits) : set_memory_v1(writes, dir, limits);
}

Status set_pids(CgroupWrites& writes, int dir, bool, const Limits& limits) {
  return writes.set(dir, "pids.max", number_or(limits.pids, "max"));
}

}  // namespace

Status Cgroup::set_limits(const Limits& limits) const {
  return set_limits(limits, false);
}

Status Cgroup::set_limits(const Limits& limits, bool fresh) const {
  const bool cpu = limits.cpu_micros >= 0 || limits.cpu_burst_micros > 0 ||
                   (limits.cpu_weight >= 0 && limits.cpu_weight != kWeight);
  const bool memory = limits.memory_bytes >= 0 || limits.swap_bytes >= 0 || limits.memory_high_bytes >= 0 ||
                      limits.memory_low_bytes > 0;
  const Part parts[] = {
      {"cpu", cpu, false, set_cpu},
      {"memory", memory, false, set_memory},
      {"io", limits.io_weight >= 0 || !limits.io_max.empty(), false, set_io},
      {"pids", limits.pids >= 0, false, set_pids},
      {"cpuset", !limits.cpuset.empty(), true, set_cpuset},
      {"hugetlb", !limits.hugetlb.empty(), true, set_hugetlb},
  };
  for (const Part& part : parts) {
    const std::string name = layout_.name_of(part.controller);
    if (part.wanted && dir_of(name) < 0) {
      const bool known = layout_.of(name) != nullptr;
      return fail_with(known ? ENOENT : EOPNOTSUPP, std::string("limit ") + part.controller, name_in(name));
    }
  }
  CgroupWrites writes(fresh);
  for (const Part& part : parts) {
    const std::string name = layout_.name_of(part.controller);
    const int dir = dir_of(name);
    if (dir < 0 || (fresh && !part.wanted)) {
      continue;
    }
    const bool v2 = layout_.of(name)->v2;
    Status set = ok();
    if (v2 && part.on_demand && !has_controller(dir, name)) {
      if (!part.wanted) {
        continue;
      }
      set = lend_controller(name);
    }
    if (set) {
      set = part.set(writes, dir, v2, limits);
    }
    if (!set) {
      return set.error().in(std::string("limit ") + part.controller + " in " + name_in(name));
    }
  }
  writes.keep();
  return ok();
}

}  // namespace berth
