// The counters of a group: what it uses, and what its limits did to it.
#pragma once

#include <cstdint>
#include <string>

#include "cgroup.h"

namespace berth {

// -1: this host does not tell.
struct Usage {
  uint64_t cpu_micros = 0;
  uint64_t memory_bytes = 0;  // without cached file pages that nobody uses
  int64_t swap_bytes = -1;
  uint64_t pids = 0;
  int64_t io_read_bytes = -1, io_write_bytes = -1;
  int64_t throttled_micros = -1;
};

// Reads the counters of one group again and again, by descriptors that stay open: opening takes most of the
// time.
class UsageReader {
 public:
  static constexpr int kMostDescriptors = 7;
  // ENOENT when no hierarchy has the group.
  static Result<UsageReader> open(const CgroupLayout& layout, const std::string& path);
  // ENODEV once the group is gone. `now_millis`, of any clock: what is dear to read and has hardly changed,
  // and all that changes only by running when nothing ran, is kept for some seconds.
  Result<Usage> read(int64_t now_millis);

 private:
  Status read_rest(Usage& usage, int64_t now_millis);
  Status read_memory(Usage& usage, int64_t now_millis);
  Status read_io(Usage& usage) const;

  bool cpu_v2_ = false, memory_v2_ = false, io_v2_ = false;
  Fd cpu_, throttled_, memory_, memory_stat_, swap_, pids_, io_;
  Usage last_;
  int64_t ran_ = -1;      // the counter of CPU time then, in its own unit
  int64_t read_at_ = -1;  // when all was read
  int64_t stat_millis_ = 0;
  int64_t stat_at_ = -1, stat_used_ = -1;  // when memory.stat was read, and the bytes in use then
  int64_t inactive_ = 0, swapped_ = -1;
};

// Since the group was made; -1: this host does not tell.
struct Effects {
  int64_t throttled_micros = -1, throttled_periods = -1, periods = -1;
  int64_t memory_high = -1, memory_max = -1;  // how often it was there
  int64_t oom_kills = -1;
  int64_t memory_peak = -1;      // bytes
  int64_t reclaimed_pages = -1;  // v2
  int64_t refused_forks = -1;
  // Share of the last 10 s in which some process waited (PSI); where there is v2 at all.
  double cpu_pressure = -1, memory_pressure = -1, io_pressure = -1;
};

// ENOENT when no hierarchy has the group.
Result<Effects> read_effects(const CgroupLayout& layout, const std::string& path);

}  // namespace berth
