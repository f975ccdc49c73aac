// What the kernel says of a group's limits.
#include <algorithm>
#include <cstdlib>

#include "cgroup.h"
#include "cgroup_files.h"
#include "cgroup_hugetlb.h"
#include "cgroup_io.h"

namespace berth {

using cgroup_files::read_at;
using cgroup_files::read_key;
using cgroup_files::read_number;

namespace {

constexpr int64_t kWeight = 100;          // 1024 of v1
constexpr int64_t kMostShares = 1 << 18;  // MAX_SHARES of kernel/sched

Result<int64_t> read_quota(int dir, bool v2, int64_t& period) {
  if (v2) {
    Result<std::string> text = read_at(dir, "cpu.max");
    if (!text) {
      return text.error();
    }
    const size_t space = text->find(' ');
    period = space == std::string::npos ? 0 : strtoll(text->c_str() + space, nullptr, 10);
    if (period <= 0) {
      return fail_with(EBADMSG, "read quota and period", "cpu.max");
    }
    return text->rfind("max", 0) == 0 ? int64_t{-1} : int64_t{strtoll(text->c_str(), nullptr, 10)};
  }
  Result<int64_t> quota = read_number(dir, "cpu.cfs_quota_us");
  Result<int64_t> length = read_number(dir, "cpu.cfs_period_us");
  if (!quota || !length) {
    return quota ? length.error() : quota.error();
  }
  period = *length;
  return quota;
}

int64_t or_nothing(Result<int64_t> value) {
  return value ? *value : -1;
}

Status read_cpu(int dir, bool v2, Limits& limits) {
  Result<int64_t> quota = read_quota(dir, v2, limits.cpu_period_micros);
  if (!quota) {
    return quota.error();
  }
  limits.cpu_micros = *quota;
  limits.cpu_burst_micros = or_nothing(read_number(dir, v2 ? "cpu.max.burst" : "cpu.cfs_burst_us"));
  const int64_t weight = or_nothing(read_number(dir, v2 ? "cpu.weight" : "cpu.shares"));
  limits.cpu_weight = v2 || weight < 0
                          ? weight
                          : std::max<int64_t>(1, (std::min(weight, kMostShares) * kWeight + 512) / 1024);
  return ok();
}

Status read_memory(int dir, bool v2, Limits& limits) {
  Result<int64_t> bytes = read_number(dir, v2 ? "memory.max" : "memory.limit_in_bytes");
  if (!bytes) {
    return bytes.error();
  }
  limits.memory_bytes = *bytes;
  if (v2) {
    limits.memory_high_bytes = or_nothing(read_number(dir, "memory.high"));
    limits.memory_low_bytes = or_nothing(read_number(dir, "memory.low"));
    limits.swap_bytes = or_nothing(read_number(dir, "memory.swap.max"));
    limits.kill_all = or_nothing(read_number(dir, "memory.oom.group")) == 1;
  } else if (const int64_t sum = or_nothing(read_number(dir, "memory.memsw.limit_in_bytes")); sum >= 0) {
    limits.swap_bytes = sum - limits.memory_bytes;
  }
  return ok();
}

Status read_io(int dir, bool v2, Limits& limits) {
  limits.io_weight = cgroup_io::read_weight(dir, v2);
  Result<std::vector<std::string>> max = cgroup_io::read_max(dir, v2);
  if (!max) {
    return max.error();
  }
  limits.io_max = std::move(*max);
  return ok();
}

Status read_hugetlb(int dir, bool v2, Limits& limits) {
  Result<std::vector<std::string>> all = cgroup_hugetlb::read_limits(dir, v2);
  if (!all) {
    return all.error();
  }
  limits.hugetlb = std::move(*all);
  return ok();
}

Status read_pids(int dir, bool, Limits& limits) {
  Result<int64_t> pids = read_number(dir, "pids.max");
  if (!pids) {
    return pids.error();
  }
  limits.pids = *pids;
  return ok();
}

// Empty where it is its parent's.
Status read_cpuset(int dir, bool v2, Limits& limits) {
  Result<std::string> own = read_at(dir, "cpuset.cpus");
  if (!own) {
    return own.error();
  }
  limits.cpuset = own->substr(0, own->find('\n'));
  Result<std::string> above = read_at(dir, v2 ? "../cpuset.cpus.effective" : "../cpuset.cpus");
  if (above && *above == *own) {
    limits.cpuset.clear();
  }
  return ok();
}

}  // namespace

Result<Limits> Cgroup::read_limits() const {
  struct Read {
    const char* controller;
    Status (*read)(int, bool, Limits&);
  };
  const Read all[] = {{"cpu", read_cpu},   {"memory", read_memory}, {"io", read_io},
                      {"pids", read_pids}, {"cpuset", read_cpuset}, {"hugetlb", read_hugetlb}};
  Limits limits;
  for (const Read& one : all) {
    const std::string name = layout_.name_of(one.controller);
    const int dir = dir_of(name);
    if (dir < 0 || (layout_.of(name)->v2 && !has_controller(dir, name))) {
      continue;
    }
    Status read = one.read(dir, layout_.of(name)->v2, limits);
    if (!read) {
      return read.error().in("read the limits of " + name_in(name));
    }
  }
  return limits;
}

Result<uint64_t> Cgroup::oom_kills() const {
  const int dir = dir_of("memory");
  if (dir < 0) {
    return fail_with(EOPNOTSUPP, "count memory kills", name_in("memory"));
  }
  Result<int64_t> kills =
      read_key(dir, layout_.of("memory")->v2 ? "memory.events" : "memory.oom_control", "oom_kill");
  if (!kills) {
    return kills.error().in("count memory kills in " + name_in("memory"));
  }
  return static_cast<uint64_t>(*kills);
}

}  // namespace berth
