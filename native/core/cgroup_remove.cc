// Removing a group with what the guest built below it, in every hierarchy.
#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <ctime>

#include "cgroup.h"

namespace berth {
namespace {

constexpr int64_t kWaitNanos = 5'000'000'000;

int64_t now_nanos() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// A group is EBUSY for a moment after its last process is gone; neither v1 nor rmdir has an event for that.
Status remove_folder(int parent, const std::string& name, int64_t deadline) {
  for (long pause = 50'000;; pause = std::min(pause * 2, 10'000'000L)) {
    if (unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) {
      return ok();
    }
    if (errno != EBUSY || now_nanos() > deadline) {
      return fail("remove cgroup", name);
    }
    const timespec rest = {0, pause};
    nanosleep(&rest, nullptr);
  }
}

// The first folder in DIR, or nothing.
std::string first_child(int dir) {
  std::string name;
  const int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* list = copy < 0 ? nullptr : fdopendir(copy);
  if (list == nullptr) {
    return name;
  }
  while (const dirent* entry = readdir(list)) {
    const std::string found = entry->d_name;
    if (entry->d_type == DT_DIR && found != "." && found != "..") {
      name = found;
      break;
    }
  }
  closedir(list);
  return name;
}

// Depth first with one descriptor, however deep the guest nested.
Status remove_below(Fd dir, int64_t deadline) {
  std::vector<std::string> way;
  for (;;) {
    const std::string child = first_child(dir.get());
    if (!child.empty()) {
      Fd next(openat(dir.get(), child.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
      if (!next.valid()) {
        return fail("open cgroup", child);
      }
      way.push_back(child);
      dir = std::move(next);
      continue;
    }
    if (way.empty()) {
      return ok();
    }
    Fd parent(openat(dir.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent.valid()) {
      return fail("open cgroup", way.back());
    }
    dir = std::move(parent);
    BERTH_TRY(remove_folder(dir.get(), way.back(), deadline));
    way.pop_back();
  }
}

}  // namespace

Status Cgroup::remove() const {
  const int64_t deadline = now_nanos() + kWaitNanos;
  for (const Member& member : members_) {
    const std::string folder = member.hierarchy->mount + "/" + path_;
    // Most groups have nothing below: one call is enough.
    if (rmdir(folder.c_str()) == 0 || errno == ENOENT) {
      continue;
    }
    Fd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir.valid()) {
      if (errno == ENOENT) {
        continue;
      }
      return fail("remove cgroup", folder);
    }
    Status below = remove_below(std::move(dir), deadline);
    if (!below) {
      return below.error().in("below " + folder);
    }
    BERTH_TRY(remove_folder(AT_FDCWD, folder, deadline));
  }
  return ok();
}

}  // namespace berth
