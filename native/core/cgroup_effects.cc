// What limits did to a group: the event counters of each controller, and pressure (PSI).
#include <fcntl.h>

#include <algorithm>
#include <cstdlib>

#include "cgroup_files.h"
#include "cgroup_usage.h"

namespace berth {

using cgroup_files::read_at;
using cgroup_files::read_key;
using cgroup_files::read_number;

namespace {

int64_t or_nothing(Result<int64_t> value) {
  return value ? *value : -1;
}

// The group's folder in the hierarchy that has CONTROLLER; invalid where there is none.
Fd folder_of(const Hierarchy* hierarchy, const std::string& path) {
  return hierarchy == nullptr
             ? Fd()
             : Fd(open((hierarchy->mount + "/" + path).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

// "some avg10=1.25 avg60=…" in percent; kernels without PSI lack the file or refuse to read it.
double pressure_in(int dir, const char* file) {
  Result<std::string> text = read_at(dir, file);
  const std::string start = "some avg10=";
  if (!text || text->rfind(start, 0) != 0) {
    return -1;
  }
  return strtod(text->c_str() + start.size(), nullptr) / 100;
}

void add_cpu(int dir, bool v2, Effects& effects) {
  effects.periods = or_nothing(read_key(dir, "cpu.stat", "nr_periods"));
  effects.throttled_periods = or_nothing(read_key(dir, "cpu.stat", "nr_throttled"));
  const int64_t time = or_nothing(read_key(dir, "cpu.stat", v2 ? "throttled_usec" : "throttled_time"));
  effects.throttled_micros = v2 || time < 0 ? time : time / 1000;
}

void add_memory(int dir, bool v2, Effects& effects) {
  if (v2) {
    effects.memory_high = or_nothing(read_key(dir, "memory.events", "high"));
    effects.memory_max = or_nothing(read_key(dir, "memory.events", "max"));
    effects.oom_kills = or_nothing(read_key(dir, "memory.events", "oom_kill"));
    effects.memory_peak = or_nothing(read_number(dir, "memory.peak"));
    effects.reclaimed_pages = or_nothing(read_key(dir, "memory.stat", "pgsteal"));
    return;
  }
  // With no swap to use, both are full at the same byte, and the kernel asks for the second first.
  effects.memory_max = or_nothing(read_number(dir, "memory.failcnt"));
  effects.memory_max += std::max<int64_t>(0, or_nothing(read_number(dir, "memory.memsw.failcnt")));
  effects.oom_kills = or_nothing(read_key(dir, "memory.oom_control", "oom_kill"));
  // Linux 6.18 does not count the second, but memory was at its limit before each kill.
  effects.memory_max = std::max(effects.memory_max, effects.oom_kills);
  effects.memory_peak = or_nothing(read_number(dir, "memory.max_usage_in_bytes"));
}

}  // namespace

Result<Effects> read_effects(const CgroupLayout& layout, const std::string& path) {
  Result<Cgroup> group = Cgroup::open(layout, path);
  if (!group) {
    return group.error();
  }
  Effects effects;
  if (const Fd cpu = folder_of(layout.of("cpu"), path); cpu.valid()) {
    add_cpu(cpu.get(), layout.of("cpu")->v2, effects);
  }
  if (const Fd memory = folder_of(layout.of("memory"), path); memory.valid()) {
    add_memory(memory.get(), layout.of("memory")->v2, effects);
  }
  if (const Fd pids = folder_of(layout.of("pids"), path); pids.valid()) {
    effects.refused_forks = or_nothing(read_key(pids.get(), "pids.events", "max"));
  }
  if (const Fd unified = folder_of(layout.v2(), path); unified.valid()) {
    effects.cpu_pressure = pressure_in(unified.get(), "cpu.pressure");
    effects.memory_pressure = pressure_in(unified.get(), "memory.pressure");
    effects.io_pressure = pressure_in(unified.get(), "io.pressure");
  }
  return effects;
}

}  // namespace berth
