#include "guest_targets.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>

#include "fd.h"
#include "mounts.h"

namespace berth {
namespace {

struct Target {
  Fd parent;
  std::string name;
};

// The folder that TARGET is in; what is missing of it is made where `make` says so. A link on the way is
// followed inside the root; one that leads nowhere is refused by mkdir (EEXIST).
Result<Target> find_parent(int root, const std::string& target, bool make) {
  Target found;
  found.parent = Fd(fcntl(root, F_DUPFD_CLOEXEC, 0));
  std::string walked;
  size_t at = 0;
  while (at < target.size()) {
    const size_t start = target.find_first_not_of('/', at);
    if (start == std::string::npos) {
      break;
    }
    at = std::min(target.find('/', start), target.size());
    const std::string name = target.substr(start, at - start);
    if (name == "." || name == "..") {
      return fail_with(EINVAL, "mount on", target);
    }
    if (!found.name.empty()) {
      walked += "/" + found.name;
      auto next = open_inside(root, walked, O_PATH | O_DIRECTORY);
      if (!next && next.error().code == ENOENT && make) {
        if (mkdirat(found.parent.get(), found.name.c_str(), 0755) != 0) {
          return fail_with(errno == EEXIST ? ELOOP : errno, "mkdir", walked);
        }
        next = open_inside(root, walked, O_PATH | O_DIRECTORY);
      }
      if (!next) {
        return next.error();
      }
      found.parent = std::move(*next);
    }
    found.name = name;
  }
  if (found.name.empty()) {
    return fail_with(EINVAL, "mount on", "/");
  }
  return found;
}

Status make_target(const Target& target, const std::string& path, bool folder) {
  if (folder) {
    if (mkdirat(target.parent.get(), target.name.c_str(), 0755) != 0) {
      return fail("mkdir", path);
    }
    return ok();
  }
  const Fd made(openat(target.parent.get(), target.name.c_str(),
                       O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644));
  return made.valid() ? ok() : Status(fail("create", path));
}

Result<Fd> open_target(const Target& target, const std::string& path, bool folder) {
  const auto open_now = [&] {
    return Fd(openat(target.parent.get(), target.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  };
  Fd place = open_now();
  if (!place.valid() && errno == ENOENT) {
    BERTH_TRY(make_target(target, path, folder));
    place = open_now();
  }
  struct stat facts = {};
  struct statfs system = {};
  if (!place.valid() || fstat(place.get(), &facts) != 0 || fstatfs(place.get(), &system) != 0) {
    return fail("open", path);
  }
  if (S_ISLNK(facts.st_mode)) {
    return fail_with(ELOOP, "mount on", path);
  }
  if (S_ISDIR(facts.st_mode) != folder) {
    return fail_with(folder ? ENOTDIR : EISDIR, "mount on", path);
  }
  // A link of the image may lead there: what is mounted over the kernel's own files would be taken for them
  // (CVE-2019-19921).
  if (system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC ||
      system.f_type == CGROUP2_SUPER_MAGIC) {
    return fail_with(EPERM, "mount on a file of the kernel", path);
  }
  return place;
}

bool same_file(const struct stat& one, const struct stat& other) {
  if (S_ISCHR(one.st_mode) || S_ISBLK(one.st_mode)) {
    return (one.st_mode & S_IFMT) == (other.st_mode & S_IFMT) && one.st_rdev == other.st_rdev;
  }
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace

Result<bool> put_on_target(int root, const std::string& target, int tree, bool folder) {
  auto parent = find_parent(root, target, true);
  if (!parent) {
    return parent.error();
  }
  auto place = open_target(*parent, target, folder);
  if (!place) {
    return place.error();
  }
  struct stat wanted = {};
  struct stat present = {};
  if (fstat(tree, &wanted) != 0 || fstat(place->get(), &present) != 0) {
    return fail("stat", target);
  }
  if (same_file(wanted, present)) {
    return false;
  }
  auto attached = attach(tree, place->get());
  if (!attached) {
    return fail_with(attached.error().code, "mount on", target);
  }
  return true;
}

Status take_off_target(int root, const std::string& target, const Origin& origin) {
  auto parent = find_parent(root, target, false);
  if (!parent) {
    Error error = parent.error();
    return error.code == ENOENT ? ok() : Status(std::move(error));
  }
  const char* name = parent->name.c_str();
  struct statx facts = {};
  if (statx(parent->parent.get(), name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &facts) !=
      0) {
    return errno == ENOENT ? ok() : Status(fail("stat", target));
  }
  const bool node = S_ISCHR(facts.stx_mode) || S_ISBLK(facts.stx_mode);
  const bool ours = origin.kind == Origin::Kind::kAny || (origin.kind == Origin::Kind::kNode && node) ||
                    (origin.kind == Origin::Kind::kFile && facts.stx_ino == origin.inode &&
                     makedev(facts.stx_dev_major, facts.stx_dev_minor) == origin.device);
  if ((facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0 || !ours) {
    return ok();
  }
  if (fchdir(parent->parent.get()) != 0 || umount2(name, MNT_DETACH | UMOUNT_NOFOLLOW) != 0) {
    return fail("umount", target);
  }
  if (node && statx(parent->parent.get(), name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &facts) == 0 &&
      S_ISREG(facts.stx_mode) && facts.stx_size == 0) {
    unlinkat(parent->parent.get(), name, 0);
  }
  return ok();
}

}  // namespace berth
