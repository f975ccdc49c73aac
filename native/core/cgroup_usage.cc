#include "cgroup_usage.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>

namespace berth {

namespace {

constexpr int64_t kStatMillis = 4000;  // and up to twice as long: not all groups in the same second
constexpr int64_t kStillMillis = 60'000;
constexpr int64_t kStatShare =
    32;  // of the memory in use: less of a change is not worth reading memory.stat for

constexpr int64_t kMost = int64_t{1} << 61;

// What one pread(2) gives, and the numbers in it.
class Text {
 public:
  Status read(const Fd& file, const char* what) {
    ssize_t count = -1;
    do {
      count = pread(file.get(), bytes_, sizeof bytes_ - 1, 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
      return fail("read", what);
    }
    bytes_[count] = '\0';
    return ok();
  }
  int64_t number() const { return number_at(bytes_); }
  // Of a line "KEY NUMBER"; -1 when there is none.
  int64_t of(const char* key) const {
    const size_t length = strlen(key);
    for (const char* line = bytes_; line != nullptr && *line != '\0'; line = next(line)) {
      if (strncmp(line, key, length) == 0 && line[length] == ' ') {
        return number_at(line + length);
      }
    }
    return -1;
  }
  // The sum over all lines of what follows WORD; -1 when no line has it.
  int64_t sum(const char* word) const {
    int64_t total = -1;
    const size_t length = strlen(word);
    for (const char* at = strstr(bytes_, word); at != nullptr; at = strstr(at + length, word)) {
      total = std::min(kMost, std::max<int64_t>(0, total) + number_at(at + length));
    }
    return total;
  }

 private:
  // No counter of the kernel comes near the bounds: whatever stands there, sums and differences have room.
  static int64_t number_at(const char* text) {
    return std::clamp<int64_t>(strtoll(text, nullptr, 10), -1, kMost);
  }
  static const char* next(const char* line) {
    const char* end = strchr(line, '\n');
    return end == nullptr ? nullptr : end + 1;
  }
  char bytes_[8192];
};

// What the host does not have stays closed.
Fd open_in(const CgroupLayout& layout, const std::string& controller, const std::string& path, const char* v1,
           const char* v2) {
  const Hierarchy* hierarchy = layout.of(controller);
  if (hierarchy == nullptr) {
    return {};
  }
  const std::string file = hierarchy->mount + "/" + path + "/" + (hierarchy->v2 ? v2 : v1);
  return Fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
}

bool on_v2(const CgroupLayout& layout, const std::string& controller) {
  const Hierarchy* hierarchy = layout.of(controller);
  return hierarchy != nullptr && hierarchy->v2;
}

}  // namespace

Result<UsageReader> UsageReader::open(const CgroupLayout& layout, const std::string& path) {
  UsageReader reader;
  reader.stat_millis_ = kStatMillis + static_cast<int64_t>(std::hash<std::string>{}(path) % kStatMillis);
  if (layout.of("cpuacct") != nullptr) {
    reader.cpu_ = open_in(layout, "cpuacct", path, "cpuacct.usage", "");
    reader.throttled_ = open_in(layout, "cpu", path, "cpu.stat", "cpu.stat");
  } else if (layout.v2() != nullptr) {  // in every group, with the controller or without
    reader.cpu_v2_ = true;
    reader.cpu_ = Fd(::open((layout.v2()->mount + "/" + path + "/cpu.stat").c_str(), O_RDONLY | O_CLOEXEC));
  }
  reader.memory_v2_ = on_v2(layout, "memory");
  reader.memory_ = open_in(layout, "memory", path, "memory.usage_in_bytes", "memory.current");
  reader.memory_stat_ = open_in(layout, "memory", path, "memory.stat", "memory.stat");
  if (reader.memory_v2_) {
    reader.swap_ = open_in(layout, "memory", path, "", "memory.swap.current");
  }
  reader.pids_ = open_in(layout, "pids", path, "pids.current", "pids.current");
  const std::string io = layout.name_of("io");
  reader.io_v2_ = on_v2(layout, io);
  reader.io_ = open_in(layout, io, path, "blkio.throttle.io_service_bytes_recursive", "io.stat");
  if (!reader.cpu_.valid() && !reader.memory_.valid() && !reader.pids_.valid()) {
    return fail_with(ENOENT, "open the counters of a cgroup", path);
  }
  return reader;
}

Result<Usage> UsageReader::read(int64_t now_millis) {
  Usage usage = last_;
  Text text;
  int64_t ran = -1;
  if (cpu_.valid()) {
    BERTH_TRY(text.read(cpu_, "the CPU time of a cgroup"));
    ran = cpu_v2_ ? text.of("usage_usec") : text.number();
    usage.cpu_micros = static_cast<uint64_t>(cpu_v2_ ? ran : ran / 1000);
    if (cpu_v2_) {
      usage.throttled_micros = text.of("throttled_usec");
    }
  }
  // Whoever has not run has neither forked nor asked for memory; others may have taken some of it, though.
  const bool still = ran >= 0 && ran == ran_ && now_millis - read_at_ < stat_millis_;
  if (!still) {
    BERTH_TRY(read_rest(usage, now_millis));
    read_at_ = now_millis;
  }
  if (io_.valid() && (!still || usage.io_read_bytes >= 0)) {  // the kernel writes back by itself
    BERTH_TRY(read_io(usage));
  }
  ran_ = ran;
  last_ = usage;
  return usage;
}

// What changes only while its processes run.
Status UsageReader::read_rest(Usage& usage, int64_t now_millis) {
  Text text;
  if (throttled_.valid()) {
    BERTH_TRY(text.read(throttled_, "cpu.stat"));
    const int64_t nanos = text.of("throttled_time");  // v1
    usage.throttled_micros = nanos < 0 ? text.of("throttled_usec") : nanos / 1000;
  }
  if (memory_.valid()) {
    BERTH_TRY(read_memory(usage, now_millis));
  }
  if (pids_.valid()) {
    BERTH_TRY(text.read(pids_, "pids.current"));
    usage.pids = static_cast<uint64_t>(text.number());
  }
  return ok();
}

// memory.stat costs more than all others together: the kernel adds up all CPUs, then writes a hundred lines.
Status UsageReader::read_memory(Usage& usage, int64_t now_millis) {
  Text text;
  BERTH_TRY(text.read(memory_, "the memory of a cgroup"));
  const int64_t used = text.number();
  const int64_t age = now_millis - stat_at_;
  // What did not change at all has most likely the same pages still.
  const bool stale = stat_at_ < 0 || age >= (used == stat_used_ ? kStillMillis : stat_millis_) ||
                     std::abs(used - stat_used_) > stat_used_ / kStatShare;
  if (memory_stat_.valid() && stale) {
    BERTH_TRY(text.read(memory_stat_, "memory.stat"));
    inactive_ = std::max<int64_t>(0, text.of(memory_v2_ ? "inactive_file" : "total_inactive_file"));
    swapped_ = memory_v2_ ? -1 : text.of("total_swap");
    stat_at_ = now_millis;
    stat_used_ = used;
  }
  usage.memory_bytes = static_cast<uint64_t>(std::max<int64_t>(0, used - inactive_));
  usage.swap_bytes = swapped_;
  if (swap_.valid()) {
    BERTH_TRY(text.read(swap_, "memory.swap.current"));
    usage.swap_bytes = text.number();
  }
  return ok();
}

// v1 counts only disks that somebody has limited: no line is "not known", not "nothing".
Status UsageReader::read_io(Usage& usage) const {
  Text text;
  BERTH_TRY(text.read(io_, "the IO of a cgroup"));
  usage.io_read_bytes = text.sum(io_v2_ ? "rbytes=" : "Read ");
  usage.io_write_bytes = text.sum(io_v2_ ? "wbytes=" : "Write ");
  if (io_v2_ && usage.io_read_bytes < 0) {  // v2 counts them all
    usage.io_read_bytes = 0;
    usage.io_write_bytes = 0;
  }
  return ok();
}

}  // namespace berth
