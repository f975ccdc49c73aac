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

// A layer as the guest's user namespace sees it.
Result<Fd> idmapped(const std::string& path, int user_namespace, uint64_t attributes) {
  auto tree = copy_tree(AT_FDCWD, path.c_str(), false);
  if (!tree) {
    return tree.error();
  }
  if (user_namespace < 0 && attributes == 0) {
    return tree;
  }
  auto mapped = set_attributes(tree->get(), attributes, user_namespace);
  if (!mapped) {
    return fail_with(mapped.error().code, "idmap", path);
  }
  return tree;
}

struct Layers {
  Fd image, own;   // detached mounts
  Fd upper, work;  // folders in `own`
};

// How an overlay is told its layers.
enum class Naming { kDescriptor, kPath };

Status set_layer(int context, const char* key, const Fd& layer, Naming naming) {
  // The magic link names exactly this descriptor.
  const std::string path = "/proc/self/fd/" + to_text(layer.get());
  const long set = naming == Naming::kDescriptor
                       ? syscall(SYS_fsconfig, context, FSCONFIG_SET_FD, key, nullptr, layer.get())
                       : syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, path.c_str(), 0);
  return set == 0 ? ok() : Status(fail(std::string("mount overlay ") + key));
}

Result<Fd> create_overlay(const Layers& layers, Naming naming) {
  const Fd context(static_cast<int>(syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC)));
  if (!context.valid()) {
    return fail("mount overlay");
  }
  // With one layer the two keys mean the same; "lowerdir+" is younger.
  const char* lower = naming == Naming::kDescriptor ? "lowerdir+" : "lowerdir";
  BERTH_TRY(set_layer(context.get(), lower, layers.image, naming));
  BERTH_TRY(set_layer(context.get(), "upperdir", layers.upper, naming));
  BERTH_TRY(set_layer(context.get(), "workdir", layers.work, naming));
  // Below another user namespace the attributes of an overlay are those of users (overlayfs.rst).
  if (is_nested() && syscall(SYS_fsconfig, context.get(), FSCONFIG_SET_FLAG, "userxattr", nullptr, 0) != 0) {
    return fail("mount overlay userxattr");
  }
  if (syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
    return fail("mount overlay");
  }
  Fd mount(static_cast<int>(syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, MOUNT_ATTR_NODEV)));
  if (!mount.valid()) {
    return fail("mount overlay");
  }
  return mount;
}

Status attach_over(const Fd& mount, const std::string& path) {
  const Fd place(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place.valid()) {
    return fail("open", path);
  }
  return attach(mount.get(), place.get());
}

// Linux before 6.13 takes layers by path only, before 6.15 only what is mounted somewhere: each over its own
// origin, in this process's mount namespace, until the overlay holds copies of its own.
Result<Fd> create_overlay_of_mounted(const Spec& spec, const Layers& layers) {
  BERTH_TRY(attach_over(layers.image, spec.image_root));
  BERTH_TRY(attach_over(layers.own, spec.guest_dir));
  auto overlay = create_overlay(layers, Naming::kPath);
  for (const std::string& path : {spec.guest_dir, spec.image_root}) {
    if (umount2(path.c_str(), MNT_DETACH) != 0) {
      return fail("umount", path);
    }
  }
  return overlay;
}

Result<Fd> mount_overlay(const Spec& spec, int user_namespace) {
  auto image = idmapped(spec.image_root, user_namespace, MOUNT_ATTR_RDONLY);
  if (!image) {
    return image.error();
  }
  auto own = idmapped(spec.guest_dir, user_namespace, 0);
  if (!own) {
    return own.error();
  }
  Layers layers = {std::move(*image), std::move(*own), Fd(), Fd()};
  layers.upper = Fd(openat(layers.own.get(), "upper", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  layers.work = Fd(openat(layers.own.get(), "work", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!layers.upper.valid() || !layers.work.valid()) {
    return fail("open", spec.guest_dir + (layers.upper.valid() ? "/work" : "/upper"));
  }
  auto overlay = create_overlay(layers, Naming::kDescriptor);
  if (!overlay && (overlay.error().code == EINVAL || overlay.error().code == EOPNOTSUPP)) {
    overlay = create_overlay_of_mounted(spec, layers);
  }
  return overlay ? std::move(overlay)
                 : fail_with(overlay.error().code, overlay.error().action, spec.guest_dir);
}

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

Status make_folders(int root) {
  for (const char* name : {"proc", "sys", "dev", "run", "tmp"}) {
    if (mkdirat(root, name, 0755) != 0 && errno != EEXIST) {
      return fail("mkdir", name);
    }
  }
  return ok();
}

// What covers folders: an empty, read-only one, of which each further folder gets a copy. (Linux before 6.15
// copies only what is mounted somewhere.)
struct EmptyFolder {
  Fd mount;
  bool placed = false;
};

Result<Fd> cover_of(int target, const std::string& path, EmptyFolder& empty) {
  struct stat facts = {};
  if (fstat(target, &facts) != 0) {
    return fail("stat", path);
  }
  if (S_ISDIR(facts.st_mode) && !empty.placed) {
    empty.placed = true;
    Fd first(fcntl(empty.mount.get(), F_DUPFD_CLOEXEC, 0));
    return first.valid() ? Result<Fd>(std::move(first)) : fail("dup");
  }
  auto cover = S_ISDIR(facts.st_mode) ? copy_tree(empty.mount.get(), "", false)
                                      : copy_tree(AT_FDCWD, "/dev/null", false);
  if (cover) {
    BERTH_TRY(set_attributes(cover->get(), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
  }
  return cover;
}

Status hide(int root, const std::string& path, EmptyFolder& empty) {
  auto target = open_inside(root, path, O_PATH);
  if (!target) {
    Error error = target.error();
    return error.code == ENOENT ? ok() : Status(std::move(error));
  }
  auto cover = cover_of(target->get(), path, empty);
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

Status mask_all(const Spec& spec, int root) {
  auto empty = make_mount({"tmpfs", {{"size", "4k"}, {"mode", "555"}}, MOUNT_ATTR_RDONLY | kStrictMount});
  if (!empty) {
    return empty.error();
  }
  EmptyFolder folder = {std::move(*empty)};
  for (const auto& path : spec.read_only) {
    BERTH_TRY(make_read_only(root, path));
  }
  for (const auto& path : spec.masks) {
    auto hidden = hide(root, path, folder);
    if (!hidden) {
      return fail_with(hidden.error().code, "mask", path);
    }
  }
  return ok();
}

}  // namespace

Result<GuestRoot> build_root(const RootPlan& plan) {
  const Spec& spec = plan.spec;
  auto kernel = kernel_mounts(plan);
  if (!kernel) {
    return kernel.error();
  }
  GuestRoot root;
  {
    const FileIdentity identity(plan.root_id);
    auto overlay = mount_overlay(spec, plan.user_namespace);
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
  BERTH_TRY(mask_all(spec, root.top.get()));
  if (!spec.lxcfs.empty()) {
    BERTH_TRY(cover_with_lxcfs(spec, root.top.get()));
  }
  root.inside = std::move(kernel->inside);
  return root;
}

}  // namespace berth
