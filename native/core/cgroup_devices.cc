// Devices that come and go while a guest runs.
#include <algorithm>

#include "cgroup.h"
#include "cgroup_files.h"
#include "device_filter.h"

namespace berth {
namespace {

using cgroup_files::write_at;

// "c 10:200 rw" as "c 10:200" and "rw".
std::string numbers_of(const std::string& rule) {
  return rule.substr(0, rule.rfind(' '));
}
std::string access_of(const std::string& rule) {
  return rule.substr(rule.rfind(' ') + 1);
}

// What of the access that `rule` gives no rule for the same device in `rules` gives; empty when nothing.
std::string access_beyond(const std::string& rule, const std::vector<std::string>& rules) {
  std::string access = access_of(rule);
  for (const std::string& other : rules) {
    if (numbers_of(other) == numbers_of(rule)) {
      const std::string given = access_of(other);
      access.erase(std::remove_if(access.begin(), access.end(),
                                  [&](char one) { return given.find(one) != std::string::npos; }),
                   access.end());
    }
  }
  return access;
}

}  // namespace

Status Cgroup::change_devices(const std::vector<std::string>& from,
                              const std::vector<std::string>& to) const {
  const int v1 = dir_of("devices");
  if (v1 < 0) {
    return replace_device_filter(v2_dir(), to);
  }
  for (const std::string& rule : to) {
    if (!access_beyond(rule, from).empty()) {
      BERTH_TRY(write_at(v1, "devices.allow", rule));
    }
  }
  for (const std::string& rule : from) {
    const std::string access = access_beyond(rule, to);
    if (!access.empty()) {
      BERTH_TRY(write_at(v1, "devices.deny", numbers_of(rule) + " " + access));
    }
  }
  return ok();
}

}  // namespace berth
