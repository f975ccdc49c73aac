// Limits and counters of a group, in the words of each hierarchy.
#include <algorithm>
#include <cstdlib>

#include "cgroup.h"
#include "cgroup_files.h"

namespace berth {

using cgroup_files::exists_at;
using cgroup_files::read_at;
using cgroup_files::read_key;
using cgroup_files::read_number;
using cgroup_files::write_at;

namespace {

constexpr int64_t kPeriodMicros = 100'000;
constexpr int64_t kPage = 4096;

std::string number_or(int64_t value, const char* unlimited) {
  return value < 0 ? unlimited : std::to_string(value);
}

// v2: reclaim starts here, before the hard limit kills.
std::string high_under(int64_t max) {
  return max < 0 ? "max" : std::to_string((max - max / 32) / kPage * kPage);
}

int64_t or_nothing(Result<int64_t> value, int64_t otherwise) {
  return value ? *value : otherwise;
}

uint64_t less_reclaimable(int64_t used, int64_t inactive) {
  return static_cast<uint64_t>(std::max<int64_t>(0, used - inactive));
}

}  // namespace

Status Cgroup::set_cpu(int64_t micros) const {
  const int dir = dir_of("cpu");
  if (layout_.of("cpu")->v2) {
    return write_at(dir, "cpu.max", number_or(micros, "max") + " " + std::to_string(kPeriodMicros));
  }
  BERTH_TRY(write_at(dir, "cpu.cfs_period_us", std::to_string(kPeriodMicros)));
  return write_at(dir, "cpu.cfs_quota_us", number_or(micros, "-1"));
}

// memory + swap may never be under memory: raise the sum first, lower it last.
Status Cgroup::set_memory_v1(int dir, const Limits& limits) const {
  const std::string memory = number_or(limits.memory_bytes, "-1");
  if (!exists_at(dir, "memory.memsw.limit_in_bytes")) {  // the host runs with swapaccount=0
    return write_at(dir, "memory.limit_in_bytes", memory);
  }
  const bool bounded = limits.memory_bytes >= 0 && limits.swap_bytes >= 0;
  const int64_t sum = bounded ? limits.memory_bytes + limits.swap_bytes : -1;
  Result<int64_t> now = read_number(dir, "memory.memsw.limit_in_bytes");
  if (!now) {
    return now.error();
  }
  const bool raise = sum < 0 || (*now >= 0 && sum >= *now);
  if (raise) {
    BERTH_TRY(write_at(dir, "memory.memsw.limit_in_bytes", number_or(sum, "-1")));
  }
  BERTH_TRY(write_at(dir, "memory.limit_in_bytes", memory));
  return raise ? ok() : write_at(dir, "memory.memsw.limit_in_bytes", number_or(sum, "-1"));
}

// memory.oom.group stays 0: as on v1, init survives the kill of one hog.
Status Cgroup::set_memory_v2(int dir, const Limits& limits) const {
  BERTH_TRY(write_at(dir, "memory.high", high_under(limits.memory_bytes)));
  BERTH_TRY(write_at(dir, "memory.max", number_or(limits.memory_bytes, "max")));
  if (!exists_at(dir, "memory.swap.max")) {
    return ok();
  }
  return write_at(dir, "memory.swap.max", number_or(limits.swap_bytes, "max"));
}

Status Cgroup::set_limits(const Limits& limits) const {
  struct Wanted {
    const char* controller;
    bool limited;
  };
  const Wanted all[] = {{"cpu", limits.cpu_micros >= 0},
                        {"memory", limits.memory_bytes >= 0 || limits.swap_bytes >= 0},
                        {"pids", limits.pids >= 0}};
  for (const Wanted& wanted : all) {
    if (wanted.limited && dir_of(wanted.controller) < 0) {
      const bool known = layout_.of(wanted.controller) != nullptr;
      return fail_with(known ? ENOENT : EOPNOTSUPP, std::string("limit ") + wanted.controller,
                       name_in(wanted.controller));
    }
  }
  if (dir_of("cpu") >= 0) {
    Status set = set_cpu(limits.cpu_micros);
    if (!set) {
      return set.error().in("limit cpu in " + name_in("cpu"));
    }
  }
  const int memory = dir_of("memory");
  if (memory >= 0) {
    Status set = layout_.of("memory")->v2 ? set_memory_v2(memory, limits) : set_memory_v1(memory, limits);
    if (!set) {
      return set.error().in("limit memory in " + name_in("memory"));
    }
  }
  if (dir_of("pids") >= 0) {
    Status set = write_at(dir_of("pids"), "pids.max", number_or(limits.pids, "max"));
    if (!set) {
      return set.error().in("limit pids in " + name_in("pids"));
    }
  }
  return ok();
}

namespace {

Result<int64_t> read_cpu_v2(int dir) {
  Result<std::string> text = read_at(dir, "cpu.max");
  if (!text) {
    return text.error();
  }
  if (text->rfind("max", 0) == 0) {
    return int64_t{-1};
  }
  char* rest = nullptr;
  const int64_t quota = strtoll(text->c_str(), &rest, 10);
  const int64_t period = strtoll(rest, nullptr, 10);
  if (period <= 0) {
    return fail_with(EBADMSG, "read quota and period", "cpu.max");
  }
  return quota * kPeriodMicros / period;
}

Result<int64_t> read_cpu_v1(int dir) {
  Result<int64_t> quota = read_number(dir, "cpu.cfs_quota_us");
  Result<int64_t> period = read_number(dir, "cpu.cfs_period_us");
  if (!quota || !period) {
    return quota ? period.error() : quota.error();
  }
  return *quota < 0 || *period <= 0 ? int64_t{-1} : *quota * kPeriodMicros / *period;
}

}  // namespace

Result<Limits> Cgroup::read_limits() const {
  Limits limits;
  if (const int dir = dir_of("cpu"); dir >= 0) {
    Result<int64_t> micros = layout_.of("cpu")->v2 ? read_cpu_v2(dir) : read_cpu_v1(dir);
    if (!micros) {
      return micros.error().in("read the limits of " + name_in("cpu"));
    }
    limits.cpu_micros = *micros;
  }
  if (const int dir = dir_of("memory"); dir >= 0) {
    const bool v2 = layout_.of("memory")->v2;
    Result<int64_t> bytes = read_number(dir, v2 ? "memory.max" : "memory.limit_in_bytes");
    if (!bytes) {
      return bytes.error().in("read the limits of " + name_in("memory"));
    }
    limits.memory_bytes = *bytes;
    if (v2) {
      limits.swap_bytes = or_nothing(read_number(dir, "memory.swap.max"), -1);
    } else if (const int64_t sum = or_nothing(read_number(dir, "memory.memsw.limit_in_bytes"), -1);
               sum >= 0) {
      limits.swap_bytes = sum - limits.memory_bytes;
    }
  }
  if (const int dir = dir_of("pids"); dir >= 0) {
    Result<int64_t> pids = read_number(dir, "pids.max");
    if (!pids) {
      return pids.error().in("read the limits of " + name_in("pids"));
    }
    limits.pids = *pids;
  }
  return limits;
}

Result<Usage> Cgroup::read_usage() const {
  Usage usage;
  const Hierarchy* accounting = layout_.of("cpuacct");
  if (accounting != nullptr) {
    Result<int64_t> nanos = read_number(dir_of("cpuacct"), "cpuacct.usage");
    if (!nanos) {
      return nanos.error().in("read the usage of " + name_in("cpuacct"));
    }
    usage.cpu_micros = static_cast<uint64_t>(*nanos) / 1000;
  } else if (v2_dir() >= 0) {
    Result<int64_t> micros = read_key(v2_dir(), "cpu.stat", "usage_usec");
    if (!micros) {
      return micros.error().in("read the usage of " + path_);
    }
    usage.cpu_micros = static_cast<uint64_t>(*micros);
  }
  if (const int dir = dir_of("memory"); dir >= 0) {
    const bool v2 = layout_.of("memory")->v2;
    Result<int64_t> used = read_number(dir, v2 ? "memory.current" : "memory.usage_in_bytes");
    if (!used) {
      return used.error().in("read the usage of " + name_in("memory"));
    }
    // Cached file pages that nobody uses go at the first pressure: they are not what the guest needs.
    const char* inactive = v2 ? "inactive_file" : "total_inactive_file";
    usage.memory_bytes = less_reclaimable(*used, or_nothing(read_key(dir, "memory.stat", inactive), 0));
    usage.swap_bytes = or_nothing(
        v2 ? read_number(dir, "memory.swap.current") : read_key(dir, "memory.stat", "total_swap"), -1);
  }
  if (const int dir = dir_of("pids"); dir >= 0) {
    Result<int64_t> pids = read_number(dir, "pids.current");
    if (!pids) {
      return pids.error().in("read the usage of " + name_in("pids"));
    }
    usage.pids = static_cast<uint64_t>(*pids);
  }
  return usage;
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
