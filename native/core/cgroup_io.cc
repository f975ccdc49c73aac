#include "cgroup_io.h"

#include <algorithm>
#include <cstdlib>

#include "cgroup_files.h"

namespace berth::cgroup_io {

using cgroup_files::exists_at;
using cgroup_files::read_at;

namespace {

constexpr int kKinds = 4;
constexpr const char* kWords[kKinds] = {"rbps", "wbps", "riops", "wiops"};
constexpr const char* kFiles[kKinds] = {"blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device",
                                        "blkio.throttle.read_iops_device",
                                        "blkio.throttle.write_iops_device"};
constexpr int64_t kEverybody = 100;

struct DeviceMax {
  std::string device;                         // "8:0"
  int64_t values[kKinds] = {-1, -1, -1, -1};  // in the order of kWords; -1 is unlimited
};
using Maxima = std::vector<DeviceMax>;

DeviceMax& entry_of(Maxima& all, const std::string& device) {
  for (DeviceMax& one : all) {
    if (one.device == device) {
      return one;
    }
  }
  all.push_back({device});
  return all.back();
}

std::string text_of(const DeviceMax& max) {
  std::string text = max.device;
  for (int kind = 0; kind < kKinds; kind++) {
    const int64_t value = max.values[kind];
    text += std::string(" ") + kWords[kind] + "=" + (value < 0 ? "max" : std::to_string(value));
  }
  return text;
}

// What is unknown in the line is left out: kernels add words.
DeviceMax parse_max(const std::string& line) {
  DeviceMax max;
  max.device = line.substr(0, line.find(' '));
  for (int kind = 0; kind < kKinds; kind++) {
    const std::string key = std::string(" ") + kWords[kind] + "=";
    const size_t at = line.find(key);
    if (at == std::string::npos || line.compare(at + key.size(), 3, "max") == 0) {
      continue;
    }
    max.values[kind] = strtoll(line.c_str() + at + key.size(), nullptr, 10);
  }
  return max;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find('\n', start), text.size());
    if (end > start) {
      lines.push_back(text.substr(start, end - start));
    }
    start = end + 1;
  }
  return lines;
}

Result<Maxima> read_all_max(int dir, bool v2) {
  Maxima all;
  if (v2) {
    Result<std::string> text = read_at(dir, "io.max");
    if (!text) {
      return text.error();
    }
    for (const std::string& line : lines_of(*text)) {
      all.push_back(parse_max(line));
    }
    return all;
  }
  for (int kind = 0; kind < kKinds; kind++) {
    Result<std::string> text = read_at(dir, kFiles[kind]);
    if (!text) {
      return text.error();
    }
    for (const std::string& line : lines_of(*text)) {
      const size_t space = line.find(' ');
      if (space != std::string::npos) {
        entry_of(all, line.substr(0, space)).values[kind] = strtoll(line.c_str() + space, nullptr, 10);
      }
    }
  }
  return all;
}

Status write_max(CgroupWrites& writes, int dir, bool v2, const DeviceMax& wanted, const DeviceMax& now) {
  if (v2) {
    const std::string line = text_of(wanted);
    return line == text_of(now) ? ok() : writes.set_line(dir, "io.max", line, text_of(now));
  }
  for (int kind = 0; kind < kKinds; kind++) {
    if (wanted.values[kind] == now.values[kind]) {
      continue;
    }
    const auto line = [&](int64_t value) {
      return wanted.device + " " + std::to_string(std::max<int64_t>(0, value));  // 0 is none
    };
    BERTH_TRY(writes.set_line(dir, kFiles[kind], line(wanted.values[kind]), line(now.values[kind])));
  }
  return ok();
}

// BFQ knows 1 to 1000 around the same 100; systemd maps them so too (cgroup-util.h, BFQ_WEIGHT).
int64_t to_bfq(int64_t weight) {
  return weight <= kEverybody
             ? weight
             : kEverybody + (weight - kEverybody) * (1000 - kEverybody) / (10'000 - kEverybody);
}

int64_t from_bfq(int64_t weight) {
  return weight <= kEverybody ? weight
                              : kEverybody + (std::min<int64_t>(weight, 1000) - kEverybody) *
                                                 (10'000 - kEverybody) / (1000 - kEverybody);
}

// "default 100" or "100", then lines of single devices; -1 without the file.
int64_t read_default(int dir, const char* file) {
  Result<std::string> text = read_at(dir, file);
  if (!text) {
    return -1;
  }
  const std::string word = "default ";
  const std::string number = text->rfind(word, 0) == 0 ? text->substr(word.size()) : *text;
  return strtoll(number.c_str(), nullptr, 10);
}

}  // namespace

Status set_max(CgroupWrites& writes, int dir, bool v2, const std::vector<std::string>& lines) {
  Maxima now;
  if (!writes.fresh()) {
    Result<Maxima> read = read_all_max(dir, v2);
    if (!read) {
      return read.error();
    }
    now = std::move(*read);
  }
  Maxima wanted;
  for (const std::string& line : lines) {
    wanted.push_back(parse_max(line));
  }
  for (const DeviceMax& one : now) {
    const auto same = [&](const DeviceMax& other) { return other.device == one.device; };
    if (std::none_of(wanted.begin(), wanted.end(), same)) {
      BERTH_TRY(write_max(writes, dir, v2, {one.device}, one));
    }
  }
  for (const DeviceMax& one : wanted) {
    const DeviceMax before = entry_of(now, one.device);
    BERTH_TRY(write_max(writes, dir, v2, one, before));
  }
  return ok();
}

Result<std::vector<std::string>> read_max(int dir, bool v2) {
  Result<Maxima> all = read_all_max(dir, v2);
  if (!all) {
    return all.error();
  }
  std::vector<std::string> lines;
  for (const DeviceMax& one : *all) {
    lines.push_back(text_of(one));
  }
  return lines;
}

Status set_weight(CgroupWrites& writes, int dir, bool v2, int64_t weight) {
  if (weight < 0 && writes.fresh()) {
    return ok();
  }
  const int64_t wanted = weight < 0 ? kEverybody : weight;
  const char* const bfq = v2 ? "io.bfq.weight" : "blkio.bfq.weight";
  const bool has_cost = v2 && exists_at(dir, "io.weight");
  const bool has_bfq = exists_at(dir, bfq);
  if (weight >= 0 && !has_cost && !has_bfq) {
    return fail_with(EOPNOTSUPP, "weigh disks: the kernel has neither io.cost nor the BFQ scheduler", bfq);
  }
  if (has_cost && (writes.fresh() || read_default(dir, "io.weight") != wanted)) {
    const std::string undo = "default " + std::to_string(read_default(dir, "io.weight"));
    BERTH_TRY(writes.set_line(dir, "io.weight", "default " + std::to_string(wanted), undo));
  }
  if (has_bfq && (writes.fresh() || read_default(dir, bfq) != to_bfq(wanted))) {
    const std::string undo = std::to_string(read_default(dir, bfq));
    BERTH_TRY(writes.set_line(dir, bfq, std::to_string(to_bfq(wanted)), undo));
  }
  return ok();
}

int64_t read_weight(int dir, bool v2) {
  const int64_t cost = v2 ? read_default(dir, "io.weight") : -1;
  const int64_t bfq = read_default(dir, v2 ? "io.bfq.weight" : "blkio.bfq.weight");
  return cost >= 0 || bfq < 0 ? cost : from_bfq(bfq);
}

}  // namespace berth::cgroup_io
