// A group in every hierarchy: made, opened, joined and delegated.
#include "cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "cgroup_files.h"
#include "cgroup_folders.h"
#include "device_filter.h"

namespace berth {

using cgroup_files::exists_at;
using cgroup_files::read_at;
using cgroup_files::write_at;
using cgroup_files::write_each;

namespace {

// Bounds of what a guest may build below its own group; systemd needs about ten levels.
constexpr const char* kMaxDepth = "64";
constexpr const char* kMaxDescendants = "4096";

Status check_path(const std::string& path) {
  size_t start = 0;
  while (start <= path.size()) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") {
      return fail_with(EINVAL, "name a cgroup below the hierarchy, without . and ..", path);
    }
    start = end + 1;
  }
  return ok();
}

// Only async-signal-safe calls, and strings short enough to need no heap.
Status join(int dir, const char* file) {
  const Fd procs(openat(dir, file, O_WRONLY | O_CLOEXEC));
  if (!procs.valid() || write(procs.get(), "0", 1) != 1) {
    return fail("join cgroup");
  }
  return ok();
}

}  // namespace

Result<Cgroup> Cgroup::assemble(const CgroupLayout& layout, const std::string& path, Missing missing) {
  BERTH_TRY(check_path(path));
  Cgroup group;
  group.layout_ = layout;
  group.path_ = path;
  group.fresh_ = missing == Missing::kMake;
  for (const Hierarchy& hierarchy : group.layout_.hierarchies()) {
    if (missing == Missing::kMake) {
      Result<Fd> dir = cgroup_folders::make(hierarchy, path, group.fresh_);
      if (!dir) {
        if (group.fresh_) {
          const Status gone = group.remove();
          static_cast<void>(gone);
        }
        return dir.error();
      }
      group.members_.push_back({&hierarchy, std::move(*dir)});
      continue;
    }
    const std::string folder = hierarchy.mount + "/" + path;
    Fd dir(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (dir.valid()) {
      group.members_.push_back({&hierarchy, std::move(dir)});
    } else if (errno != ENOENT) {
      return fail("open cgroup", folder);
    }
  }
  if (group.members_.empty()) {
    return fail_with(ENOENT, "open cgroup", path);
  }
  return group;
}

Result<Cgroup> Cgroup::ensure(const CgroupLayout& layout, const std::string& path) {
  return assemble(layout, path, Missing::kMake);
}

Result<Cgroup> Cgroup::open(const CgroupLayout& layout, const std::string& path) {
  return assemble(layout, path, Missing::kSkip);
}

Result<Cgroup> Cgroup::create(const CgroupLayout& layout, const std::string& path, const Limits& limits,
                              const std::vector<std::string>& devices) {
  Result<Cgroup> group = assemble(layout, path, Missing::kMake);
  if (!group) {
    return group;
  }
  Status bounded = group->bound(limits, devices);
  if (bounded) {
    return group;
  }
  if (group->fresh_) {
    const Status gone = group->remove();
    static_cast<void>(gone);
  }
  return bounded.error();
}

Status Cgroup::bound(const Limits& limits, const std::vector<std::string>& devices) const {
  BERTH_TRY(set_limits(limits, fresh_));
  return restrict_devices(devices);
}

int Cgroup::dir_of(const std::string& controller) const {
  const Hierarchy* hierarchy = layout_.of(controller);
  for (const Member& member : members_) {
    if (member.hierarchy == hierarchy) {
      return member.dir.get();
    }
  }
  return -1;
}

int Cgroup::v2_dir() const {
  for (const Member& member : members_) {
    if (member.hierarchy->v2) {
      return member.dir.get();
    }
  }
  return -1;
}

bool Cgroup::has_controller(int dir, const std::string& controller) const {
  Result<std::string> all = read_at(dir, "cgroup.controllers");
  return !all || cgroup_folders::has_word(*all, controller);
}

Status Cgroup::lend_controller(const std::string& controller) const {
  const Hierarchy* hierarchy = layout_.of(controller);
  Fd dir(::open(hierarchy->mount.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  size_t start = 0;
  while (dir.valid()) {
    BERTH_TRY(cgroup_folders::lend(dir.get(), controller));
    const size_t end = path_.find('/', start);
    if (end == std::string::npos) {
      return ok();
    }
    const std::string part = path_.substr(start, end - start);
    dir = Fd(openat(dir.get(), part.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    start = end + 1;
  }
  return fail("open the groups above", name_in(controller));
}

std::string Cgroup::name_in(const std::string& controller) const {
  const Hierarchy* hierarchy = layout_.of(controller);
  return (hierarchy == nullptr ? controller + ":" : hierarchy->mount + "/") + path_;
}

int Cgroup::v2_fd() const {
  return v2_dir();
}

Status Cgroup::restrict_devices(const std::vector<std::string>& devices) const {
  const int v1 = dir_of("devices");
  if (v1 < 0) {
    return attach_device_filter(v2_dir(), devices);
  }
  BERTH_TRY(write_at(v1, "devices.deny", "a"));
  return write_each(v1, "devices.allow", devices);
}

Status Cgroup::attach_self(bool born_in_v2) const {
  for (const Member& member : members_) {
    if (born_in_v2 && member.hierarchy->v2) {
      continue;
    }
    BERTH_TRY(join(member.dir.get(), member.hierarchy->v2 ? "cgroup.procs" : "tasks"));
  }
  return ok();
}

Status Cgroup::attach_beside(int init_pid) const {
  for (const Member& member : members_) {
    Status joined = join(member.dir.get(), member.hierarchy->v2 ? "cgroup.procs" : "tasks");
    if (joined) {
      continue;
    }
    Error refused = joined.error();
    if (!member.hierarchy->v2 || refused.code != EBUSY) {
      return refused;
    }
    Result<std::string> groups = read_at(AT_FDCWD, "/proc/" + std::to_string(init_pid) + "/cgroup");
    if (!groups) {
      return groups.error().in("join the cgroup of init");
    }
    const std::string own = "0::/" + path_ + "/";
    size_t at = groups->rfind(own, 0) == 0 ? 0 : groups->find("\n" + own);
    if (at == std::string::npos) {
      return fail_with(EBUSY, "join the cgroup of init: it is not below the guest's", path_);
    }
    at = groups->find(own, at) + own.size();
    const std::string leaf = groups->substr(at, groups->find('\n', at) - at);
    BERTH_TRY(check_path(leaf));
    BERTH_TRY(write_at(member.dir.get(), leaf + "/cgroup.procs", "0"));
  }
  return ok();
}

Status Cgroup::delegate(uint32_t uid, uint32_t gid) const {
  const Hierarchy* systemd = layout_.of("name=systemd");
  for (const Member& member : members_) {
    if (!member.hierarchy->v2 && member.hierarchy != systemd) {
      continue;
    }
    const int dir = member.dir.get();
    if (member.hierarchy->v2 && exists_at(dir, "cgroup.max.depth")) {
      BERTH_TRY(write_at(dir, "cgroup.max.depth", kMaxDepth));
      BERTH_TRY(write_at(dir, "cgroup.max.descendants", kMaxDescendants));
    }
    for (const char* name : {".", "cgroup.procs", "tasks", "cgroup.subtree_control", "cgroup.threads"}) {
      if (fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW) != 0 && errno != ENOENT) {
        return fail("delegate cgroup", member.hierarchy->mount + "/" + path_ + "/" + name);
      }
    }
  }
  return ok();
}

}  // namespace berth
