#include "lxcfs.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "fd.h"
#include "mounts.h"
#include "sys.h"
#include "work_inside.h"

namespace berth {
namespace {

constexpr std::array kFiles = {"proc/cpuinfo", "proc/diskstats", "proc/loadavg",
                               "proc/meminfo", "proc/slabinfo",  "proc/stat",
                               "proc/swaps",   "proc/uptime",    "sys/devices/system/cpu"};
constexpr uint64_t kReadOnly = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

struct Cover {
  std::string path;
  Fd mount;
};

bool is_masked(const Spec& spec, const std::string& path) {
  return std::any_of(spec.masks.begin(), spec.masks.end(),
                     [&](const std::string& mask) { return mask == "/" + path; });
}

// Where only some of the folder's files are virtual it stays the kernel's, but for the one that counts the
// CPUs: so does lxc's own hook.
std::string name_in(const std::string& from, const std::string& path) {
  std::string uevent = from;
  uevent.append("/").append(path).append("/uevent");
  return path.starts_with("proc/") || access(uevent.c_str(), F_OK) == 0 ? path : path + "/online";
}

Result<std::vector<Cover>> covers_of(const Spec& spec, const std::string& from) {
  std::vector<Cover> covers;
  for (const char* file : kFiles) {
    if (is_masked(spec, file)) {
      continue;
    }
    const std::string path = name_in(from, file);
    std::string source = from;
    source.append("/").append(path);
    auto mount = copy_tree(AT_FDCWD, source.c_str(), false);
    if (!mount) {
      continue;
    }
    BERTH_TRY(set_attributes(mount->get(), kReadOnly));
    covers.push_back({path, std::move(*mount)});
  }
  return covers;
}

// Whether this is a file of the kernel or of lxcfs: the guest may have mounted something of its own there.
bool is_ours(int target) {
  struct statfs facts = {};
  if (fstatfs(target, &facts) != 0) {
    return errno == ENOTCONN;  // of a lxcfs that has fallen
  }
  return facts.f_type == PROC_SUPER_MAGIC || facts.f_type == SYSFS_MAGIC || facts.f_type == FUSE_SUPER_MAGIC;
}

Status put_covers(const std::vector<Cover>& covers, int root) {
  for (const Cover& cover : covers) {
    auto target = open_inside(root, cover.path, O_PATH | O_NOFOLLOW);
    if (!target || !is_ours(target->get())) {
      continue;
    }
    auto attached = attach(cover.mount.get(), target->get());
    if (!attached) {
      return fail_with(attached.error().code, "mount lxcfs on", "/" + cover.path);
    }
  }
  return ok();
}

bool answers(const std::string& lxcfs) {
  return access((lxcfs + "/proc/meminfo").c_str(), R_OK) == 0;
}

}  // namespace

Status cover_with_lxcfs(const Spec& spec, int root) {
  auto covers = covers_of(spec, spec.lxcfs);
  return covers ? put_covers(*covers, root) : Status(covers.error());
}

Status renew_lxcfs(const Spec& spec, int init_pid) {
  const std::string path = "/proc/" + to_text(init_pid) + "/ns/mnt";
  const Fd mounts(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!mounts.valid()) {
    return fail("open", path);
  }
  return work_inside([&]() -> Status {
    auto covers = covers_of(spec, answers(spec.lxcfs) ? spec.lxcfs : "");
    if (!covers) {
      return covers.error();
    }
    auto root = join_mounts(mounts.get());
    return root ? put_covers(*covers, root->get()) : Status(root.error());
  });
}

}  // namespace berth
