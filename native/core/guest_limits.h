// What a guest may use at the most, in the kernel's own units.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace berth {

// -1 and empty leave a thing unlimited (or as the kernel has it).
struct Limits {
  int64_t cpu_micros = -1;  // quota per period
  int64_t cpu_period_micros = 100'000;
  int64_t cpu_burst_micros = 0;
  int64_t cpu_weight = -1;  // 1 to 10000 as on v2; 100 is everybody's
  std::string cpuset;       // "0-1,3"
  int64_t memory_bytes = -1;
  int64_t memory_high_bytes = -1;  // -1: a little under memory_bytes where the host has it
  int64_t memory_low_bytes = -1;
  bool kill_all =
      false;  // when memory runs out (memory.oom.group); where only v2 has it, the supervisor does it
  int64_t swap_bytes = -1;  // beside the memory
  int64_t pids = -1;
  int64_t io_weight = -1;            // 1 to 10000
  std::vector<std::string> io_max;   // "8:0 rbps=1048576 wbps=max riops=max wiops=max", as io.max(v2) says it
  std::vector<std::string> hugetlb;  // "2MB 4194304": page size, bytes
};

// v2: where the kernel begins to reclaim when nobody says: a little before the hard limit kills.
constexpr int64_t memory_high_under(int64_t max_bytes) {
  constexpr int64_t kPage = 4096;
  return max_bytes < 0 ? -1 : (max_bytes - max_bytes / 32) / kPage * kPage;
}

}  // namespace berth
