#include "rootfs.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "kernel_mounts.h"
#include "lxcfs.h"
#include "mounts.h"
#include "overlay.h"
#include "sys.h"

namespace berth {
namespace {

// File-system work as the guest's root on disk, with the host's powers over files: an overlay keeps the
// credentials of whoever mounts it, and with fsuid 0, which the idmapped layers do not know, it would be
// read-only (EOVERFLOW).
class FileIdentity {
 public:
  explicit FileIdentity(uint32_t id) {
    setfsgid(id);
    setfsuid(id);  // drops the capabilities over files from the effective set
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> sets = {};
    syscall(SYS_capget, &header, sets.data());
    sets[0].effective = sets[0].permitted;
    sets[1].effective = sets[1].permitted;
    syscall(SYS_capset, &header, sets.data());
  }
  FileIdentity(const FileIdentity&) = delete;
  FileIdentity& operator=(const FileIdentity&) = delete;
  ~FileIdentity() {
    setfsuid(0);
    setfsgid(0);
  }
};

// A file of /etc as the host wants it. What the guest has there, a symlink say, is replaced, never followed.
Status write_etc(int etc, const char* name, const std::string& text) {
  const Fd old(openat(etc, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (old.valid()) {
    auto now = read_all(old.get(), 65536);
    if (now && *now == text) {
      return ok();
    }
  }
  BERTH_TRY(replace_file(etc, name, text, 0644));
  return ok();
}

Status make_folders(int root) {
  for (const char* name : {"proc", "sys", "dev", "run", "tmp"}) {
    if (mkdirat(root, name, 0755) != 0 && errno != EEXIST) {
      return fail("mkdir", name);
    }
  }
  return ok();
}

// What covers files and folders: the host's /dev/null, and an empty folder, read-only; each further one gets
// a copy, attributes and all. (Linux before 6.15 copies only what is mounted somewhere.)
struct Covers {
  Fd file, folder;
  bool placed_file = false, placed_folder = false;
};

// Root of the host could make a mount writable again: a guest whose root it is has a folder of its own, as
// has one on Linux before 6.15.
Result<Covers> make_covers(const RootPlan& plan) {
  auto folder = plan.empty_folder >= 0 && !with_host(plan.spec, "user")
                    ? copy_tree(plan.empty_folder, "", false)
                    : Result<Fd>(fail_with(EINVAL, "open_tree"));
  if (!folder) {
    folder = make_empty_folder();
  }
  if (!folder) {
    return folder.error();
  }
  auto file = copy_tree(AT_FDCWD, "/dev/null", false);
  if (!file) {
    return file.error();
  }
  BERTH_TRY(set_attributes(file->get(), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
  Covers covers;
  covers.file = std::move(*file);
  covers.folder = std::move(*folder);
  return covers;
}

Result<Fd> cover_of(int target, const std::string& path, Covers& covers) {
  struct stat facts = {};
  if (fstat(target, &facts) != 0) {
    return fail("stat", path);
  }
  const bool is_folder = S_ISDIR(facts.st_mode);
  bool& placed = is_folder ? covers.placed_folder : covers.placed_file;
  const Fd& cover = is_folder ? covers.folder : covers.file;
  if (placed) {
    return copy_tree(cover.get(), "", false);
  }
  placed = true;
  Fd first(fcntl(cover.get(), F_DUPFD_CLOEXEC, 0));
  return first.valid() ? Result<Fd>(std::move(first)) : fail("dup");
}

Status hide(int root, const std::string& path, Covers& covers) {
  auto target = open_inside(root, path, O_PATH);
  if (!target) {
    Error error = target.error();
    return error.code == ENOENT ? ok() : Status(std::move(error));
  }
  auto cover = cover_of(target->get(), path, covers);
  if (!cover) {
    return cover.error();
  }
  return attach(cover->get(), target->get());
}

Status make_read_only(int root, const std::string& path) {
  auto target = open_inside(root, path, O_PATH);
  if (!target) {
    Error error = target.error();
    return error.code == ENOENT ? ok() : Status(std::move(error));
  }
  auto same = copy_tree(target->get(), "", true);
  if (!same) {
    return same.error();
  }
  BERTH_TRY(set_attributes(same->get(), MOUNT_ATTR_RDONLY, -1, true));
  return attach(same->get(), target->get());
}

Status mount_on(int root, const char* path, int mount) {
  auto target = open_inside(root, path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!target) {
    return target.error();
  }
  auto attached = attach(mount, target->get());
  return attached ? ok() : Status(fail_with(attached.error().code, "mount", std::string("/") + path));
}

}  // namespace

Result<Fd> make_empty_folder() {
  return make_mount({"tmpfs", {{"size", "4k"}, {"mode", "555"}}, MOUNT_ATTR_RDONLY | kStrictMount});
}

Status mask_all(const RootPlan& plan, int root) {
  auto covers = make_covers(plan);
  if (!covers) {
    return covers.error();
  }
  for (const auto& path : plan.spec.read_only) {
    BERTH_TRY(make_read_only(root, path));
  }
  for (const auto& path : plan.spec.masks) {
    auto hidden = hide(root, path, *covers);
    if (!hidden) {
      return fail_with(hidden.error().code, "mask", path);
    }
  }
  return ok();
}

Status write_identity(int root, const Spec& spec, const std::string& hostname) {
  auto etc = open_inside(root, "etc", O_RDONLY | O_DIRECTORY);
  if (!etc) {
    if (mkdirat(root, "etc", 0755) != 0) {
      return fail("mkdir", "/etc");
    }
    etc = open_inside(root, "etc", O_RDONLY | O_DIRECTORY);
    if (!etc) {
      return etc.error();
    }
  }
  BERTH_TRY(write_etc(etc->get(), "hostname", hostname + "\n"));
  struct stat hosts = {};
  if (fstatat(etc->get(), "hosts", &hosts, AT_SYMLINK_NOFOLLOW) != 0) {
    BERTH_TRY(write_etc(etc->get(), "hosts",
                        "127.0.0.1\tlocalhost\n127.0.1.1\t" + hostname + "\n::1\tlocalhost ip6-localhost\n"));
  }
  if (spec.resolv_conf) {
    BERTH_TRY(write_etc(etc->get(), "resolv.conf", *spec.resolv_conf));
  }
  return ok();
}

Result<GuestRoot> build_root(const RootPlan& plan) {
  const Spec& spec = plan.spec;
  auto kernel = kernel_mounts(plan);
  if (!kernel) {
    return kernel.error();
  }
  GuestRoot root;
  {
    const FileIdentity identity(plan.root_id);
    auto overlay = mount_overlay(spec, plan.user_namespace, root);
    if (!overlay) {
      return overlay.error();
    }
    root.top = std::move(*overlay);
    BERTH_TRY(make_folders(root.top.get()));
    BERTH_TRY(write_identity(root.top.get(), spec, kernel->hostname));
  }
  const Fd place(open(spec.guest_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place.valid()) {
    return fail("open", spec.guest_dir);
  }
  BERTH_TRY(attach(root.top.get(), place.get()));
  BERTH_TRY(mount_on(root.top.get(), "proc", kernel->proc.get()));
  BERTH_TRY(mount_on(root.top.get(), "sys", kernel->sys.get()));
  if (kernel->cgroups.valid()) {
    BERTH_TRY(mount_on(root.top.get(), "sys/fs/cgroup", kernel->cgroups.get()));
  }
  BERTH_TRY(mask_all(plan, root.top.get()));
  if (!spec.lxcfs.empty()) {
    BERTH_TRY(cover_with_lxcfs(spec, root.top.get()));
  }
  root.inside = std::move(kernel->inside);
  return root;
}

}  // namespace berth
