#include "mounts.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys.h"

namespace berth {

Result<Fd> make_mount(const NewMount& wanted) {
  const std::string action = std::string("mount ") + wanted.type;
  const Fd context(static_cast<int>(syscall(SYS_fsopen, wanted.type, FSOPEN_CLOEXEC)));
  if (!context.valid()) {
    return fail(action);
  }
  for (const auto& [key, value] : wanted.options) {
    const auto command = value.empty() ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
    if (syscall(SYS_fsconfig, context.get(), command, key, value.empty() ? nullptr : value.c_str(), 0) != 0) {
      return fail(action, key);
    }
  }
  if (syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
    return fail(action);
  }
  Fd mount(static_cast<int>(syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, wanted.attributes)));
  if (!mount.valid()) {
    return fail(action);
  }
  return mount;
}

Result<Fd> open_inside(int root, const std::string& path, int flags) {
  open_how how = {};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  Fd fd(static_cast<int>(syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
  if (!fd.valid()) {
    return fail("open", path);
  }
  return fd;
}

Status attach(int mount, int target) {
  if (syscall(SYS_move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) !=
      0) {
    return fail("move_mount");
  }
  return ok();
}

Result<Fd> copy_tree(int dir, const char* source, bool recursive) {
  unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
  if (*source == '\0') {
    flags |= AT_EMPTY_PATH;
  }
  if (recursive) {
    flags |= AT_RECURSIVE;
  }
  Fd tree(static_cast<int>(syscall(SYS_open_tree, dir, source, flags)));
  if (!tree.valid()) {
    return fail("open_tree", source);
  }
  return tree;
}

Status unmount_exactly(const std::string& path) {
  open_how how = {};
  how.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const Fd place(static_cast<int>(syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
  if (!place.valid()) {
    return fail("open", path);
  }
  // The link stands for the very mount that was opened, wherever its path leads by now.
  const std::string same = "/proc/self/fd/" + to_text(place.get());
  return umount2(same.c_str(), MNT_DETACH) == 0 ? ok() : Status(fail("umount", path));
}

Status set_attributes(int mount, uint64_t attributes, int user_namespace, bool recursive) {
  mount_attr wanted = {};
  wanted.attr_set = attributes;
  if (user_namespace >= 0) {
    wanted.attr_set |= MOUNT_ATTR_IDMAP;
    wanted.userns_fd = static_cast<uint64_t>(user_namespace);
  }
  const unsigned flags = recursive ? AT_EMPTY_PATH | AT_RECURSIVE : AT_EMPTY_PATH;
  if (syscall(SYS_mount_setattr, mount, "", flags, &wanted, sizeof wanted) != 0) {
    return fail("mount_setattr");
  }
  return ok();
}

}  // namespace berth
