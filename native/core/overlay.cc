#include "overlay.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "mounts.h"
#include "namespaces.h"
#include "sys.h"

namespace berth {
namespace {

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

}  // namespace

// For one overlay at a time: what becomes of two over the same upper folder, overlayfs leaves open. Waits
// until the one before has written back.
static Result<Fd> lock_layers(const Spec& spec) {
  const std::string path = spec.guest_dir + "/work";
  Fd folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.valid()) {
    return fail("open", path);
  }
  while (flock(folder.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      return fail("lock", path);
    }
  }
  return folder;
}

Result<Fd> mount_overlay(const Spec& spec, int user_namespace, GuestRoot& root) {
  auto locked = lock_layers(spec);
  if (!locked) {
    return locked.error();
  }
  root.layers = std::move(*locked);
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
  root.spent.push_back(std::move(layers.image));
  root.spent.push_back(std::move(layers.own));
  return overlay ? std::move(overlay)
                 : fail_with(overlay.error().code, overlay.error().action, spec.guest_dir);
}

}  // namespace berth
