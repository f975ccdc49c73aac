#include "cgroup_hugetlb.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cstdlib>

#include "cgroup_files.h"

namespace berth::cgroup_hugetlb {

using cgroup_files::exists_at;
using cgroup_files::read_number;

namespace {

// The page sizes of this host, as the group's files name them.
std::vector<std::string> page_sizes(int dir) {
  std::vector<std::string> sizes;
  const int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* list = copy < 0 ? nullptr : fdopendir(copy);
  if (list == nullptr) {
    return sizes;
  }
  const std::string start = "hugetlb.";
  while (const dirent* entry = readdir(list)) {
    const std::string name = entry->d_name;
    for (const std::string end : {".max", ".limit_in_bytes"}) {
      const size_t size = name.size() - std::min(name.size(), start.size() + end.size());
      if (size > 0 && name.rfind(start, 0) == 0 && name.compare(start.size() + size, end.size(), end) == 0 &&
          name.find('.', start.size()) == start.size() + size) {
        sizes.push_back(name.substr(start.size(), size));
      }
    }
  }
  closedir(list);
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

std::string hugetlb_file(const std::string& size, bool v2) {
  return "hugetlb." + size + (v2 ? ".max" : ".limit_in_bytes");
}

// Reservations too where the kernel counts them: mmap(2) fails instead of the page fault, which kills.
Status set_page_size(CgroupWrites& writes, int dir, bool v2, const std::string& size, int64_t bytes) {
  const std::string value = bytes < 0 ? std::string(v2 ? "max" : "-1") : std::to_string(bytes);
  BERTH_TRY(writes.set(dir, hugetlb_file(size, v2), value));
  const std::string reserved = hugetlb_file(size + ".rsvd", v2);
  return exists_at(dir, reserved) ? writes.set(dir, reserved, value) : ok();
}

}  // namespace

Status set_limits(CgroupWrites& writes, int dir, bool v2, const std::vector<std::string>& limits) {
  const std::vector<std::string> sizes = page_sizes(dir);
  for (const std::string& limit : limits) {
    const std::string size = limit.substr(0, limit.find(' '));
    if (std::find(sizes.begin(), sizes.end(), size) == sizes.end()) {
      return fail_with(EOPNOTSUPP, "limit huge pages: the kernel has none of " + size,
                       hugetlb_file(size, v2));
    }
  }
  for (const std::string& size : sizes) {
    int64_t bytes = -1;
    for (const std::string& limit : limits) {
      if (limit.rfind(size + " ", 0) == 0) {
        bytes = strtoll(limit.c_str() + size.size(), nullptr, 10);
      }
    }
    BERTH_TRY(set_page_size(writes, dir, v2, size, bytes));
  }
  return ok();
}

Result<std::vector<std::string>> read_limits(int dir, bool v2) {
  std::vector<std::string> limits;
  for (const std::string& size : page_sizes(dir)) {
    Result<int64_t> bytes = read_number(dir, hugetlb_file(size, v2));
    if (!bytes) {
      return bytes.error();
    }
    if (*bytes >= 0) {
      limits.push_back(size + " " + std::to_string(*bytes));
    }
  }
  return limits;
}

}  // namespace berth::cgroup_hugetlb
