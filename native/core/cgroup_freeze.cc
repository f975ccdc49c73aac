// Freezing and killing whole groups. On hybrid hosts the v2 hierarchy does both: there a frozen process dies
// at once.
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "cgroup.h"
#include "cgroup_files.h"

namespace berth {

using cgroup_files::exists_at;
using cgroup_files::read_at;
using cgroup_files::read_key;
using cgroup_files::write_at;

namespace {

constexpr int64_t kFreezeMillis = 10'000;
constexpr int kMaxDepth = 64;

int64_t now_millis() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

// v2 tells changes of cgroup.events by POLLPRI.
Status freeze_v2(int dir, bool frozen) {
  BERTH_TRY(write_at(dir, "cgroup.freeze", frozen ? "1" : "0"));
  const Fd events(openat(dir, "cgroup.events", O_RDONLY | O_CLOEXEC));
  if (!events.valid()) {
    return fail("watch", "cgroup.events");
  }
  const int64_t deadline = now_millis() + kFreezeMillis;
  for (;;) {
    char text[256] = {};
    if (pread(events.get(), text, sizeof text - 1, 0) < 0) {
      return fail("read", "cgroup.events");
    }
    if (strstr(text, frozen ? "frozen 1" : "frozen 0") != nullptr) {
      return ok();
    }
    const int64_t left = deadline - now_millis();
    if (left <= 0) {
      return fail_with(ETIMEDOUT, frozen ? "freeze" : "unfreeze");
    }
    pollfd wait = {events.get(), POLLPRI, 0};
    poll(&wait, 1, static_cast<int>(left));
  }
}

// v1 goes FREEZING → FROZEN when somebody reads, and has no event: look again with growing pauses.
Status freeze_v1(int dir, bool frozen) {
  const std::string wanted = frozen ? "FROZEN" : "THAWED";
  const int64_t deadline = now_millis() + kFreezeMillis;
  for (long pause = 50'000;; pause = std::min(pause * 2, 20'000'000L)) {
    BERTH_TRY(write_at(dir, "freezer.state", wanted));
    Result<std::string> state = read_at(dir, "freezer.state");
    if (!state) {
      return state.error();
    }
    if (state->rfind(wanted, 0) == 0) {
      return ok();
    }
    if (now_millis() > deadline) {
      return fail_with(ETIMEDOUT, frozen ? "freeze" : "unfreeze");
    }
    const timespec rest = {0, pause};
    nanosleep(&rest, nullptr);
  }
}

Status kill_procs(int dir) {
  Result<std::string> procs = read_at(dir, "cgroup.procs");
  if (!procs) {
    return procs.error();
  }
  const char* at = procs->c_str();
  while (*at != '\0') {
    char* end = nullptr;
    const long pid = strtol(at, &end, 10);
    if (end == at) {
      break;
    }
    // 0: a process of another pid namespace; signal 0 would be our own process group.
    if (pid > 0 && ::kill(static_cast<pid_t>(pid), SIGKILL) != 0 && errno != ESRCH) {
      return fail("kill", std::to_string(pid));
    }
    at = *end == '\n' ? end + 1 : end;
  }
  return ok();
}

// This group and all below it. Depth is bounded by cgroup.max.depth of delegate(), and v1 limits are not
// delegated.
Status kill_below(int dir, int depth) {
  BERTH_TRY(kill_procs(dir));
  const int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* list = copy < 0 ? nullptr : fdopendir(copy);
  if (list == nullptr) {
    return fail("list cgroup");
  }
  Status status = ok();
  while (const dirent* entry = readdir(list)) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') {
      continue;
    }
    const Fd child(openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (child.valid()) {
      status =
          depth > 0 ? kill_below(child.get(), depth - 1) : fail_with(ELOOP, "kill cgroup", entry->d_name);
    }
    if (!status) {
      break;
    }
  }
  closedir(list);
  return status;
}

}  // namespace

Status Cgroup::freeze(bool frozen) const {
  const int unified = v2_dir();
  Status status = ok();
  if (unified >= 0 && exists_at(unified, "cgroup.freeze")) {
    status = freeze_v2(unified, frozen);
  } else if (dir_of("freezer") >= 0) {
    status = freeze_v1(dir_of("freezer"), frozen);
  } else {
    status = fail_with(EOPNOTSUPP, "find a freezer");
  }
  if (!status) {
    return status.error().in((frozen ? "freeze " : "unfreeze ") + path_);
  }
  return ok();
}

Result<bool> Cgroup::frozen() const {
  const int unified = v2_dir();
  if (unified >= 0 && exists_at(unified, "cgroup.freeze")) {
    Result<int64_t> state = read_key(unified, "cgroup.events", "frozen");
    if (!state) {
      return state.error().in("see whether " + path_ + " is frozen");
    }
    return *state == 1;
  }
  if (dir_of("freezer") < 0) {
    return false;
  }
  Result<std::string> state = read_at(dir_of("freezer"), "freezer.state");
  if (!state) {
    return state.error().in("see whether " + path_ + " is frozen");
  }
  return state->rfind("FROZEN", 0) == 0;
}

// Without cgroup.kill (before Linux 5.14): nothing forks while it is frozen; then it thaws to die.
Status Cgroup::kill_each() const {
  const bool freezable = freeze(true) ? true : false;
  const int dir = v2_dir() >= 0 ? v2_dir() : dir_of("freezer");
  Status status = kill_below(dir >= 0 ? dir : members_[0].dir.get(), kMaxDepth);
  if (freezable) {
    BERTH_TRY(freeze(false));
  }
  return status;
}

Status Cgroup::kill() const {
  const int unified = v2_dir();
  Status status =
      unified >= 0 && exists_at(unified, "cgroup.kill") ? write_at(unified, "cgroup.kill", "1") : kill_each();
  if (!status) {
    return status.error().in("kill " + path_);
  }
  // A process that was killed on its way in may be in some v1 hierarchies only. (Guests have no groups of
  // their own in these; what they made in name=systemd is in v2 too.)
  const Hierarchy* systemd = layout_.of("name=systemd");
  for (const Member& member : members_) {
    if (!member.hierarchy->v2 && member.hierarchy != systemd) {
      BERTH_TRY(kill_below(member.dir.get(), kMaxDepth));
    }
  }
  // Whoever froze it by v1 would keep the dead from dying.
  const int freezer = dir_of("freezer");
  if (freezer >= 0 && !layout_.of("freezer")->v2 && exists_at(freezer, "freezer.state")) {
    return write_at(freezer, "freezer.state", "THAWED");
  }
  return ok();
}

}  // namespace berth
