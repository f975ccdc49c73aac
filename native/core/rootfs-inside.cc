// The guest's half of its root: see rootfs.h.
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>

#include "mounts.h"
#include "rootfs.h"

namespace berth {
namespace {

// Mount on a folder of the guest's root. The guest chose what is there: a symlink is refused, a missing
// folder is made.
Status mount_new(int root, const char* path, const NewMount& wanted) {
  auto target = open_inside(root, path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!target) {
    return target.error();
  }
  auto mount = make_mount(wanted);
  if (!mount) {
    Error error = mount.error();
    error.path = std::string("/") + path;
    return error;
  }
  return attach(mount->get(), target->get());
}

Status bind_file(int dev, const char* name, int source) {
  const Fd place(openat(dev, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!place.valid()) {
    return fail("create", std::string("/dev/") + name);
  }
  auto attached = attach(source, place.get());
  return attached ? ok() : Status(fail_with(attached.error().code, "bind", std::string("/dev/") + name));
}

Status fill_dev(const Spec& spec, int dev) {
  for (const auto& name : spec.bind_devices) {
    auto node = copy_tree(AT_FDCWD, ("/dev/" + name).c_str(), false);
    if (!node) {
      return node.error();
    }
    BERTH_TRY(bind_file(dev, name.c_str(), node->get()));
  }
  struct Link {
    const char *name, *target;
  };
  for (const auto& [name, target] :
       {Link{"ptmx", "pts/ptmx"}, Link{"fd", "/proc/self/fd"}, Link{"stdin", "/proc/self/fd/0"},
        Link{"stdout", "/proc/self/fd/1"}, Link{"stderr", "/proc/self/fd/2"}}) {
    if (symlinkat(target, dev, name) != 0) {
      return fail("symlink", std::string("/dev/") + name);
    }
  }
  for (const char* name : {"pts", "shm", "mqueue"}) {
    if (mkdirat(dev, name, 0755) != 0) {
      return fail("mkdir", std::string("/dev/") + name);
    }
  }
  constexpr uint64_t kStrict = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
  BERTH_TRY(mount_new(dev, "pts",
                      {"devpts",
                       {{"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}},
                       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC}));
  if (!owns(spec, "ipc")) {
    return ok();  // both are the owner's, and wait in GuestRoot::inside
  }
  BERTH_TRY(mount_new(dev, "shm", {"tmpfs", {{"mode", "1777"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV}));
  return mount_new(dev, "mqueue", {"mqueue", {}, kStrict});
}

// Where nobody but Berth has written yet.
Status put(int root, const InsideMount& wanted) {
  Fd at(fcntl(root, F_DUPFD_CLOEXEC, 0));
  for (size_t start = 0; start <= wanted.target.size();) {
    const size_t end = std::min(wanted.target.find('/', start), wanted.target.size());
    const std::string part = wanted.target.substr(start, end - start);
    if (mkdirat(at.get(), part.c_str(), 0700) != 0 && errno != EEXIST) {
      return fail("mkdir", "/" + wanted.target);
    }
    at = Fd(openat(at.get(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!at.valid()) {
      return fail("open", "/" + wanted.target);
    }
    start = end + 1;
  }
  auto attached = attach(wanted.mount.get(), at.get());
  return attached ? ok() : Status(fail_with(attached.error().code, "mount", "/" + wanted.target));
}

Status mount_inside(const Spec& spec, int root) {
  BERTH_TRY(mount_new(root, "dev", {"tmpfs", {{"mode", "755"}, {"size", "1m"}}, MOUNT_ATTR_NOSUID}));
  if (spec.system) {
    BERTH_TRY(mount_new(root, "run",
                        {"tmpfs", {{"mode", "755"}, {"size", "64m"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV}));
    BERTH_TRY(mount_new(root, "tmp", {"tmpfs", {{"mode", "1777"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV}));
  }
  struct stat cgroups = {};
  if (owns(spec, "cgroup") && fstatat(root, "sys/fs/cgroup", &cgroups, AT_SYMLINK_NOFOLLOW) == 0) {
    // Root of the host could raise its own limits there; a system's init has to make groups.
    const uint64_t read_only = with_host(spec, "user") && !spec.system ? MOUNT_ATTR_RDONLY : 0;
    BERTH_TRY(
        mount_new(root, "sys/fs/cgroup",
                  {"cgroup2", {}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | read_only}));
  }
  auto dev = open_inside(root, "dev", O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!dev) {
    return dev.error();
  }
  return fill_dev(spec, dev->get());
}

// `root` is a mount of the namespace that this one was copied from: the working directory leads to its copy
// here. As every copied mount it is locked, which pivot_root refuses; a copy of the whole tree on top of it
// is not, while the mounts inside it stay so.
Result<Fd> take_namespace(int root) {
  if (fchdir(root) != 0) {
    return fail("chdir", "/");
  }
  if (unshare(CLONE_NEWNS) != 0) {
    return fail("unshare");
  }
  auto tree = copy_tree(AT_FDCWD, "", true);
  if (!tree) {
    return tree.error();
  }
  const Fd place(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place.valid()) {
    return fail("open", "/");
  }
  BERTH_TRY(attach(tree->get(), place.get()));
  return tree;
}

Status leave_host(int root) {
  if (fchdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0) {
    return fail("pivot_root", "/");
  }
  if (umount2(".", MNT_DETACH) != 0) {
    return fail("umount", "/");
  }
  if (chdir("/") != 0) {
    return fail("chdir", "/");
  }
  return ok();
}

}  // namespace

Result<Fd> open_terminal(const char* dev_pts, Fd& peer) {
  const Fd folder(open(dev_pts, O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct statfs facts = {};
  if (!folder.valid() || fstatfs(folder.get(), &facts) != 0) {
    return fail("open", dev_pts);
  }
  Fd master(openat(folder.get(), "ptmx", O_RDWR | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC));
  struct stat node = {};
  if (!master.valid() || fstat(master.get(), &node) != 0) {
    return fail("open", std::string(dev_pts) + "/ptmx");
  }
  if (facts.f_type != DEVPTS_SUPER_MAGIC || !S_ISCHR(node.st_mode) || node.st_rdev != makedev(5, 2)) {
    return fail_with(ENODEV, "open a terminal", std::string(dev_pts) + "/ptmx");
  }
  const int unlocked = 0;
  if (ioctl(master.get(), TIOCSPTLCK, &unlocked) != 0) {
    return fail("unlock a terminal", dev_pts);
  }
  peer = Fd(ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!peer.valid()) {
    return fail("open a terminal", dev_pts);
  }
  return master;
}

Result<Fd> enter_root(const Spec& spec, const GuestRoot& root, Fd& peer) {
  auto tree = take_namespace(root.top.get());
  if (!tree) {
    return tree.error();
  }
  BERTH_TRY(mount_inside(spec, tree->get()));
  for (const auto& one : root.inside) {
    BERTH_TRY(put(tree->get(), one));
  }
  BERTH_TRY(leave_host(tree->get()));
  auto master = open_terminal("/dev/pts", peer);
  if (!master) {
    return master;
  }
  auto console = copy_tree(peer.get(), "", false);
  const Fd dev(open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!console || !dev.valid()) {
    return fail("bind", "/dev/console");
  }
  BERTH_TRY(bind_file(dev.get(), "console", console->get()));
  return master;
}

}  // namespace berth
